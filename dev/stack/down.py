"""`python -m stack.down`: stop the demo of the state folder, or what a killed one left."""

from __future__ import annotations

import os
import time
from pathlib import Path

from stack.processes import Register, stop_all
from stack.state_dir import StateDir, holder, locked
from stack.supervisor import GRACE_S

STOP_S = 60.0
POLL_S = 0.1


def main() -> None:
    """Signal a running demo to stop; then end what is left."""
    state = StateDir(Path(os.environ.get("STATE_DIR", ".state")).resolve())
    if not state.root.exists():
        return
    if demo := holder(state):
        demo.terminate()
    deadline = time.monotonic() + STOP_S
    while holder(state) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    with locked(state, print):
        stop_all(Register(state.root), GRACE_S, print)


if __name__ == "__main__":
    main()
