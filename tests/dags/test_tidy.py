"""The daily DAG: one task that does what the command does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from airflow.sdk import DAG
from cryptography.fernet import Fernet
from psycopg.rows import dict_row
from pydantic import SecretStr

from orchestrator.store import migrations
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows
from tests.postgres import a_database, a_server

LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rows]:
    """A migrated database behind the Airflow connection."""
    key = Fernet.generate_key().decode()
    with a_server() as server, a_database(server) as url:
        migrations.migrate(url)
        monkeypatch.setenv("AIRFLOW_CONN_ADS_ORCHESTRATOR_DB", url)
        monkeypatch.setenv("ORCHESTRATOR_SECRET_KEYS", key)
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
            yield Rows(connection, Secrets([SecretStr(key)]))


@pytest.fixture
def tidy(dags: dict[str, DAG]) -> DAG:
    return dags["ads_orchestrator_tidy"]


def test_it_runs_once_a_day_between_two_runs_and_never_for_the_past(tidy: DAG):
    assert tidy.schedule == "30 3 * * *"
    assert (tidy.catchup, tidy.max_active_runs, tidy.start_date) == (False, 1, None)
    assert sorted(run_type.value for run_type in tidy.allowed_run_types) == ["manual", "scheduled"]
    assert tidy.params.dump() == {"dry_run": False}


def test_its_task_is_tried_again_and_has_an_end(tidy: DAG):
    (task,) = tidy.tasks

    assert (task.task_id, task.owner, task.retries) == ("tidy", "ads-orchestrator", 3)
    assert type(task.retry_policy).__name__ == "RetryByErrorClass"
    assert task.execution_timeout < tidy.dagrun_timeout == timedelta(hours=2)
    assert task.doc_md
    assert not task.do_xcom_push


@pytest.mark.usefixtures("airflow_database")
@pytest.mark.parametrize(("conf", "left"), [({}, 0), ({"dry_run": True}, 1)])
def test_it_removes_what_is_old_unless_asked_to_count(
    tidy: DAG, rows: Rows, conf: dict[str, object], left: int
):
    user = rows.user()
    run_id = rows.run_of(user, opened_at=LONG_AGO, ended_at=LONG_AGO, status="success")
    rows.insert("ads_run_snapshots", run_id=run_id, user_id=user, snapshot=b"", saved_at=LONG_AGO)

    ended = tidy.test(logical_date=None, run_conf=conf)

    assert ended.state == "success"
    assert rows.one("select count(*) as n from ads_run_snapshots")["n"] == left
