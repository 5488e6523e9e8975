"""Starts the parts of one state folder, watches them, and ends them all when it ends, in whatever way."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psutil

from stack.errors import StackError
from stack.paths import PYTHON_PATH
from stack.processes import MARK, Part, Register, stop_all
from stack.state_dir import StateDir, locked

GRACE_S = 3.0  # each order; nothing of a demo is worth a longer wait
POLL_S = 0.05
PARENT_POLL_S = 0.5
FULL_DISK = "No space left on device"

Say = Callable[[str], None]


class StopRequested(BaseException):
    """A signal stopped the supervisor. Not an Exception: nothing on the way out may swallow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program to start. ``user``: the user to run as, for root only. A lower ``order`` ends first."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    user: pwd.struct_passwd | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    order: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """A started part and where it writes what it has to say."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self, lines: int = 3) -> str:
        """The end of the part's log, in one line."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return " | ".join(line.strip() for line in text.splitlines()[-lines:] if line.strip())


@dataclass
class Supervisor:
    """Made by :func:`supervise`; the parts end with it."""

    state: StateDir
    say: Say
    register: Register
    running: list[Running] = field(default_factory=list)

    def start(self, command: Command) -> Running:
        """Start one part in a session of its own, writing to ``logs/NAME.log``."""
        log = self.state.logs / f"{command.name.replace(' ', '-')}.log"
        user = command.user
        with log.open("wb") as output:
            process = subprocess.Popen(
                command.arguments,
                env={**command.environment, MARK: str(self.state.root)},
                cwd=self.state.logs,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user and user.pw_uid,
                group=user and user.pw_gid,
                extra_groups=user and [],
            )
        started_at = psutil.Process(process.pid).create_time()
        self.register.add(
            Part(command.name, process.pid, started_at, int(command.stop_signal), command.order)
        )
        self.running.append(Running(command.name, process, log))
        return self.running[-1]

    def wait_until_done(self, part: Running, timeout_s: float) -> None:
        """Wait for a part that is meant to end by itself.

        Raises:
            StackError: It failed or took too long, or another part ended.
        """
        self.running.remove(part)
        self.wait_for(f"The {part.name}", lambda: part.process.poll() is not None, timeout_s)
        if part.process.returncode:
            raise ended(part)

    def check(self) -> None:
        """Raise when a part has ended by itself.

        Raises:
            StackError: Names the part, how it ended, its last words and its log.
        """
        for part in self.running:
            if part.process.poll() is not None:
                raise ended(part)

    def wait_for(self, what: str, is_ready: Callable[[], bool], timeout_s: float) -> None:
        """Poll ``is_ready`` until it is true, as long as every part lives.

        Raises:
            StackError: A part ended, or the time is up.
        """
        deadline = time.monotonic() + timeout_s
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise StackError(f"{what} did not get ready in {timeout_s:.0f} s; see {self.state.logs}")
            time.sleep(POLL_S)


def ended(part: Running) -> StackError:
    """The error for a part that ended by itself."""
    words = part.last_words()
    if FULL_DISK in words:
        return StackError(f"The disk of {part.log.parent.parent} is full: free some space and start again")
    code = part.process.returncode
    return StackError(f"The {part.name} ended by itself (exit {code}): {words or 'no words'}; see {part.log}")


@contextmanager
def supervise(state: StateDir, say: Say) -> Iterator[Supervisor]:
    """Lock the state folder, clean up after a kill, and end every part on the way out.

    SIGTERM and SIGHUP end it like Ctrl-C, and so does the death of the `make` that started this process.

    Raises:
        StackError: Another demo runs on the folder.
    """
    state.make()
    register = Register(state.root)
    with locked(state, say) as lock, _ended_by_signals():
        if stop_all(register, GRACE_S, say):
            say("cleaned up after a demo that was killed")
        guardian = _start_guardian(state, lock)
        supervisor = Supervisor(state, say, register)
        try:
            yield supervisor
        finally:
            with _deaf():
                stop_all(register, GRACE_S, say)
                for part in supervisor.running:
                    part.process.wait()
                guardian.communicate()


def _start_guardian(state: StateDir, lock: int) -> subprocess.Popen[bytes]:
    """Start the process that outlives this one just long enough to clean up; it shares the lock."""
    with (state.logs / "guardian.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "stack.watchdog", str(state.root)],
            env={**os.environ, "PYTHONPATH": PYTHON_PATH},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock,),
        )


def _request_stop(number: int, _frame: FrameType | None) -> None:
    raise StopRequested(signal.Signals(number).name)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread receives signals
        return
    before = {number: signal.signal(number, _request_stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    if "MAKELEVEL" in os.environ:
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_with_parent(parent: int) -> None:
    """A killed `make` cannot pass its end on, so its death is looked for."""
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_S)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _deaf() -> Iterator[None]:
    """While the parts are being stopped, a second Ctrl-C must not leave half of them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
