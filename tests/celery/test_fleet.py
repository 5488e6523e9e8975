"""The demo's fleet through two workers; and through one, when the other is killed in the middle."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from chaos.end_states import End
from stack.processes import Part, members_of, signal_to
from stack.supervisor import Running
from tests.celery.conftest import Yard

STEP = "per_batch.check_learning_campaigns"  # the one with the most writes
FORBIDDEN = (
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
    "AIRFLOW__CORE__FERNET_KEY",
    "AIRFLOW__API__SECRET_KEY",
    "AIRFLOW__API_AUTH__JWT_SECRET",
)


@pytest.fixture(scope="module")
def undisturbed(yard: Yard) -> dict[str, End]:
    """How a run ends that nobody disturbs."""
    members = yard.begin()
    run_id = yard.ask(members)
    assert yard.ended(run_id) == "success"
    assert {task["try_number"] for task in yard.tasks(run_id)} == {1}
    return yard.ends(members)


def processes(worker: Running) -> list[psutil.Process]:
    """A worker and everyone it started, the tasks under way among them."""
    started_at = psutil.Process(worker.process.pid).create_time()
    return members_of(Part(worker.name, worker.process.pid, started_at))


def secrets_of_airflow(yard: Yard) -> list[str]:
    """What a worker may not know, whatever it is called."""
    return [yard.running.airflow_database_url, *(yard.running.environment[name] for name in FORBIDDEN)]


def test_the_fleet_goes_through_the_workers(yard: Yard, undisturbed: dict[str, End]):
    assert all(not end.left_open and not end.doubled for end in undisturbed.values())
    assert sum(len(end.actions) for end in undisturbed.values()) > 0


@pytest.mark.parametrize("name", ["ann", "ben"])
def test_no_process_of_a_worker_was_given_a_key_or_the_database_of_airflow(yard: Yard, name: str):
    assert_ignorant(yard, processes(yard.workers[name]))


def assert_ignorant(yard: Yard, everyone: list[psutil.Process]) -> None:
    """Each process's environment names the api-server, and nothing that opens Airflow's database."""
    environments = list(given_to(everyone))
    assert len(environments) > 1
    for given in environments:
        assert given["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].endswith("/execution/")
        assert not given.keys() & set(FORBIDDEN)
        assert not [s for s in secrets_of_airflow(yard) if any(s in value for value in given.values())]


def given_to(everyone: list[psutil.Process]) -> Iterator[dict[str, str]]:
    """The environment of each, as /proc has it; of one that has ended meanwhile, none."""
    for process in everyone:
        with suppress(psutil.NoSuchProcess):
            yield process.environ()


def test_a_worker_killed_in_the_middle_changes_nothing_of_the_end(yard: Yard, undisturbed: dict[str, End]):
    members = yard.begin()
    run_id = yard.ask(members)
    victim = yard.workers["ann"]
    supervisor = yard.running.supervisor
    supervisor.wait_for("A write of ann's", lambda: yard.writes() > 0 and caught(yard, victim, run_id), 300)
    kill(yard, victim)

    assert yard.ended(run_id) == "success"

    tries = Counter(task["try_number"] for task in yard.tasks(run_id))
    assert sum(n for number, n in tries.items() if number > 1) >= 1  # what was killed was tried again
    now = yard.ends(members)
    for name, end in undisturbed.items():
        assert (now[name].tree, now[name].objects) == (end.tree, end.objects)
        assert now[name].log == end.log
        assert (now[name].left_open, now[name].doubled) == ((), ())


def caught(yard: Yard, victim: Running, run_id: str) -> bool:
    """True when the worker stands still in the middle of the step; otherwise it goes on."""
    if not in_the_step(yard, victim, run_id):
        return False
    everyone = processes(victim)
    for process in everyone:
        signal_to(process, signal.SIGSTOP)
    if in_the_step(yard, victim, run_id):
        return True
    for process in everyone:
        signal_to(process, signal.SIGCONT)
    return False


def in_the_step(yard: Yard, worker: Running, run_id: str) -> bool:
    """True when Airflow says that a task of the step runs in one of the worker's processes."""
    mine = {process.pid for process in processes(worker)}
    tasks = yard.tasks(run_id)
    return any(t["task_id"] == STEP and t["state"] == "running" and t["pid"] in mine for t in tasks)


def kill(yard: Yard, victim: Running) -> None:
    """As when the machine goes: nobody of the worker's has another instruction."""
    yard.running.supervisor.running.remove(victim)  # its end is no accident
    everyone = processes(victim)
    assert_ignorant(yard, everyone)
    for process in everyone:
        signal_to(process, signal.SIGKILL)
    victim.process.wait()
    psutil.wait_procs(everyone, timeout=30)
