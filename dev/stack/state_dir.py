"""The state folder: all files the demo makes, and the lock that reserves it for one demo."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from stack.errors import StackError
from stack.processes import SAME_START_S

GUARDIAN_WAIT_S = 30.0
POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class StateDir:
    """The folders below the state folder. All absolute."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The embedded database's folder."""
        return self.root / "postgres"

    @property
    def airflow(self) -> Path:
        """AIRFLOW_HOME."""
        return self.root / "airflow"

    @property
    def logs(self) -> Path:
        """One file a part."""
        return self.root / "logs"

    def make(self) -> None:
        """Make the folders."""
        for folder in (self.root, self.airflow, self.logs):
            folder.mkdir(parents=True, exist_ok=True)

    def secret(self, name: str, make: Callable[[], str]) -> str:
        """A secret made once and stored, readable by its owner alone."""
        path = self.root / "secrets" / name
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            unfinished = path.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            with open(unfinished, "x", opener=owner_only) as file:
                file.write(make())
            unfinished.rename(path)
        return path.read_text()


def owner_only(path: str, flags: int) -> int:
    """Open a file that nobody else may read; an ``opener`` of ``open``."""
    return os.open(path, flags, mode=0o600)


@contextmanager
def locked(state: StateDir, say: Callable[[str], None]) -> Iterator[int]:
    """Hold the state folder for this process; gives the lock's file descriptor.

    A descriptor handed to a child holds the lock until that child ends too.

    Raises:
        StackError: Another demo runs on this folder.
    """
    with (state.root / "lock").open("a+") as file:
        _take(file.fileno(), state, say)
        file.truncate(0)
        me = psutil.Process()
        file.write(json.dumps([me.pid, me.create_time()]))
        file.flush()
        yield file.fileno()


def _take(descriptor: int, state: StateDir, say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + GUARDIAN_WAIT_S
    while not _try_lock(descriptor):
        if holder(state) or time.monotonic() > deadline:
            raise StackError(
                f"Another demo runs on {state.root}: stop it, or set STATE_DIR to another folder for this one"
            )
        if time.monotonic() < deadline - GUARDIAN_WAIT_S + POLL_S:
            say("waiting for what a killed demo left to stop")
        time.sleep(POLL_S)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        if problem.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        raise
    return True


def holder(state: StateDir) -> psutil.Process | None:
    """The process that wrote itself into the lock file, while it runs."""
    with suppress(OSError, ValueError, psutil.Error):
        pid, started_at = json.loads((state.root / "lock").read_text())
        process = psutil.Process(pid)
        same = abs(process.create_time() - started_at) <= SAME_START_S
        if same and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
