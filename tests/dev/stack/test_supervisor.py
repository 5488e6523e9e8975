from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from stack.errors import StackError
from stack.paths import PYTHON_PATH
from stack.processes import Part, Register, stop_all
from stack.state_dir import StateDir
from stack.supervisor import Command, supervise
from tests.dev.stack.conftest import StartSupervised


def quiet(_line: str) -> None:
    pass


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        pytest.param(signal.SIGINT, "polite", id="Ctrl-C"),
        pytest.param(signal.SIGHUP, "polite", id="closed terminal"),
        pytest.param(signal.SIGTERM, "stubborn", id="kill"),
        pytest.param(signal.SIGKILL, "stubborn", id="kill -9"),
    ],
)
def test_a_signal_to_the_supervisor_leaves_nothing_behind(
    start_supervised: StartSupervised, number: signal.Signals, parts: str
) -> None:
    demo = start_supervised(parts)

    demo.process.send_signal(number)

    assert demo.all_gone()


def test_an_error_in_the_demo_leaves_nothing_behind(start_supervised: StartSupervised) -> None:
    demo = start_supervised("raise")

    assert demo.all_gone()
    assert demo.process.returncode == 1


def test_a_supervisor_whose_make_was_killed_ends(start_supervised: StartSupervised, state_dir: Path) -> None:
    program = [sys.executable, str(Path(__file__).with_name("supervised.py")), str(state_dir)]
    make = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run({program!r})"],
        env={**os.environ, "PYTHONPATH": PYTHON_PATH, "MAKELEVEL": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    make.stdout.readline()
    everyone = psutil.Process(make.pid).children(recursive=True)

    make.kill()
    make.communicate()

    _, alive = psutil.wait_procs(everyone, timeout=30)
    assert not alive


def test_the_next_start_ends_what_a_kill_of_everything_left(
    start_supervised: StartSupervised, state_dir: Path
) -> None:
    killed = start_supervised()
    guardian = [p for p in killed.everyone if "stack.watchdog" in p.cmdline()]
    os.kill(killed.process.pid, signal.SIGSTOP)
    for process in guardian:
        process.kill()
    killed.process.kill()
    killed.process.wait()
    parts = [p for p in killed.everyone if p not in guardian]
    assert all(p.is_running() for p in parts)

    with supervise(StateDir(state_dir), quiet):
        _, alive = psutil.wait_procs(parts, timeout=30)

    assert not alive


def test_a_part_that_was_never_recorded_is_ended_too(
    start_supervised: StartSupervised, state_dir: Path
) -> None:
    killed = start_supervised()
    Register(state_dir).clear()
    killed.process.kill()

    assert killed.all_gone()


def test_a_process_id_that_belongs_to_someone_else_is_left_alone(state_dir: Path) -> None:
    state_dir.mkdir()
    someone = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    started_at = psutil.Process(someone.pid).create_time()
    register = Register(state_dir)
    register.add(Part("a part of last week", someone.pid, started_at - 60))

    stopped = stop_all(register, grace_s=1, say=quiet)

    assert (stopped, someone.poll()) == (0, None)
    someone.kill()
    someone.wait()


def test_a_line_that_a_kill_cut_short_is_passed_over(state_dir: Path) -> None:
    state_dir.mkdir()
    register = Register(state_dir)
    register.add(Part("whole", 1, 2.0))
    with register.path.open("a") as file:
        file.write('{"name": "cut sho')

    assert register.parts() == [Part("whole", 1, 2.0)]


def test_a_second_demo_on_one_folder_is_told_so(start_supervised: StartSupervised, state_dir: Path) -> None:
    start_supervised()

    told = pytest.raises(StackError, match=r"Another demo runs on .*state: stop it, or set STATE_DIR")
    with told, supervise(StateDir(state_dir), quiet):
        pass


def test_a_part_that_ends_by_itself_is_named_with_its_last_words(state_dir: Path) -> None:
    code = "import sys; print('no such option'); sys.exit(3)"
    command = Command(name="worker", arguments=[sys.executable, "-c", code], environment=dict(os.environ))

    with supervise(StateDir(state_dir), quiet) as supervisor:
        supervisor.start(command)
        with pytest.raises(StackError, match=r"The worker ended by itself \(exit 3\): no such option; see"):
            supervisor.wait_for("The worker", lambda: False, 30)


def test_a_full_disk_is_one_line_of_its_own(state_dir: Path) -> None:
    code = "import sys; print('FATAL: No space left on device'); sys.exit(1)"
    command = Command(name="worker", arguments=[sys.executable, "-c", code], environment=dict(os.environ))

    with supervise(StateDir(state_dir), quiet) as supervisor:
        supervisor.start(command)
        with pytest.raises(
            StackError, match=r"^The disk of .*state is full: free some space and start again$"
        ):
            supervisor.wait_for("The worker", lambda: False, 30)


def test_a_secret_is_made_once_and_for_its_owner_only(state_dir: Path) -> None:
    state = StateDir(state_dir)
    state.make()

    first, second = state.secret("key", lambda: "made first"), state.secret("key", lambda: "made later")

    assert (first, second) == ("made first", "made first")
    assert (state_dir / "secrets" / "key").stat().st_mode & 0o777 == 0o600


def test_down_stops_a_running_demo(start_supervised: StartSupervised, state_dir: Path) -> None:
    demo = start_supervised()

    done = subprocess.run(
        [sys.executable, "-m", "stack.down"],
        env={**os.environ, "STATE_DIR": str(state_dir), "PYTHONPATH": PYTHON_PATH},
        check=False,
    )

    assert done.returncode == 0
    assert demo.all_gone()
