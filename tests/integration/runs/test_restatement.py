"""Which days a run asks Meta for, and that the rules see the same days either way."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest

from demo import demo_users
from orchestrator.documents import codec
from orchestrator.domain.model import Day, Snapshot
from tests.integration.runs.conftest import Workbench

pytestmark = pytest.mark.people(demo_users.CY)


def firsts_read(town: Workbench) -> list[str]:
    """The first day of each report by days that was asked for, oldest first."""
    return [
        str(r["params"]["time_range"]).split('"since":"')[1][:10]
        for r in town.simulator.requests()
        if "time_range" in r["params"]
    ]


def snapshot(town: Workbench, run_key: str) -> Snapshot:
    (run,) = town.resources.store.runs.of_batch(run_key, 0)
    return codec.read_snapshot(town.resources.store.snapshots.documents([run.run_id])[run.run_id])


def restated_long_ago(town: Workbench) -> None:
    with psycopg.connect(town.dsn) as connection:
        connection.execute("update meta_assets set insights_restated_at = '2026-01-01'")


def days(town: Workbench, run_key: str, since: date) -> dict[str, list[Day]]:
    """What the rules see of each ad set's days."""
    return {a.id: [d for d in a.days or () if d.date >= since] for a in snapshot(town, run_key).ad_sets}


def test_four_weeks_are_read_once_a_day_and_two_days_otherwise(town: Workbench):
    town.run("first", dry_run=True)
    town.run("second", dry_run=True)
    town.later(24)
    town.run("next day", dry_run=True)

    assert firsts_read(town) == ["2026-10-26", "2026-11-21", "2026-10-27"]


def test_the_rules_see_the_same_nine_days_whether_they_were_read_or_kept(town: Workbench):
    town.run("before", dry_run=True)
    town.later(6)
    town.run("kept", dry_run=True)
    restated_long_ago(town)
    town.run("read", dry_run=True)

    first = date(2026, 11, 23) - timedelta(days=8)
    kept, read = days(town, "kept", first), days(town, "read", first)
    assert kept == read
    assert max(len(each) for each in kept.values()) == 9
    assert min(len(each) for each in days(town, "kept", date(2026, 1, 1)).values()) <= 9


def test_a_run_that_died_before_it_kept_the_days_reads_them_again(town: Workbench):
    from orchestrator.runs import lifecycle  # noqa: PLC0415

    (batch,) = town.open("died", dry_run=True)
    lifecycle.run_step(town.resources, "died", batch, "allocate_budget")
    town.run("next", dry_run=True)

    assert firsts_read(town) == ["2026-10-26", "2026-10-26"]
