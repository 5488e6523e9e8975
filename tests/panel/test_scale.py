"""A page of the fleet reads a page's worth of rows, however many users there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from orchestrator.store import migrations
from orchestrator.store.database import statement
from orchestrator.store.panel import PanelStore
from orchestrator.store.panel.panel_fleet import FleetFilter
from orchestrator.store.panel.panel_pages import FIRST, LAST
from tests.postgres import a_database, a_server

USERS = 100_000
MIDDLE = UUID("80000000-0000-0000-0000-000000000000")
PAGE = 51
FEW = 3_000
"""More rows than a page needs, far fewer than there are users."""

FLEET = """
insert into user_ads_modes (user_id, goal_settings, paused_by_operator)
select md5(n::text)::uuid, '{"streams": {"is_active": true, "priority": 5}}', n % 1000 = 0
from generate_series(1, %(users)s) n;

insert into meta_assets (user_id, ad_account_id, currency, timezone)
select md5(n::text)::uuid, 'act_' || 100000000 + n, 'USD', 'UTC' from generate_series(1, %(users)s) n;

update meta_assets a
set account_status = 3, stopped_for = 'breaker_account', stopped_since = '2026-11-22T00:00Z'
from generate_series(3, %(users)s, 1000) n where a.user_id = md5(n::text)::uuid;

insert into ads_sweeps (run_key, trigger, run_at, dry_run, users, batches)
select 'run ' || s, 'cron', '2026-11-23T00:00Z', false, %(users)s, 32 from generate_series(1, 3) s;

insert into ads_automation_runs
    (run_key, user_id, batch, trigger, run_at, dry_run, status, error, opened_at, ended_at, campaigns_updated)
select 'run ' || s, md5(n::text)::uuid, n % 32, 'cron', '2026-11-23T00:00Z', false,
       status, case when status = 'failed' then 'AuthExpired' end,
       '2026-11-23T00:00Z'::timestamptz + make_interval(hours => 6 * s),
       case when status <> 'running' then '2026-11-23T23:00Z'::timestamptz end, n % 2
from generate_series(1, 3) s
cross join generate_series(1, %(users)s) n
cross join lateral (select case
    when (n + s) % 100 = 0 then 'failed'
    when (n + s) % 150 = 1 then 'throttled'
    when s = 3 and n % 500 = 7 then 'running'
    else 'success' end as status) ended;

insert into ads_campaigns (id, user_id, goal_key, role, status, daily_budget_minor, created_at)
select 'c' || n, md5(n::text)::uuid, 'streams', 'scaling', 'ACTIVE', 1000, now()
from generate_series(1, %(users)s) n;
"""


@pytest.fixture(scope="module")
def crowd() -> Iterator[str]:
    """A database with a hundred thousand users and three runs of each."""
    with a_server() as server, a_database(server) as url:
        migrations.migrate(url)
        with psycopg.connect(url) as connection:
            connection.execute(FLEET.replace("%(users)s", str(USERS)))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("vacuum analyze")
        yield url


def most_rows(plan: dict[str, Any]) -> float:
    """The rows of the busiest part of a plan, those it read and threw away, too."""
    handled = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return max([handled, *map(most_rows, plan.get("Plans", []))])


LISTS = {
    "panel_fleet/everybody": [None],
    "panel_fleet/running": ["running"],
    "panel_fleet/paused": ["paused"],
    "panel_fleet/troubled": ["failed", "throttled"],
    "panel_fleet/quiet": ["worked", "idle"],
    "panel_fleet/stopped_accounts": [None],
}


def explained(url: str, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The plan of a statement, as it was carried out."""
    with psycopg.connect(url) as connection:
        connection.execute("set role ads_service")
        explain = b"explain (analyze, timing off, format json) " + statement(name)
        (found,) = connection.execute(explain, asked).fetchone() or ()
    plan: dict[str, Any] = found[0]["Plan"]
    return plan


def test_the_keys_of_a_page_are_found_without_reading_everybody(crowd: str):
    """One test for all lists: each worker of a test run that has a part of them makes the crowd anew."""
    whole = {"low": FIRST, "high": LAST, "page_size": PAGE}

    handled = {
        (name, state, after): most_rows(explained(crowd, name, whole | {"state": state, "after": after}))
        for name, states in LISTS.items()
        for state in states
        for after in (FIRST, MIDDLE)
    }

    assert len(handled) == 16
    assert {which: rows for which, rows in handled.items() if rows >= FEW} == {}


def test_the_lines_of_a_page_are_read_by_key(crowd: str):
    with psycopg.connect(crowd) as connection:
        first = connection.execute("select user_id from user_ads_modes order by 1 limit 50").fetchall()

    assert most_rows(explained(crowd, "panel_fleet/users", {"user_ids": [key for (key,) in first]})) < FEW


def test_a_page_of_a_run_reads_the_rows_of_that_run_alone(crowd: str):
    bound = {"run_key": "run 2", "batch": None, "status": None, "after": MIDDLE, "page_size": PAGE}

    handled = {
        "all": most_rows(explained(crowd, "panel_run/users", bound)),
        "failed": most_rows(explained(crowd, "panel_run/users", bound | {"status": "failed"})),
        "batch": most_rows(explained(crowd, "panel_run/users", bound | {"batch": 7})),
    }

    assert {which: rows for which, rows in handled.items() if rows > USERS} == {}
    assert handled["batch"] <= USERS // 32 + 1


def test_pages_of_a_state_add_up_to_its_figure(crowd: str):
    store = PanelStore(crowd)
    try:
        figures = store.fleet.stats().users_by_state
        listed = {}
        for state in ("running", "failed", "throttled", "paused"):
            after, users = FIRST, 0
            while True:
                page = store.fleet.page(FleetFilter(state=state, after=after), page_size=500)  # type: ignore[arg-type]
                users += len(page.rows)
                if page.after is None:
                    break
                after = page.after
            listed[state] = users
    finally:
        store.close()

    assert listed == {state: figures[state] for state in listed}
    assert sum(figures.values()) == USERS
    assert listed["paused"] == 100
