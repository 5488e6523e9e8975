"""Clocks: summer time that ends and begins, account time zones, workers whose clock is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chaos import worker
from chaos.end_states import End, end_of
from chaos.kill_points import FIRST, NOW, Reference, job
from chaos.scenarios import SCENARIO_USERS, ScenarioUser
from chaos.seed import SeededWorld, seed_world
from chaos.workbench import Workbench, rows
from chaos.write_hooks import Point
from orchestrator.domain.steps import TASKS

OFF_S = 600.0
SETTLE_HOUR = 3
ZONES = (
    "America/Los_Angeles",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
INSTANTS = {
    "Berlin's second half past two": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    "the day after Berlin's 25 hours": datetime(2026, 10, 26, 12, tzinfo=UTC),
    "Los Angeles' second half past one": datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
    "just after Los Angeles skipped an hour": datetime(2027, 3, 14, 10, 30, tzinfo=UTC),
    "midnight in Tokyo": datetime(2026, 11, 23, 15, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One instant, run by workers with a right clock and with two wrong ones."""

    instant: str
    users: int
    problems: tuple[str, ...]


def read_clocks(workbench: Workbench, instant: str, seed: int, zones: Sequence[str] = ZONES) -> Reading:
    """Run the same world with three clocks; each must do the same, and what the account's day says."""
    now = INSTANTS[instant]
    scenario_users = [_in_zone(zone) for zone in zones]
    ends = {off: _ends(workbench, scenario_users, now, off, seed) for off in (0.0, OFF_S, -OFF_S)}
    found = [
        f"{name}: a worker {off:+.0f} s off did something else"
        for off, of_users in ends.items()
        for name, end in of_users.items()
        if (end.log, end.tree, end.objects) != _comparable(ends[0.0][name])
    ]
    found += [p for zone in zones for p in _unexpected(ends[0.0][zone], zone, now)]
    return Reading(instant, len(scenario_users), tuple(found))


def refuse_takeover(workbench: Workbench, references: dict[str, Reference], seed: int) -> Reading:
    """A worker whose clock is ahead meets one that works: leases must not look over to it."""
    user = SCENARIO_USERS[0]
    step = next(s for s, n in references[user.person.name].writes.items() if n)
    world = seed_world(workbench, [user], NOW, seed)
    points = {r.account.access_token: Point(3, "before the answer") for r in world.seeded.values()}
    before = TASKS[: TASKS.index(step)]
    worker.run(job(world, FIRST, steps=before, closes=False))
    first = worker.Worker(job(world, FIRST, steps=(step,), closes=False, points=points))
    first.wait_until_held()
    writes = _writes(world)
    worker.run(job(world, "from the future", clock_off_s=OFF_S, closes=False))
    found = ["the one from the future wrote"] if _writes(world) != writes else []
    taken = rows(world.dsn, "select status from ads_automation_runs where run_key = 'from the future'")
    if any(each["status"] == "running" for each in taken):
        found.append("the one from the future took the user over")
    first.finish()
    workbench.drop_database(world.dsn)
    return Reading("a worker ahead beside one that works", 1, tuple(found))


def _in_zone(zone: str) -> ScenarioUser:
    """A user whose scaling budget may grow as soon as yesterday is settled."""
    user = next(each for each in SCENARIO_USERS if each.person.name == "scales")
    return replace(user, person=replace(user.person, name=zone, timezone=zone))


def _ends(
    workbench: Workbench, scenario_users: Sequence[ScenarioUser], now: datetime, off_s: float, seed: int
) -> dict[str, End]:
    world = seed_world(workbench, scenario_users, now, seed)
    ended = worker.run(job(world, FIRST, clock_off_s=off_s))
    if ended.problem or ended.failed:
        raise RuntimeError(f"the run failed: {ended.problem or dict(ended.failed)}")
    ends = {name: end_of(world, seeded_user) for name, seeded_user in world.seeded.items()}
    workbench.drop_database(world.dsn)
    return ends


def _comparable(end: End) -> tuple[object, ...]:
    return end.log, end.tree, end.objects


def _unexpected(end: End, zone: str, now: datetime) -> Iterator[str]:
    hour = now.astimezone(ZoneInfo(zone)).hour
    scaled = any(row["reason"] == "scale_up" and row["status"] == "success" for row in end.actions)
    if scaled != (hour >= SETTLE_HOUR):
        yield f"{zone}: at {hour}:{now.minute:02} it {'was' if scaled else 'was not'} scaled"


def _writes(world: SeededWorld) -> int:
    return sum(bool(each["took_effect"]) for each in world.workbench.simulator.requests())
