"""Postgres may go away and come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from orchestrator.errors import DatabaseUnavailable
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
