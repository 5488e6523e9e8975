"""TCP ports of this machine, all on 127.0.0.1."""

from __future__ import annotations

import socket

from stack.errors import StackError

HOST = "127.0.0.1"


def choose(setting: str, named: int | None, preferred: int) -> int:
    """The port a person named in ``setting``, else the preferred one, else any free one.

    Raises:
        StackError: The named port is taken.
    """
    if named is not None:
        if not is_free(named):
            raise StackError(f"Port {named} is taken: set {setting} to a free port, or leave it unset")
        return named
    return preferred if is_free(preferred) else any_free()


def is_free(port: int) -> bool:
    """True when nobody answers there and a server can listen now.

    Both are tested: macOS allows binding 127.0.0.1 beside a server that listens on every address.
    """
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """A port that the system says is free."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
