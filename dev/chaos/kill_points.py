"""Kill points: SIGKILL on each side of every write and every record, run again, compare with no kill.

Every case is a user of its own: a copy of one of the scenario's people. The users whose point
lies in the same step go through it together in one worker; each is held at its point, and
when all are, the worker is killed. Then the step is tried again, or the next run comes, and each
user's end is compared with that of the same persona in an undisturbed run.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Any, Literal, get_args

from chaos import worker
from chaos.end_states import End, end_of
from chaos.scenarios import ScenarioUser
from chaos.seed import SeededWorld, seed_world
from chaos.workbench import Workbench, rows
from chaos.write_hooks import RECORD_SIDES, WRITE_SIDES, Point
from orchestrator.domain.steps import BY_TASK, TASKS

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
Way = Literal["same step again", "next run"]
WAYS: tuple[Way, ...] = get_args(Way)
FIRST = "first"
LATER = ("next", "the one after")
"""Two more runs: what one finds half made it makes whole, and only then the next sees it spend."""
ROUND = 64
"""Users a round: each needs a thread that can be held."""

# What time does by itself: a call that was under way is over, the dead run's lease has run out.
_CALLS_END = "update user_leases set busy_until = null"
_LEASES_END = "update user_leases set busy_until = null, expires_at = clock_timestamp()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A person's run without a kill: writes and actions by step, the end after it, the end after two more."""

    user: ScenarioUser
    writes: Mapping[str, int]
    actions: Mapping[str, int]
    first: End
    last: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kill: whose write or record, on which side, and what comes after. ``step``: where the point is."""

    user: ScenarioUser
    step: str
    point: Point
    way: Way

    @property
    def name(self) -> str:
        """Unique among the cases."""
        return f"{self.user.person.name}, {self.step} {self.point.number}, {self.point.side}, {self.way}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a case; no ``problems`` when it ended as without a kill."""

    case: Case
    problems: tuple[str, ...]


def run_references(
    workbench: Workbench, scenario_users: Sequence[ScenarioUser], seed: int
) -> dict[str, Reference]:
    """Run the scenario without a kill, step by step, and twice more; by the person's name."""
    world = seed_world(workbench, scenario_users, NOW, seed, review_minutes=0)
    writes: dict[str, dict[str, int]] = {user.person.name: {} for user in scenario_users}
    for step in TASKS:
        seen = len(workbench.simulator.requests())
        _must_end(worker.run(job(world, FIRST, steps=(step,), closes=step == TASKS[-1])))
        for name, seeded_user in world.seeded.items():
            writes[name][step] = sum(
                is_write(each) and each["account"] == seeded_user.account.ad_account_id
                for each in workbench.simulator.requests()[seen:]
            )
    firsts = {name: end_of(world, r) for name, r in world.seeded.items()}
    for run_key in LATER:
        _must_end(worker.run(job(world, run_key)))
    lasts = {name: end_of(world, r) for name, r in world.seeded.items()}
    workbench.drop_database(world.dsn)
    return {
        user.person.name: Reference(
            user=user,
            writes=writes[user.person.name],
            actions=_actions_by_task(firsts[user.person.name]),
            first=firsts[user.person.name],
            last=lasts[user.person.name],
        )
        for user in scenario_users
    }


def is_write(request: Mapping[str, Any]) -> bool:
    """Whether a request of the simulator's log is a write; a batch is one of reads."""
    return bool(request["method"] == "POST" and request["path"] != "/")


def _actions_by_task(end: End) -> dict[str, int]:
    return {task: sum(row["step"] == BY_TASK[task].rule for row in end.actions) for task in TASKS}


def cases(references: Mapping[str, Reference]) -> Iterator[Case]:
    """Every kill of the scenario."""
    for reference in references.values():
        for counts, sides in ((reference.writes, WRITE_SIDES), (reference.actions, RECORD_SIDES)):
            for step, count in counts.items():
                for number, side, way in product(range(1, count + 1), sides, WAYS):
                    yield Case(user=reference.user, step=step, point=Point(number, side), way=way)


def rounds(wanted: Sequence[Case]) -> Iterator[list[Case]]:
    """Cases that can be killed together: of the same step and way."""
    for step in TASKS:
        for way in WAYS:
            together = [case for case in wanted if (case.step, case.way) == (step, way)]
            for start in range(0, len(together), ROUND):
                yield together[start : start + ROUND]


def play(
    workbench: Workbench, together: Sequence[Case], references: Mapping[str, Reference], seed: int
) -> list[Verdict]:
    """One round: kill everyone at their point, go on, and judge each end."""
    step, way = together[0].step, together[0].way
    world = seed_world(
        workbench, [case.user.named(case.name) for case in together], NOW, seed, review_minutes=0
    )
    points = {world.seeded[case.name].account.access_token: case.point for case in together}
    before, after = TASKS[: TASKS.index(step)], TASKS[TASKS.index(step) :]
    if before:
        _must_end(worker.run(job(world, FIRST, steps=before, closes=False)))
    killed = worker.run(job(world, FIRST, steps=(step,), closes=False, points=points))
    if way == "next run":
        rows(world.dsn, _LEASES_END)
        again = [worker.run(job(world, run_key)) for run_key in LATER]
    else:
        rows(world.dsn, _CALLS_END)
        again = [worker.run(job(world, FIRST, steps=after))]
    verdicts = [
        Verdict(case, tuple(_problems(world, case, references[case.user.person.name], killed, again)))
        for case in together
    ]
    workbench.drop_database(world.dsn)
    return verdicts


def _problems(
    world: SeededWorld,
    case: Case,
    reference: Reference,
    killed: worker.WorkerResult,
    again: Sequence[worker.WorkerResult],
) -> Iterator[str]:
    seeded_user = world.seeded[case.name]
    if seeded_user.account.access_token not in killed.held:
        yield f"the point was never reached: {killed.problem or killed.failed.get(str(seeded_user.user_id))}"
    for ended in again:
        if ended.problem or str(seeded_user.user_id) in ended.failed:
            yield f"running again failed: {ended.problem or ended.failed[str(seeded_user.user_id)]}"
    end = end_of(world, seeded_user)
    wanted = reference.first if case.way == "same step again" else reference.last
    yield from (f"twice: {each}" for each in end.doubled)
    yield from (f"left open: {each}" for each in end.left_open)
    if end.tree != wanted.tree:
        yield f"Meta differs:\n{_difference(wanted.tree, end.tree)}"
    if end.objects != wanted.objects:
        yield f"our rows differ:\n{_difference(wanted.objects, end.objects)}"
    if case.way == "same step again" and end.log != wanted.log:
        yield f"the log differs:\n{_difference(_lines(wanted), _lines(end))}"
    if case.way == "next run":
        yield from (f"made by neither run: {each}" for each in wanted.made - end.made)
        yield from (f"made twice: {each}" for each in end.made - wanted.made)


def _lines(end: End) -> str:
    return "\n".join(" ".join(row) for row in end.log)


def _difference(wanted: str, found: str) -> str:
    lines = difflib.unified_diff(wanted.splitlines(), found.splitlines(), "wanted", "found", lineterm="")
    return "\n".join(lines)


def job(world: SeededWorld, run_key: str, **others: Any) -> worker.Job:
    """A job on everybody of a world; ``others`` are the job's other fields."""
    settings = world.workbench.settings(
        users_concurrency=ROUND, meta_read_timeout_s=30, lease_minutes=5, read_back_pause_s=0.05
    )
    return worker.Job(dsn=world.dsn, settings=settings, run_key=run_key, now=world.now, **others)


def _must_end(ended: worker.WorkerResult) -> None:
    if ended.problem or ended.failed:
        raise RuntimeError(f"the undisturbed run failed: {ended.problem or dict(ended.failed)}")
