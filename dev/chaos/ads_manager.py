"""People at work in Ads Manager between the runs of a fleet, and what no run may do to their work."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chaos import guardrail_oracle
from chaos.fleet_runs import Account, FleetRun, PatientClock, accounts, resources, run_fleet
from chaos.scenarios import SCENARIO_USERS
from chaos.seed import SeededWorld, seed_world
from chaos.workbench import Workbench, rows
from stack.errors import StackError
from stack.refused_requests import RefusedRequests

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
HOURS = 6
ACTS_A_RUN = 2
"""Each user's people do up to so many things before each run."""
SWITCHED_OFF = 0.05
"""The part of users that switch all goals off before a run, and leave them off."""

_FAILURES = """
    select error from ads_automation_runs
    where status = 'failed' and run_key = %(key)s and user_id <> all(%(excused)s)
"""


@dataclass(slots=True)
class Edits:
    """What people did: acts by name, things that they made, and those that they paused or resumed last."""

    acts: Counter[str] = field(default_factory=Counter)
    not_allowed: int = 0
    theirs: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    resumed: set[str] = field(default_factory=set)
    off: set[str] = field(default_factory=set)


@dataclass(slots=True)
class LifeCount:
    """What was counted, and everything that must not be."""

    runs: int = 0
    writes: int = 0
    breaches: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    trespasses: list[str] = field(default_factory=list)
    held_reductions: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    refused: RefusedRequests = field(default_factory=RefusedRequests)

    @property
    def problems(self) -> list[str]:
        """Everything that must not be."""
        return [
            *self.breaches,
            *self.duplicates,
            *self.trespasses,
            *self.held_reductions,
            *self.failed,
            *self.refused.repeated,
        ]


def live_beside_people(workbench: Workbench, users: int, runs: int, seed: int) -> tuple[LifeCount, Edits]:
    """Edit before each of so many runs, as people do; the edits and the result."""
    draw = random.Random(seed)
    scenario_users = [draw.choice(SCENARIO_USERS).named(f"user {n}") for n in range(users)]
    world = seed_world(workbench, scenario_users, NOW, seed)
    count, edits, clock = LifeCount(), Edits(), PatientClock()
    with closing(resources(world, clock)) as built:
        for _ in range(runs):
            _edit(world, draw, edits)
            made = run_fleet(world, built, f"run {count.runs}")
            count.runs += 1
            judge(world, made, count)
            count.trespasses += _trespasses(made, edits)
            count.held_reductions += spending_while_off(world, made, edits.off, edits.resumed)
            world.now = workbench.simulator.advance(HOURS)
            clock.sleep(HOURS * 3600)
    workbench.drop_database(world.dsn)
    return count, edits


def judge(world: SeededWorld, made: FleetRun, count: LifeCount, troubled: Collection[str] = ()) -> None:
    """Add what one run did: writes, breaches, duplicates, users that failed but for those of ``troubled``."""
    count.writes += sum(map(len, made.writes().values()))
    breaches, unexplained = made.breaches(world)
    count.breaches += [*breaches, *(f"{each}: the log does not explain it" for each in unexplained)]
    count.duplicates += guardrail_oracle.duplicates(made.after.values())
    count.refused.add(made.requests)
    excused = [each.user_id for each in world.seeded.values() if each.account.ad_account_id in troubled]
    failed = rows(world.dsn, _FAILURES, key=f"run {count.runs - 1}", excused=excused)
    count.failed += [str(row["error"]) for row in failed]


def spending_while_off(
    world: SeededWorld, made: FleetRun, off: set[str], resumed: Collection[str] = ()
) -> Iterator[str]:
    """Campaigns of ours that are ACTIVE after a run although their user had switched everything off.

    But for those that a person ``resumed``: a user without an active goal takes part in no run.
    """
    ours = {row["id"] for row in rows(world.dsn, "select id from ads_campaigns")}
    for name in off:
        account = made.after[world.seeded[name].account.ad_account_id]
        for campaign in account["campaigns"]:
            if campaign["status"] == "ACTIVE" and campaign["id"] in ours - set(resumed):
                yield f"{name} is off and {campaign['name']} ({campaign['id']}) is ACTIVE"


def switch_off(world: SeededWorld, name: str) -> None:
    """Switch every goal of a user off, as the user does in the app."""
    statement = """
        update user_ads_modes set goal_settings = (
            select jsonb_object_agg(key, value || '{"is_active": false}')
            from jsonb_each(goal_settings::jsonb)
        ) where user_id = %(user_id)s
    """
    rows(world.dsn, statement, user_id=world.seeded[name].user_id)


def _trespasses(made: FleetRun, edits: Edits) -> Iterator[str]:
    """Writes to what people made, and activations of what they paused."""
    for writes in made.writes().values():
        for write in writes:
            id_ = write["path"][1:]
            if id_ in edits.theirs:
                yield f"request {write['id']}: {id_} is a person's: {write['params']}"
            if id_ in edits.paused and write["params"].get("status") == "ACTIVE":
                yield f"request {write['id']}: {id_} was paused by a person and is ACTIVE again"


def _edit(world: SeededWorld, draw: random.Random, edits: Edits) -> None:
    now = accounts(world)
    for name, seeded_user in world.seeded.items():
        if name not in edits.off and draw.random() < SWITCHED_OFF:
            switch_off(world, name)
            edits.off.add(name)
        for _ in range(draw.randrange(ACTS_A_RUN + 1)):
            _act(world, draw, now[seeded_user.account.ad_account_id], edits)


def _act(world: SeededWorld, draw: random.Random, account: Account, edits: Edits) -> None:
    """One act on one thing; what Meta does not allow is counted and no more."""
    things = [*_things(account)]
    if not things:
        return
    level, thing = draw.choice(things)
    act = draw.choice(_ACTS[level])
    target = account["ad_account_id"] if act == "set_spending_limit" else thing["id"]
    try:
        made = world.workbench.simulator.act(act, target, **_details(draw, world, act, account))
    except StackError:
        edits.not_allowed += 1
        return
    edits.acts[act] += 1
    if act == "duplicate":
        edits.theirs.add(made)
    elif act in {"pause", "resume"}:
        # To pause what was paused before this run's edits leaves no trace that a run could read.
        is_pause = act == "pause" and thing["status"] == "ACTIVE"
        (edits.paused.add if is_pause else edits.paused.discard)(target)
        (edits.resumed.discard if is_pause else edits.resumed.add)(target)


def _things(account: Account) -> Iterator[tuple[str, Account]]:
    for campaign in account["campaigns"]:
        yield "campaign", campaign
        for ad_set in campaign["ad_sets"]:
            yield "ad set", ad_set
            yield from (("ad", ad) for ad in ad_set["ads"])


_ACTS: Mapping[str, Sequence[str]] = {
    "campaign": (
        *("pause", "resume", "rename", "set_budget", "move_budget_to_campaign", "move_budget_to_ad_sets"),
        *("set_lifetime_budget", "set_end", "archive", "set_spending_limit"),
    ),
    "ad set": (
        *("pause", "resume", "rename", "set_budget", "set_lifetime_budget", "set_end", "archive"),
        "duplicate",
    ),
    "ad": ("pause", "resume", "rename", "archive"),
}


def _details(draw: random.Random, world: SeededWorld, act: str, account: Account) -> dict[str, object]:
    end = int((world.now + timedelta(days=draw.choice((1, 3, 10)))).timestamp())
    amount = draw.choice((100, 700, 2_500, 9_000))
    left = draw.choice((0, 10_000, 10_000_000))
    details: Mapping[str, dict[str, object]] = {
        "rename": {"name": f"Mine {draw.randrange(1_000)}"},
        "set_budget": {"daily_budget_minor": amount},
        "move_budget_to_campaign": {"daily_budget_minor": amount},
        "set_lifetime_budget": {"lifetime_budget_minor": 10 * amount, "end": end},
        "set_end": {"end": end},
        "duplicate": {"daily_budget_minor": amount, "status": "ACTIVE"},
        "set_spending_limit": {"spend_cap_minor": round(account["spend_minor"]) + left},
    }
    return details.get(act, {})
