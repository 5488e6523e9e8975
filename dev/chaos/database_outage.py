"""Postgres dies in the middle of a run (an immediate shutdown) and comes back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil

from chaos import worker
from chaos.end_states import end_of
from chaos.kill_points import FIRST, LATER, NOW, Reference, job
from chaos.scenarios import ScenarioUser
from chaos.seed import SeededWorld, seed_world
from chaos.workbench import Workbench, rows
from chaos.write_hooks import Point
from orchestrator.domain.steps import TASKS
from stack import postgres

END_S = 30.0


@dataclass(frozen=True, slots=True)
class Loss:
    """Postgres lost at the n-th write of every user, and what was wrong with the end."""

    at_write: int
    users: int
    problems: tuple[str, ...]


def lose(
    workbench: Workbench,
    scenario_users: Sequence[ScenarioUser],
    references: dict[str, Reference],
    at_write: int,
    seed: int,
) -> Loss:
    """Kill Postgres when all users are held before the answer of a write, then release them.

    The answers are there and nothing can be committed. Postgres is started again and the same run
    is tried again, as Airflow does, then two more runs follow.
    """
    world = seed_world(workbench, scenario_users, NOW, seed)
    step = _step_of(scenario_users, references)
    points = {r.account.access_token: Point(at_write, "before the answer") for r in world.seeded.values()}
    _must(worker.run(job(world, FIRST, steps=TASKS[: TASKS.index(step)], closes=False)))
    stopped = worker.Worker(job(world, FIRST, steps=(step,), closes=False, points=points, resumes=True))
    stopped.wait_until_held()
    crash(workbench)
    stopped.release()
    broken = stopped.finish()
    restart(workbench)
    rows(world.dsn, "update user_leases set busy_until = null, expires_at = clock_timestamp()")
    again = [worker.run(job(world, FIRST)), *(worker.run(job(world, key)) for key in LATER)]
    found = [*_oddities(broken, again), *_problems(world, scenario_users, references)]
    workbench.drop_database(world.dsn)
    return Loss(at_write, len(scenario_users), tuple(found))


def crash(workbench: Workbench) -> None:
    """End Postgres at once, as a crash does: SIGQUIT to its first process."""
    user = next(p for p in workbench.supervisor.running if p.name == "postgres")
    workbench.supervisor.running.remove(user)
    process = psutil.Process(user.process.pid)
    os.kill(process.pid, signal.SIGQUIT)
    user.process.wait(END_S)


def restart(workbench: Workbench) -> None:
    """Start Postgres again on the same data; it recovers from its log."""
    workbench.postgres = postgres.start(workbench.supervisor)


def _step_of(scenario_users: Sequence[ScenarioUser], references: dict[str, Reference]) -> str:
    """The step in which these users write first; the same for all."""
    steps = {next(s for s, n in references[p.person.name].writes.items() if n) for p in scenario_users}
    (step,) = steps
    return step


def _oddities(broken: worker.WorkerResult, again: Sequence[worker.WorkerResult]) -> Iterator[str]:
    if not broken.problem and not broken.failed:
        yield "nobody noticed that the database was gone"
    for ended in again:
        if ended.problem or ended.failed:
            yield f"running again failed: {ended.problem or dict(ended.failed)}"


def _problems(
    world: SeededWorld, scenario_users: Sequence[ScenarioUser], references: dict[str, Reference]
) -> Iterator[str]:
    for user in scenario_users:
        name = user.person.name
        end, wanted = end_of(world, world.seeded[name]), references[name].last
        yield from (f"{name}: twice: {each}" for each in end.doubled)
        yield from (f"{name}: left open: {each}" for each in end.left_open)
        if end.tree != wanted.tree or end.objects != wanted.objects:
            yield f"{name}: it did not end as without the loss"
        if end.made != wanted.made:
            yield f"{name}: made {end.made - wanted.made}, not made {wanted.made - end.made}"


def _must(ended: worker.WorkerResult) -> None:
    if ended.problem or ended.failed:
        raise RuntimeError(f"the run before failed: {ended.problem or dict(ended.failed)}")
