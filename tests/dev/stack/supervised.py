"""A small supervisor to be killed: `supervised.py STATE_DIR [postgres|stubborn] [raise]`.

It prints its parts' process ids and the database's URL, then waits.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from stack import postgres
from stack.state_dir import StateDir
from stack.supervisor import Command, Supervisor, supervise

POLITE = "import time; print('up', flush=True); time.sleep(600)"
# It does not go when asked, and has a child in another process group.
STUBBORN = (
    "import os, signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "if not os.fork(): os.setpgid(0, 0)\n"
    "print('up', os.getpid(), flush=True)\n"
    "time.sleep(600)\n"
)


def start_sleeper(supervisor: Supervisor, name: str, code: str, lines: int) -> None:
    part = supervisor.start(
        Command(name=name, arguments=[sys.executable, "-c", code], environment=dict(os.environ))
    )
    supervisor.wait_for(name, lambda: len(part.log.read_text().splitlines()) == lines, 30)


def main() -> None:
    # Whoever runs the tests in the background has Ctrl-C ignored, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    state = StateDir(Path(sys.argv[1]))
    with supervise(state, say=lambda line: print(line, file=sys.stderr, flush=True)) as supervisor:
        url = ""
        if "postgres" in sys.argv:
            url = postgres.start(supervisor).url("ads")
        if "stubborn" in sys.argv:
            start_sleeper(supervisor, "stubborn", STUBBORN, 2)
        start_sleeper(supervisor, "polite", POLITE, 1)
        print(json.dumps({"parts": [p.process.pid for p in supervisor.running], "url": url}), flush=True)
        if "raise" in sys.argv:
            raise RuntimeError("the demo broke")
        signal.pause()


if __name__ == "__main__":
    main()
