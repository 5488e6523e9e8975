"""A sign-in service's public keys at an address which answers, drips, stalls or refuses; and strangers."""

from __future__ import annotations

import base64
import json
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any, Literal, NamedTuple
from uuid import uuid4

import anyio
import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm

from tests import slow_server

Manner = Literal["answer", "drip", "stall", "refuse"]


@dataclass
class SignInServer:
    """What it publishes and how it answers; how many fetches there were, and how many at one time."""

    published: list[dict[str, Any]]
    manner: Manner = "answer"
    url: str = ""
    fetches: int = 0
    at_one_time: int = 0
    fetched: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)
    _under_way: int = 0
    _lock: Lock = field(default_factory=Lock)

    def answer(self, peer: socket.socket) -> None:
        """Answer one connection; a stalled one when it is released."""
        with self._lock:
            self.fetches += 1
            self._under_way += 1
            self.at_one_time = max(self.at_one_time, self._under_way)
        self.fetched.set()
        try:
            self._answer(peer)
        finally:
            with self._lock:
                self._under_way -= 1

    def _answer(self, peer: socket.socket) -> None:
        if self.manner == "refuse":
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if self.manner == "drip":
            slow_server.drip(slow_server.LONG)(peer)
        while self.manner == "stall" and not self.released.wait(0.02):
            if _is_closed(peer):
                return
        body = json.dumps({"keys": self.published}).encode()
        peer.sendall(slow_server.HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def _is_closed(peer: socket.socket) -> bool:
    """Whether the other side gave up."""
    try:
        return peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False


@contextmanager
def serve(published: list[dict[str, Any]], manner: Manner = "answer") -> Iterator[SignInServer]:
    """Serve keys at ``url``."""
    server = SignInServer(published, manner)
    with slow_server.serve(server.answer) as (address, _):
        server.url = f"{address}/keys"
        try:
            yield server
        finally:
            server.released.set()


def jwk(key: RSAPrivateKey, key_id: str) -> dict[str, Any]:
    """A key as it is published."""
    return RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": key_id, "alg": "RS256", "use": "sig"}


def made_up_token() -> str:
    """A stranger's token, under a key id that nobody has."""
    header = json.dumps({"alg": "RS256", "typ": "JWT", "kid": uuid4().hex}).encode()
    return f"{base64.urlsafe_b64encode(header).decode().rstrip('=')}.e30.AAAA"


class Answered(NamedTuple):
    """One answer: its status, and how long it took."""

    status: int
    seconds: float


@contextmanager
def strangers(url: str, count: int, every_s: float) -> Iterator[list[int]]:
    """So many at one time send made-up tokens, each again and again; the statuses of the answers."""
    answered: list[int] = []
    ended = Event()

    async def stranger(client: httpx.AsyncClient, first_s: float) -> None:
        await anyio.sleep(first_s)
        while not ended.is_set():
            answer = await client.get(url, headers={"Authorization": f"Bearer {made_up_token()}"})
            answered.append(answer.status_code)
            await anyio.sleep(every_s)

    async def all_of_them() -> None:
        limits = httpx.Limits(max_connections=count)
        async with (
            httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client,
            anyio.create_task_group() as group,
        ):
            for number in range(count):
                group.start_soon(stranger, client, every_s * number / count)

    thread = Thread(target=anyio.run, args=(all_of_them,))
    thread.start()
    try:
        yield answered
    finally:
        ended.set()
        thread.join()


@contextmanager
def measured(url: str, every_s: float, headers: dict[str, str] | None = None) -> Iterator[list[Answered]]:
    """One asks again and again, beside all others; each answer's status and seconds."""
    answered: list[Answered] = []
    ended = Event()

    def measure() -> None:
        with httpx.Client(timeout=60, trust_env=False) as client:
            while not ended.is_set():
                began = time.monotonic()
                status = client.get(url, headers=headers).status_code
                answered.append(Answered(status, time.monotonic() - began))
                ended.wait(every_s)

    thread = Thread(target=measure)
    thread.start()
    try:
        yield answered
    finally:
        ended.set()
        thread.join()
