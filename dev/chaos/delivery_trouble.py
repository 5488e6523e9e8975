"""Ads that are rejected, accounts in trouble, figures that go missing: what no run may do about them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chaos.ads_manager import LifeCount, judge, spending_while_off, switch_off
from chaos.fleet_runs import Account, FleetRun, PatientClock, accounts, resources, run_fleet
from chaos.scenarios import SCENARIO_USERS
from chaos.seed import SeededWorld, seed_world
from chaos.workbench import Workbench

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
HOURS = 6
LAWS: Mapping[str, object] = {
    "review_minutes": 240,
    "review_spread": True,
    "rejections": 0.25,
    "later_rejections": 0.05,
    "late_reads": 0.1,
    "missing": 0.1,
    "taken_back": 0.1,
}
STATUSES = (2, 3, 7, 8, 9, 100, 101)
"""What an account's status goes to; 9 is a period of grace in which everything goes on."""
GOES_ON = frozenset({1, 9})
TROUBLED, RECOVERS, SWITCHED_OFF = 0.05, 0.4, 0.05
"""Parts a run: accounts that get into trouble, those that get out of it, users that switch all goals off."""
CANNOT = frozenset({"DISAPPROVED", "WITH_ISSUES"})


@dataclass(slots=True)
class Trouble:
    """What happened: by kind; the accounts in trouble now, and the users that switched everything off."""

    kinds: Counter[str] = field(default_factory=Counter)
    accounts: dict[str, int] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)


def live_through_trouble(workbench: Workbench, users: int, runs: int, seed: int) -> tuple[LifeCount, Trouble]:
    """Run a fleet under Meta's reviews and moods; what happened and what came of it."""
    draw = random.Random(seed)
    scenario_users = [draw.choice(SCENARIO_USERS).named(f"user {n}") for n in range(users)]
    world = seed_world(workbench, scenario_users, NOW, seed, **LAWS)
    count, trouble, clock = LifeCount(), Trouble(), PatientClock()
    with closing(resources(world, clock)) as built:
        for _ in range(runs):
            _strike(world, draw, trouble)
            made = run_fleet(world, built, f"run {count.runs}")
            count.runs += 1
            judge(world, made, count, troubled=trouble.accounts.keys())
            count.trespasses += _rises_in_vain(made, trouble)
            reachable = {n for n in trouble.off if _account_of(world, n) not in trouble.accounts}
            count.held_reductions += spending_while_off(world, made, reachable)
            world.now = workbench.simulator.advance(HOURS)
            clock.sleep(HOURS * 3600)
    workbench.drop_database(world.dsn)
    return count, trouble


def _account_of(world: SeededWorld, name: str) -> str:
    return world.seeded[name].account.ad_account_id


def _strike(world: SeededWorld, draw: random.Random, trouble: Trouble) -> None:
    """Move accounts in and out of trouble, and users off; count what the reviews say now."""
    simulator = world.workbench.simulator
    for name, seeded_user in world.seeded.items():
        account = seeded_user.account.ad_account_id
        if account in trouble.accounts and draw.random() < RECOVERS:
            del trouble.accounts[account]
            simulator.change_account(account, account_status=1)
        elif account not in trouble.accounts and draw.random() < TROUBLED:
            trouble.accounts[account] = draw.choice(STATUSES)
            simulator.change_account(account, account_status=trouble.accounts[account])
            trouble.kinds[f"account status {trouble.accounts[account]}"] += 1
        if name not in trouble.off and draw.random() < SWITCHED_OFF:
            switch_off(world, name)
            trouble.off.add(name)
    now = accounts(world).values()
    trouble.kinds += Counter(f"ads {ad['effective_status']}" for each in now for ad in _ads(each))


def _ads(thing: Account) -> Iterator[Mapping[str, Any]]:
    for campaign in thing["campaigns"]:
        for ad_set in campaign["ad_sets"]:
            yield from ad_set["ads"]


def _rises_in_vain(made: FleetRun, trouble: Trouble) -> Iterator[str]:
    """Rises for an account that is stopped, and for ad sets and ads that cannot deliver."""
    for account_id, writes in made.writes().items():
        account = made.before[account_id]
        is_stopped = trouble.accounts.get(account_id, 1) not in GOES_ON
        # What was given a new ad set in this run can deliver after it.
        budgets, cannot = (
            _budgets(account),
            _cannot_deliver(account) & _cannot_deliver(made.after[account_id]),
        )
        for write in writes:
            id_ = write["path"][1:]
            rise = int(write["params"].get("daily_budget", 0)) > budgets.get(id_, 0)
            rise = rise or write["params"].get("status") == "ACTIVE"
            if rise and is_stopped:
                yield f"request {write['id']}: {id_} is raised on a stopped account: {write['params']}"
            elif rise and id_ in cannot:
                yield f"request {write['id']}: {id_} is raised and cannot deliver: {write['params']}"


def _budgets(account: Account) -> dict[str, int]:
    things = [*account["campaigns"], *(a for c in account["campaigns"] for a in c["ad_sets"])]
    return {each["id"]: each["daily_budget_minor"] or 0 for each in things}


def _cannot_deliver(account: Account) -> set[str]:
    """Ads that are rejected or have issues; ad sets and campaigns of which every part is so, or off."""
    found: set[str] = set()
    for campaign in account["campaigns"]:
        for ad_set in campaign["ad_sets"]:
            found |= {ad["id"] for ad in ad_set["ads"] if ad["effective_status"] in CANNOT}
            found |= _if_all_lost(ad_set, ad_set["ads"], found)
        found |= _if_all_lost(campaign, campaign["ad_sets"], found)
    return found


def _if_all_lost(thing: Account, parts: Sequence[Account], lost: set[str]) -> set[str]:
    active = [part["id"] for part in parts if part["status"] == "ACTIVE"]
    return {thing["id"]} if active and lost.issuperset(active) else set()
