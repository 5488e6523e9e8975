"""Which processes belong to a state folder, and how they are ended.

Each part runs in a session of its own, so Ctrl-C in a terminal reaches only the supervisor, and a
part's session names all of its descendants, also after the part itself has died. A part is known by
its process id and start time: a number that the system gave to someone else is never touched.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

MARK = "ADS_ORCHESTRATOR_PART_OF"
SAME_START_S = 1.0  # two readings of one start time differ by the clock's adjustment, at most
KILL_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Part:
    """One started part. ``started_at``: seconds since 1970, as the system reports it.

    ``stop_signal`` ends the part in an orderly way; parts of a lower ``order`` end first.
    """

    name: str
    pid: int
    started_at: float
    stop_signal: int = int(signal.SIGTERM)
    order: int = 0


class Register:
    """The parts of one state folder, on disk: what the next start cleans up after a kill."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.path = state_dir / "processes.jsonl"

    def add(self, part: Part) -> None:
        """Write one more part down. One short line, appended: a kill leaves it whole or absent."""
        with self.path.open("a") as file:
            file.write(json.dumps(asdict(part)) + "\n")

    def parts(self) -> list[Part]:
        """All parts ever added, oldest first; a line that a full disk cut short is passed over."""
        if not self.path.exists():
            return []
        found = []
        for line in self.path.read_text().splitlines():
            with suppress(json.JSONDecodeError, TypeError):
                found.append(Part(**json.loads(line)))
        return found

    def clear(self) -> None:
        """Forget the parts, once they are gone."""
        self.path.unlink(missing_ok=True)


def stop_all(register: Register, grace_s: float, say: Callable[[str], None]) -> int:
    """End every process of the state folder: politely, order by order, then by force.

    Returns how many were still running. ``grace_s`` is the time given to each order.
    """
    parts = register.parts()
    parts += unrecorded(register, known={process.pid for part in parts for process in members_of(part)})
    stopped = 0
    for order in sorted({part.order for part in parts}):
        stopped += stop([part for part in parts if part.order == order], grace_s, say)
    register.clear()
    return stopped


def stop(parts: Iterable[Part], grace_s: float, say: Callable[[str], None]) -> int:
    """End some parts with all their descendants; return how many processes were running."""
    members = {part: members_of(part) for part in parts}
    everyone = [process for found in members.values() for process in found]
    for part, found in members.items():
        if found:
            say(f"stopping {part.name}")
        for process in found:
            if process.pid == part.pid:
                signal_to(process, part.stop_signal)
    leaders = [process for process in everyone if process.pid in {part.pid for part in members}]
    psutil.wait_procs(leaders, timeout=grace_s)
    late = {process for part in members for process in members_of(part)} | set(everyone)
    for process in late:
        signal_to(process, signal.SIGKILL)
    psutil.wait_procs(late, timeout=KILL_WAIT_S)
    return len(everyone)


def members_of(part: Part) -> list[psutil.Process]:
    """The part's process, if it still is that one, and everyone in its session."""
    leader = process_of(part)
    if leader is None and psutil.pid_exists(part.pid):
        return []  # the number belongs to someone else now
    if part.started_at < psutil.boot_time() - SAME_START_S:
        return []
    found = [] if leader is None else [leader, *descendants(leader)]
    return list({process.pid: process for process in [*found, *in_session(part)]}.values())


def process_of(part: Part) -> psutil.Process | None:
    """The part's own process while it runs."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(part.pid)
        same = abs(process.create_time() - part.started_at) <= SAME_START_S
        if same and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def descendants(process: psutil.Process) -> list[psutil.Process]:
    """Children and their children, also those in sessions of their own."""
    with suppress(psutil.NoSuchProcess):
        return list(process.children(recursive=True))
    return []


def in_session(part: Part) -> list[psutil.Process]:
    """Everyone in the session that the part led."""
    found = []
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError, psutil.Error):
            if pid != os.getpid() and os.getsid(pid) == part.pid:
                process = psutil.Process(pid)
                if process.create_time() >= part.started_at - SAME_START_S:
                    found.append(process)
    return found


def unrecorded(register: Register, known: set[int]) -> list[Part]:
    """Processes whose environment names this state folder: a kill can fall between start and record."""
    mine = str(register.state_dir)
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid not in known | {os.getpid()} and process.environ().get(MARK) == mine:
                found.append(Part("an unrecorded process", process.pid, process.create_time()))
    return found


def signal_to(process: psutil.Process, number: int) -> None:
    """Send a signal to a process that may have gone."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
