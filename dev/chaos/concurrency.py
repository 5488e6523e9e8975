"""Two schedulers at once: the same batch of the same run, and two runs of the same users."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from chaos import worker
from chaos.end_states import end_of
from chaos.kill_points import FIRST, NOW, Reference, job
from chaos.scenarios import ScenarioUser
from chaos.seed import SeededWorld, seed_world
from chaos.workbench import Workbench, rows

Manner = Literal["one run", "two runs"]
MANNERS: tuple[Manner, ...] = get_args(Manner)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two workers at once on some users, and what was wrong with their end."""

    manner: Manner
    users: int
    writes: int
    problems: tuple[str, ...]


def meet(
    workbench: Workbench,
    scenario_users: Sequence[ScenarioUser],
    references: dict[str, Reference],
    manner: Manner,
    seed: int,
) -> Meeting:
    """Start two workers at once, wait for both, advance the clock, and run once more.

    ``one run``: a task beside its zombie. ``two runs``: a manual run beside the scheduled one. The
    end must be that of one run alone, and nothing may have been written twice.
    """
    world = seed_world(workbench, scenario_users, NOW, seed)
    keys = (FIRST, FIRST) if manner == "one run" else (FIRST, "beside it")
    both = [worker.Worker(job(world, key, closes=False)) for key in keys]
    ended = [each.finish() for each in both]
    rows(world.dsn, "update user_leases set busy_until = null, expires_at = clock_timestamp()")
    for run_key in ("next", "the one after"):
        worker.run(job(world, run_key))
    found = [
        *(f"a worker broke off: {each.problem}" for each in ended if each.problem),
        *(p for user in scenario_users for p in _problems(world, user, references[user.person.name])),
        *_interleaved(world),
    ]
    writes = sum(bool(each["took_effect"]) for each in workbench.simulator.requests())
    workbench.drop_database(world.dsn)
    return Meeting(manner, len(scenario_users), writes, tuple(found))


def _problems(world: SeededWorld, user: ScenarioUser, reference: Reference) -> Iterator[str]:
    name = user.person.name
    end = end_of(world, world.seeded[name])
    yield from (f"{name}: twice: {each}" for each in end.doubled)
    yield from (f"{name}: left open: {each}" for each in end.left_open)
    yield from (f"{name}: made twice: {each}" for each in end.made - reference.last.made)
    yield from (f"{name}: not made: {each}" for each in reference.last.made - end.made)
    if end.tree != reference.last.tree:
        yield f"{name}: Meta is not as after one run alone"
    if end.objects != reference.last.objects:
        yield f"{name}: our rows are not as after one run alone"


def _interleaved(world: SeededWorld) -> Iterator[str]:
    """The same creation sent twice, by the names in the simulator's log."""
    sent: dict[tuple[str, str], int] = {}
    for request in world.workbench.simulator.requests():
        name = str(request["params"].get("name", ""))
        if request["took_effect"] and "[k:" in name:
            sent[request["path"], name] = sent.get((request["path"], name), 0) + 1
    yield from (f"created twice: {path} {name}" for (path, name), n in sent.items() if n > 1)
