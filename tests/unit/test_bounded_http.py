"""An answer is over in time and never too large, whatever the other side does."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests

from orchestrator.bounded_http import AnswerTooLarge, bounded_session
from tests import slow_server
from tests.slow_server import HEAD, drip

Serve = Callable[[Callable[[socket.socket], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Answer every connection with a function; the server's URL."""
    with ExitStack() as servers:
        yield lambda answer: f"{servers.enter_context(slow_server.serve(answer))[0]}/"


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"", id="the status line"),
        pytest.param(HEAD + b"X-Slow: ", id="a header"),
        pytest.param(HEAD + b"Content-Length: 100000\r\n\r\n", id="the body"),
        pytest.param(HEAD + b"\r\n", id="a body without an end"),
    ],
)
def test_an_answer_that_drips_ends_at_the_deadline(serve: Serve, first: bytes):
    url = serve(drip(first))
    began = time.monotonic()

    with pytest.raises(requests.RequestException):
        bounded_session(total_s=0.6).get(url, timeout=(5, 30))

    assert 0.5 < time.monotonic() - began < 5


def test_silence_ends_at_the_deadline(serve: Serve):
    url = serve(lambda _peer: time.sleep(20))
    began = time.monotonic()

    with pytest.raises(requests.RequestException):
        bounded_session(total_s=0.4).get(url, timeout=(5, 30))

    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param(b"", b"a" * 3_000_000, id="plain"),
        pytest.param(b"Content-Encoding: gzip\r\n", gzip.compress(b"a" * 300_000_000, 1), id="packed"),
    ],
)
def test_an_answer_over_the_limit_is_not_read_to_its_end(serve: Serve, headers: bytes, body: bytes):
    url = serve(lambda peer: peer.sendall(HEAD + headers + b"\r\n" + body))

    with pytest.raises(AnswerTooLarge):
        bounded_session(total_s=30, max_bytes=1_000_000).get(url, timeout=(5, 30))


def test_an_answer_on_the_limit_is_whole(serve: Serve):
    url = serve(lambda peer: peer.sendall(HEAD + b"\r\n" + b"a" * 1_000_000))

    answer = bounded_session(total_s=30, max_bytes=1_000_000).get(url, timeout=(5, 30))

    assert len(answer.content) == 1_000_000


def test_a_redirect_is_no_answer(serve: Serve):
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    url = serve(lambda peer: peer.sendall(moved))

    with pytest.raises(requests.TooManyRedirects):
        bounded_session(total_s=5).get(url, timeout=5)


def test_a_connection_is_used_again_with_a_deadline_of_its_own(serve: Serve):
    def answer(peer: socket.socket) -> None:
        while True:
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            if not peer.recv(65536):
                return

    url = serve(answer)
    session = bounded_session(total_s=1.0)
    for _ in range(3):
        assert session.get(url, timeout=5).json() == {}
        time.sleep(0.5)
