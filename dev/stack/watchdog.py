"""Ends what a killed supervisor leaves: `python -m stack.watchdog STATE_DIR`, started by the supervisor.

Its standard input is a pipe whose other end only the supervisor holds. The pipe closes when the
supervisor ends, in whatever way, and then every part of the state folder is stopped.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from stack.processes import Register, stop_all

GRACE_S = 3.0


def main() -> None:
    """Wait for the supervisor's end, then stop what is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    stop_all(Register(Path(sys.argv[1])), GRACE_S, say=lambda _: None)


if __name__ == "__main__":
    main()
