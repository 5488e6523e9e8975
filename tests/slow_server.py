"""A server that answers as it likes: byte by byte, without an end, or not at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LONG = HEAD + b"Content-Length: 100000\r\n\r\n"

AnswerPeer = Callable[[socket.socket], None]


def drip(first: bytes) -> AnswerPeer:
    """Answer with ``first`` and then a byte every now and then."""

    def answer(peer: socket.socket) -> None:
        peer.sendall(first)
        while not threading.Event().wait(0.05):
            peer.sendall(b" ")

    return answer


@contextmanager
def serve(answer: AnswerPeer) -> Iterator[tuple[str, list[socket.socket]]]:
    """Answer every connection; the server's URL and the connections so far, which end with it."""
    peers: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run(peer: socket.socket) -> None:
            with peer:
                try:
                    peer.recv(65536)
                    answer(peer)
                except OSError:
                    return

        def accept() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                peers.append(peer)
                threading.Thread(target=run, args=(peer,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", peers
        finally:
            server.shutdown(socket.SHUT_RDWR)
    for peer in peers:
        peer.close()
