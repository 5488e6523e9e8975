"""Property: whatever value one user has in any column, the operators' pages of all users are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from orchestrator.store import values
from orchestrator.store.database import Connection, within
from orchestrator.store.panel.panel_fleet import FleetFilter, FleetQueries
from orchestrator.store.panel.panel_performance import PerformanceQueries
from orchestrator.store.panel.panel_run import RunQueries, RunUsersFilter
from orchestrator.store.runs import RunRepository
from tests.integration.runs import poison
from tests.integration.runs.poison import Place
from tests.integration.store.conftest import Rows

RUN = "of two"


@pytest.fixture
def spoiled(fresh_database_url: str, rows_at: Callable[[str], Rows]) -> UUID:
    """One of two users that have a row everywhere, in a database that takes any value."""
    rows = rows_at(fresh_database_url)
    for _ in range(2):
        user = rows.user()
        run_id = rows.run_of(user)
        rows.action_of(user, run_id)
        ad_set = rows.ad_set_of(user, rows.campaign_of(user, daily_budget_minor=500), daily_budget_minor=500)
        rows.day_of(user, ad_set, "2026-11-22")
    rows.run(
        "insert into ads_sweeps select %(key)s, trigger, run_at, dry_run, 2, 1 from ads_sweeps limit 1",
        key=RUN,
    )
    rows.run(
        "update ads_automation_runs set run_key = %(key)s, campaigns_created = 1, errors_count = 1", key=RUN
    )
    rows.run(
        'insert into ads_run_configs select id, user_id, \'{"run_type": "cron"}\' from ads_automation_runs'
    )
    rows.insert(
        "ads_insights_weekly",
        user_id=user,
        campaign_id=_campaign(rows, user),
        week="2026-08-03",
        spend_minor=1,
        events=1,
    )
    poison.without_bounds(fresh_database_url)
    return user


def _campaign(rows: Rows, user: UUID) -> str:
    return str(rows.one("select id from ads_campaigns where user_id = %(user)s", user=user)["id"])


def pages(tx: Connection) -> Iterator[Callable[[], object]]:
    """Everything that reads many users at once for a page."""
    fleet, run = FleetQueries(within(tx)), RunQueries(within(tx))
    yield lambda: fleet.page(FleetFilter())
    yield fleet.stats
    yield lambda: PerformanceQueries(within(tx)).of_fleet("USD")
    yield lambda: run.opening(RUN)
    yield lambda: run.users(RUN, RunUsersFilter())
    yield lambda: RunRepository(within(tx)).totals(RUN)


def test_a_value_in_any_column_of_one_user_leaves_the_pages_of_all_users(
    fresh_database_url: str, spoiled: UUID
):
    with psycopg.connect(fresh_database_url, autocommit=True, row_factory=dict_row) as tx:
        tx.execute("set timezone to 'UTC'")
        values.register(tx)
        cases = [(p, v) for p in poison.columns(fresh_database_url) for v in poison.VALUES[p.kind]]
        found = [
            f"{place.table}.{place.column} = {str(value)[:40]!r}: {problem}"
            for place, value in poison.sample(cases, seed=3, size=200)
            for problem in problems(tx, spoiled, place, value)
        ]
    assert not found, "\n".join(["", *found])


def problems(tx: Connection, user: UUID, place: Place, value: str | None) -> list[str]:
    """What goes wrong with the pages while a column has a value; nothing where Postgres refuses it."""
    with suppress(psycopg.Error), tx.transaction(force_rollback=True):
        poison.set_column(tx, user, "USD", place, value)
        return [problem for read in pages(tx) for problem in _problem(tx, read)]
    return []


def _problem(tx: Connection, read: Callable[[], object]) -> list[str]:
    try:
        with tx.transaction():
            read()
    except Exception as error:  # noqa: BLE001 - each is a finding
        return [f"{type(error).__name__}: {str(error)[:100]}"]
    return []
