"""The file by which the command line of this checkout finds a running demo."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from orchestrator.settings import DEMO_FILE
from stack.state_dir import owner_only


@contextmanager
def settings_file(state_dir: Path, variables: Mapping[str, str]) -> Iterator[Path]:
    """Keep the variables in the state folder, for their owner alone and no longer than this process lives.

    Complete before it is locked, and removed at the end: ``orchestrator.settings`` reads a locked file only.
    """
    path = state_dir / DEMO_FILE
    path.unlink(missing_ok=True)  # of a demo that was killed
    with open(path, "x", encoding="utf-8", opener=owner_only) as file:
        file.write(json.dumps(dict(variables), indent=2))
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)
