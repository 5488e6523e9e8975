"""Postgres may go away and come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest

from orchestrator.domain.records import RunEnd
from orchestrator.errors import DatabaseUnavailable, UnusableValue
from orchestrator.store import PoolLimits, Store
from orchestrator.store.database import Database
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows

END_ALL = (
    "select count(pg_terminate_backend(pid, 5000)) > 0 as ended from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid()"
)


def test_connections_that_broke_between_two_calls_are_made_anew(
    database_url: str, rows: Rows, secrets: Secrets
):
    with Store(database_url, secrets) as store:
        store.runs.of_batch("nothing", 0)

        assert rows.one(END_ALL) == {"ended": True}

        assert store.runs.of_batch("nothing", 0) == []


def test_a_connection_that_breaks_in_a_call_undoes_it_and_says_so(database_url: str, rows: Rows):
    user = rows.user()
    database = Database(database_url, PoolLimits())

    def delete_and_break() -> None:
        with database.transaction() as tx:
            tx.execute("delete from user_ads_modes where user_id = %(user)s", {"user": user})
            rows.run(END_ALL)
            tx.execute("select 1")

    with pytest.raises(DatabaseUnavailable, match=r"^Postgres: "):
        delete_and_break()

    database.close()
    assert rows.one("select count(*) from user_ads_modes where user_id = %(user)s", user=user) == {"count": 1}


def test_a_statement_that_takes_too_long_is_given_up(database_url: str):
    database = Database(database_url, PoolLimits(statement_s=1))

    with pytest.raises(DatabaseUnavailable, match="statement timeout"), database.transaction() as tx:
        tx.execute("select pg_sleep(30)")

    database.close()


def test_nothing_stays_open_between_two_calls(
    fresh_database_url: str, rows_at: Callable[[str], Rows], secrets: Secrets
):
    rows = rows_at(fresh_database_url)
    with Store(fresh_database_url, secrets) as store:
        store.users.load([rows.user()], history_since=datetime(2026, 11, 23, tzinfo=UTC))

        assert rows.all(
            "select distinct state from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        ) == [{"state": "idle"}]


def test_the_store_works_as_the_service(database_url: str):
    database = Database(database_url, PoolLimits())

    with database.transaction() as tx:
        found = tx.execute(
            "select current_role, session_user, current_setting('timezone') as zone"
        ).fetchone()

    database.close()
    with psycopg.connect(database_url) as connection:
        assert found == {"current_role": "ads_service", "session_user": connection.info.user, "zone": "UTC"}


ODD = "a\0b\ud800c"
CLEAN = "a\ufffdb\ufffdc"


def test_odd_text_is_stored_cleaned_wherever_it_comes_from(rows: Rows, store: Store):
    user = rows.user()
    run_id = rows.run_of(user)
    rows.action_of(user, run_id, status="intended", settled_at=None)
    (action,) = store.action_log.actions([run_id])

    store.action_log.record_outcome(action.id, "failed", ODD, {ODD: ODD})
    store.runs.finish([RunEnd(run_id=run_id, status="failed", error=ODD)])
    store.kill_switch.set([user], stopped=True, note=ODD, changed_by=ODD)

    (recorded,) = store.action_log.actions([run_id])
    assert (recorded.message, recorded.details) == (CLEAN, {CLEAN: CLEAN})
    assert rows.one("select error from ads_automation_runs where id = %(id)s", id=run_id) == {"error": CLEAN}
    assert rows.one(
        "select paused_note, paused_changed_by as by from user_ads_modes where user_id = %(id)s", id=user
    ) == {"paused_note": CLEAN, "by": CLEAN}


def test_times_that_python_has_not_are_the_first_and_the_last_it_has(database_url: str):
    database = Database(database_url, PoolLimits(connections=1))
    with database.transaction() as tx:
        row = tx.execute(
            "select 'infinity'::timestamptz as last, '-infinity'::timestamptz as first,"
            " '4000-01-01 BC'::date as day, array['infinity'::date] as days,"
            " '2026-11-23 12:00+01'::timestamptz as now"
        ).fetchone()
    database.close()

    assert row == {
        "last": datetime.max.replace(tzinfo=UTC),
        "first": datetime.min.replace(tzinfo=UTC),
        "day": date.min,
        "days": [date.max],
        "now": datetime(2026, 11, 23, 11, tzinfo=UTC),
    }


def test_a_value_that_postgres_refuses_is_one_clear_line_and_nothing_is_stored(rows: Rows, store: Store):
    user = rows.user()
    campaign = rows.campaign_of(user)
    row = store.users.load([user], history_since=datetime(2026, 11, 1, tzinfo=UTC))[user].campaigns[0]

    with pytest.raises(UnusableValue, match=r"^Postgres: new row for .* violates check constraint [^\n]*$"):
        store.ad_objects.upsert_campaigns([replace(row, daily_budget_minor=10**17)])

    assert rows.one("select daily_budget_minor as b from ads_campaigns where id = %(id)s", id=campaign) == {
        "b": None
    }
