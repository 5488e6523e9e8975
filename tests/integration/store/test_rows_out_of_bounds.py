"""A row that is older than a bound and beyond it: what updates many rows does so for all the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from orchestrator.domain.records import RunEnd, RunRequest
from orchestrator.store import Store, migrations
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def rows(fresh_database_url: str, rows_at: Callable[[str], Rows]) -> Rows:
    return rows_at(fresh_database_url)


@pytest.fixture
def store(fresh_database_url: str, rows: Rows, secrets: Secrets) -> Iterator[Store]:
    with Store(fresh_database_url, secrets) as opened:
        yield opened


@pytest.fixture
def users(rows: Rows) -> tuple[UUID, UUID]:
    """A user whose rows are beyond their bounds, and one more."""
    bad, good = rows.user(), rows.user()
    beyond(rows, "user_ads_modes_budgets_bounded", "user_ads_modes", "max_daily_budget = 1e60", bad)
    beyond(rows, "meta_assets_times_in_calendar", "meta_assets", "insights_restated_at = 'infinity'", bad)
    return bad, good


def beyond(rows: Rows, constraint: str, table: str, change: str, user: UUID) -> None:
    """Change a row as it may have been before its constraint."""
    definition = rows.one(
        "select pg_get_constraintdef(oid) as d from pg_constraint where conname = %(n)s", n=constraint
    )
    names = {"table": sql.Identifier(table), "constraint": sql.Identifier(constraint)}
    rows.connection.execute(sql.SQL("alter table {table} drop constraint {constraint}").format(**names))
    rows.run(f"update {table} set {change} where user_id = %(user)s", user=user)
    add = sql.SQL("alter table {table} add constraint {constraint} " + definition["d"] + " not valid")
    rows.connection.execute(add.format(**names))


def test_a_run_is_opened_ended_and_closed(rows: Rows, store: Store, users: tuple[UUID, UUID]):
    bad, good = users
    opened = store.run_openings.open(
        RunRequest(run_key="run", trigger="cron", now=NOW, dry_run=False, user_ids=users, users_per_batch=2)
    )
    runs = store.runs.start([run.run_id for run in store.runs.of_batch("run", 0)])
    store.runs.finish([RunEnd(run_id=run.run_id, status="success") for run in runs])

    totals = store.runs.close("run")

    assert (opened.users, totals.success) == (2, 2)
    found = rows.all("select user_id, orchestrator_last_run as at from user_ads_modes")
    assert {row["user_id"]: row["at"] for row in found} == {bad: None, good: NOW}


def test_some_users_are_stopped(store: Store, users: tuple[UUID, UUID]):
    change = store.kill_switch.set(users, stopped=True, note="fire", changed_by="mia")

    assert change.user_ids == (users[1],)


def test_tokens_are_encrypted_again(store: Store, users: tuple[UUID, UUID]):
    assert store.tokens.rotate() == (1, (users[0],))


HOST = """
    create table user_ads_modes (
        user_id uuid not null, goal_settings text, global_daily_budget numeric, max_daily_budget numeric
    );
    insert into user_ads_modes (user_id, goal_settings, max_daily_budget)
    values ('00000000-0000-4000-8000-000000000001', %(goal_settings)s, %(max_daily_budget)s);
"""
"""A host application that has its settings as text."""
NOT_NEGATIVE, BOUNDED = "user_ads_modes_budgets_not_negative", "user_ads_modes_budgets_bounded"
IS_OBJECT, NOT_DEEP = "user_ads_modes_goal_settings_is_object", "user_ads_modes_goal_settings_not_deep"
CHECKS = {NOT_NEGATIVE, BOUNDED, IS_OBJECT, NOT_DEEP}


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    ("settings", "most", "dropped"),
    [
        pytest.param(nested(16), "1000000000000", set(), id="all at their bounds"),
        pytest.param(nested(17), "50", {NOT_DEEP}, id="a level too deep"),
        pytest.param("{", "50", {IS_OBJECT, NOT_DEEP}, id="no JSON: data_exception"),
        pytest.param(nested(100_000), "50", {IS_OBJECT, NOT_DEEP}, id="program_limit_exceeded"),
        pytest.param("[1]", "50", {IS_OBJECT}, id="no object"),
        pytest.param("{}", "1000000000000.01", {BOUNDED}, id="more than the most"),
        pytest.param("{}", "-0.01", {NOT_NEGATIVE}, id="less than nothing"),
        pytest.param("{}", "0", set(), id="nothing"),
    ],
)
def test_a_check_that_old_rows_break_is_left_out_and_their_users_can_be_stopped(
    bare_database_url: str,
    rows_at: Callable[[str], Rows],
    secrets: Secrets,
    settings: str,
    most: str,
    dropped: set[str],
):
    rows = rows_at(bare_database_url)
    host = psycopg.ClientCursor(rows.connection)
    host.execute(HOST, {"goal_settings": settings, "max_daily_budget": most})

    migrations.migrate(bare_database_url)

    found = rows.all(
        "select conname as name, convalidated as valid from pg_constraint where conname = any(%(names)s)",
        names=sorted(CHECKS),
    )
    assert {row["name"]: row["valid"] for row in found} == dict.fromkeys(CHECKS - dropped, True)
    user = UUID("00000000-0000-4000-8000-000000000001")
    with Store(bare_database_url, secrets) as store:
        assert store.kill_switch.set([user], stopped=True, note=None, changed_by="mia").user_ids == (user,)
    assert rows.one("select goal_settings, max_daily_budget::text as most from user_ads_modes") == {
        "goal_settings": settings,
        "most": most,
    }
