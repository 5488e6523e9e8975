"""A backup is restored: the database knows nothing of what the runs after it did on Meta.

After each restore the next run must find it all: nothing is made twice, and where something was lost nothing
rises and nothing is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from chaos import worker
from chaos.end_states import doubled, end_of
from chaos.fleet_runs import accounts
from chaos.guardrail_oracle import Books, breaches
from chaos.kill_points import NOW, job
from chaos.scenarios import ScenarioUser
from chaos.seed import SeededUser, SeededWorld, seed_world
from chaos.workbench import Workbench

HOURS = 6
LOST = ((0, 1), (1, 1), (1, 4))
"""Runs before the backup, and after it until the restore."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """One restore, and what was wrong after the next run."""

    runs_before: int
    runs_lost: int
    users: int
    breaches: tuple[str, ...]
    problems: tuple[str, ...]


def restore(
    workbench: Workbench, scenario_users: Sequence[ScenarioUser], runs_before: int, runs_lost: int, seed: int
) -> Restore:
    """Run, make a backup, run on, restore the backup, and run once more."""
    world = seed_world(workbench, scenario_users, NOW, seed)
    problems = list(_run(world, [f"before {n}" for n in range(runs_before)]))
    backup = _copy(workbench, world.dsn)
    workbench.simulator.clear_requests()
    problems += _run(world, [f"lost {n}" for n in range(runs_lost)])
    workbench.drop_database(world.dsn)
    world.dsn = backup
    lost = {str(r["account"]) for r in workbench.simulator.requests() if r["took_effect"]}
    before = accounts(world)
    workbench.simulator.clear_requests()
    problems += _run(world, ["after"])
    after, requests = accounts(world), workbench.simulator.requests()
    found = [
        f"{name}: {each}"
        for name, user in world.seeded.items()
        for each in _breaches(user, before, requests, after, world.now)
    ]
    for user in world.seeded.values():
        problems += _problems(world, user, after)
        if user.account.ad_account_id in lost:
            problems += _rises(world, user, before, after)
    workbench.drop_database(world.dsn)
    return Restore(
        runs_before=runs_before,
        runs_lost=runs_lost,
        users=len(scenario_users),
        breaches=tuple(found),
        problems=tuple(problems),
    )


def _run(world: SeededWorld, run_keys: Sequence[str]) -> Iterator[str]:
    """Live runs, six hours apart."""
    for run_key in run_keys:
        ended = worker.run(job(world, run_key))
        if ended.problem or ended.failed:
            yield f"run {run_key} failed: {ended.problem or dict(ended.failed)}"
        world.now = world.workbench.simulator.advance(HOURS)


def _copy(workbench: Workbench, dsn: str) -> str:
    """The URL of a copy of a database, made as a backup is restored: whole, under another name."""
    name = f"chaos_backup_{next(workbench.numbers)}"
    source = str(conninfo_to_dict(dsn)["dbname"])
    with psycopg.connect(workbench.postgres.url("postgres"), autocommit=True) as connection:
        made = sql.SQL("create database {} template {}")
        connection.execute(made.format(sql.Identifier(name), sql.Identifier(source)))
    return workbench.postgres.url(name)


def _breaches(
    user: SeededUser,
    before: Mapping[str, Any],
    requests: Sequence[Mapping[str, Any]],
    after: Mapping[str, Any],
    now: datetime,
) -> Iterator[str]:
    account = user.account.ad_account_id
    writes = [r for r in requests if r["took_effect"] and r["account"] == account]
    found, odd = breaches(
        Books.of(before[account], now), writes, Books.of(after[account], now), user.cap_minor
    )
    yield from map(str, found)
    yield from (f"{each} is not as the writes left it" for each in odd)


def _problems(world: SeededWorld, user: SeededUser, after: Mapping[str, Any]) -> Iterator[str]:
    name, account = user.user.person.name, user.account.ad_account_id
    yield from (f"{name}: twice: {each}" for each in doubled(after[account]))
    yield from (f"{name}: left open: {each}" for each in end_of(world, user).left_open)


def _rises(
    world: SeededWorld, user: SeededUser, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    """What is live and what there is more of than before: of a user whom the database forgot something of."""
    name, account = user.user.person.name, user.account.ad_account_id
    was, now = (Books.of(each[account], world.now).live_sum_minor() for each in (before, after))
    if now > was:
        yield f"{name}: {was} a day were live before the run after the restore, and {now} are since"
    made = _number(after[account]) - _number(before[account])
    if made:
        yield f"{name}: {made} campaigns, ad sets and ads were made after the restore"


def _number(account: Mapping[str, Any]) -> int:
    """How many campaigns, ad sets and ads there are."""
    ad_sets = [a for c in account["campaigns"] for a in c["ad_sets"]]
    return len(account["campaigns"]) + len(ad_sets) + sum(len(a["ads"]) for a in ad_sets)
