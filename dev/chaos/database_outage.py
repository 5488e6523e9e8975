"""Postgres dies in the middle of a run (an immediate shutdown) and comes back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psutil

from chaos import worker
from chaos.end_states import end_of
from chaos.kill_points import FIRST, LATER, NOW, Undisturbed, job
from chaos.scenarios import Part
from chaos.seed import Place, settle_in
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
    ground: Workbench, parts: Sequence[Part], references: dict[str, Undisturbed], at_write: int, seed: int
) -> Loss:
    """Kill Postgres when everyone stands before the answer of a write, then let them go on.

    The answers are there and nothing can be committed. Postgres is started again and the same run
    is tried again, as Airflow does, then two more runs follow.
    """
    place = settle_in(ground, parts, NOW, seed)
    step = _step_of(parts, references)
    points = {r.account.access_token: Point(at_write, "before the answer") for r in place.residents.values()}
    _must(worker.run(job(place, FIRST, steps=TASKS[: TASKS.index(step)], closes=False)))
    stopped = worker.Worker(job(place, FIRST, steps=(step,), closes=False, points=points, lets_go=True))
    stopped.wait_until_held()
    crash(ground)
    stopped.let_go()
    broken = stopped.finish()
    restart(ground)
    rows(place.dsn, "update user_leases set busy_until = null, expires_at = clock_timestamp()")
    again = [worker.run(job(place, FIRST)), *(worker.run(job(place, key)) for key in LATER)]
    found = [*_oddities(broken, again), *_problems(place, parts, references)]
    ground.drop_database(place.dsn)
    return Loss(at_write, len(parts), tuple(found))


def crash(ground: Workbench) -> None:
    """End Postgres at once, as a crash does: SIGQUIT to its first process."""
    part = next(p for p in ground.supervisor.running if p.name == "postgres")
    ground.supervisor.running.remove(part)
    process = psutil.Process(part.process.pid)
    os.kill(process.pid, signal.SIGQUIT)
    part.process.wait(END_S)


def restart(ground: Workbench) -> None:
    """Start Postgres again on the same data; it recovers from its log."""
    ground.postgres = postgres.start(ground.supervisor)


def _step_of(parts: Sequence[Part], references: dict[str, Undisturbed]) -> str:
    """The step in which these parts write first; the same for all."""
    steps = {next(s for s, n in references[p.person.name].writes.items() if n) for p in parts}
    (step,) = steps
    return step


def _oddities(broken: worker.Ended, again: Sequence[worker.Ended]) -> Iterator[str]:
    if not broken.problem and not broken.failed:
        yield "nobody noticed that the database was gone"
    for ended in again:
        if ended.problem or ended.failed:
            yield f"running again failed: {ended.problem or dict(ended.failed)}"


def _problems(place: Place, parts: Sequence[Part], references: dict[str, Undisturbed]) -> Iterator[str]:
    for part in parts:
        name = part.person.name
        end, wanted = end_of(place, place.residents[name]), references[name].last
        yield from (f"{name}: twice: {each}" for each in end.doubled)
        yield from (f"{name}: left open: {each}" for each in end.left_open)
        if end.tree != wanted.tree or end.objects != wanted.objects:
            yield f"{name}: it did not end as without the loss"
        if end.made != wanted.made:
            yield f"{name}: made {end.made - wanted.made}, not made {wanted.made - end.made}"


def _must(ended: worker.Ended) -> None:
    if ended.problem or ended.failed:
        raise RuntimeError(f"the run before failed: {ended.problem or dict(ended.failed)}")
