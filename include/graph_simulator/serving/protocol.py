"""uvicorn's HTTP protocol, with the connection in the scope so that a fault can cut it."""

from __future__ import annotations

import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class CuttableProtocol(HttpToolsProtocol):
    """As uvicorn's own; ``scope["transport"]`` is the connection."""

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope["transport"] = self.transport  # type: ignore[typeddict-unknown-key]


def cut(transport: Any, *, reset: bool) -> None:
    """Close a connection without an answer; with ``reset`` the peer sees "connection reset"."""
    raw = transport.get_extra_info("socket")
    if reset and raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
