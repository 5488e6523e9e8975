"""HTTP whose answers are bounded in time and size, whatever the other side does.

A time-out of ``requests`` is for one read of the socket: an answer that drips a byte a second never
reaches it. Here each call has one deadline, from the first byte sent to the last one received, and an
answer has a most size after it was unpacked. Redirects are not followed.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

MAX_ANSWER_BYTES = 64 * 2**20
_CHUNK_BYTES = 16 * 2**10  # a thousandfold when it unpacks: 16 MB more than the most


class AnswerTooLarge(requests.RequestException):
    """An answer is larger than may be; the rest of it was not read."""


class BoundedAdapter(HTTPAdapter):
    """A connection pool whose calls take at most ``total_s`` seconds and bring at most ``max_bytes``.

    Never retries: a write that was sent twice might be made twice.
    """

    def __init__(self, *, total_s: float, max_bytes: int = MAX_ANSWER_BYTES, connections: int = 10) -> None:
        self._total_s = total_s
        self._max_bytes = max_bytes
        super().__init__(pool_connections=2, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make pools whose connections know the deadline."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self._total_s)

    def proxy_manager_for(self, proxy: Any, **proxy_kwargs: Any) -> Any:
        """Make the same pools behind a proxy."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = _pool_classes(self._total_s)
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request and read its whole answer.

        Raises:
            requests.RequestException: no answer in time, or one that is too large.
        """
        kwargs["stream"] = True
        response = super().send(request, *args, **kwargs)
        response._content = self._read(response)  # noqa: SLF001 - where requests stores what was read
        response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001
        return response

    def _read(self, response: requests.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_content(_CHUNK_BYTES):
            size += len(part)
            if size > self._max_bytes:
                response.close()
                raise AnswerTooLarge(f"an answer of over {self._max_bytes} bytes")
            parts.append(part)
        return b"".join(parts)


def bounded_session(*, total_s: float, max_bytes: int = MAX_ANSWER_BYTES) -> requests.Session:
    """Make a session of bounded calls that follows no redirect."""
    session = requests.Session()
    adapter = BoundedAdapter(total_s=total_s, max_bytes=max_bytes)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.max_redirects = 0
    return session


def _pool_classes(total_s: float) -> Mapping[str, type[HTTPConnectionPool]]:
    class Plain(_Deadline, HTTPConnection):
        total = total_s

    class Secure(_Deadline, HTTPSConnection):
        total = total_s

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Deadline:
    """Mixed into a connection: each request on it gets a deadline, which its socket enforces."""

    total: float
    sock: Any

    def connect(self) -> None:
        """Connect, and read from then on through a socket that knows the deadline."""
        super().connect()  # type: ignore[misc]
        self.sock = _BoundedSocket(self.sock)

    def request(self, *args: Any, **kwargs: Any) -> None:
        """Send a request; its time begins now."""
        if self.sock is None:
            self.connect()
        self.sock.deadline = time.monotonic() + self.total
        super().request(*args, **kwargs)  # type: ignore[misc]


class _BoundedSocket:
    """A socket whose reads all end at ``deadline``."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self.deadline = float("inf")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)

    def makefile(self, *_args: Any, **_kwargs: Any) -> io.BufferedReader:
        """Read buffered, as ``http.client`` does."""
        return io.BufferedReader(_BoundedReader(self))

    def wait_at_most(self) -> None:
        """Set the time that the next read may take.

        Raises:
            TimeoutError: the deadline has passed.
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        timeout = self._plain.gettimeout()
        self._plain.settimeout(left if timeout is None else min(left, timeout))


class _BoundedReader(io.RawIOBase):
    def __init__(self, bounded: _BoundedSocket) -> None:
        self._bounded = bounded
        self._plain: socket.socket = bounded._plain  # noqa: SLF001 - the other half of the same thing
        # As socket.makefile: the descriptor stays open until both are closed.
        self._plain._io_refs += 1  # type: ignore[attr-defined]  # noqa: SLF001

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._bounded.wait_at_most()
        return self._plain.recv_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._plain._decref_socketios()  # type: ignore[attr-defined]  # noqa: SLF001
