"""Whole runs without a scheduler: who runs after whom, and what the run's end says.

Manual runs as the API makes them: without a logical date.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest
from airflow.models.asset import AssetEvent
from airflow.models.dagrun import DagRun
from airflow.sdk import DAG
from airflow.utils.session import create_session
from cryptography.fernet import Fernet
from psycopg.rows import dict_row
from pydantic import SecretStr
from sqlalchemy import select

from orchestrator.store import migrations
from orchestrator.store.encryption import Secrets
from tests.integration.store.conftest import Rows
from tests.postgres import a_database, a_server

pytestmark = pytest.mark.usefixtures("airflow_database")

NOBODY_ANSWERS = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with a_server() as url:
        yield url


@pytest.fixture
def rows(server_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rows]:
    """A migrated database behind the Airflow connection, and an armed deployment without a Meta."""
    key = Fernet.generate_key().decode()
    with a_database(server_url) as url:
        migrations.migrate(url)
        monkeypatch.setenv("AIRFLOW_CONN_ADS_ORCHESTRATOR_DB", url)
        monkeypatch.setenv("ORCHESTRATOR_SECRET_KEYS", key)
        monkeypatch.setenv("ORCHESTRATOR_META_BASE_URL", NOBODY_ANSWERS)
        monkeypatch.setenv("ORCHESTRATOR_META_APP_ID", "1")
        monkeypatch.setenv("ORCHESTRATOR_META_APP_SECRET", "hush")
        monkeypatch.setenv("ORCHESTRATOR_ARMED", "true")
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
            yield Rows(connection, Secrets([SecretStr(key)]))


@pytest.fixture
def tries_at_once(dag: DAG, monkeypatch: pytest.MonkeyPatch) -> DAG:
    """The DAG with all its tries and no time between them."""
    for task in dag.tasks:
        monkeypatch.setattr(task, "retry_delay", timedelta())
    return dag


@pytest.fixture
def one_try(dag: DAG, monkeypatch: pytest.MonkeyPatch) -> DAG:
    """The DAG without second tries."""
    for task in dag.tasks:
        monkeypatch.setattr(task, "retries", 0)
    return dag


def run(dag: DAG, conf: dict[str, Any] | None = None) -> DagRun:
    dag.deadline = None  # ``dag.test()`` looks for the row that only a dag-processor makes of it
    return dag.test(logical_date=None, run_conf=conf)


def events(dag_run: DagRun) -> list[dict[str, Any]]:
    """What those who wait for this run's log were told."""
    with create_session() as session:
        found = session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == dag_run.run_id))
        return [event.extra for event in found]


def states(dag_run: DagRun) -> dict[str, Counter[str]]:
    """How many task instances of each task ended in each state."""
    found: dict[str, Counter[str]] = {}
    for task in dag_run.get_task_instances():
        found.setdefault(task.task_id.removeprefix("per_batch."), Counter())[str(task.state)] += 1
    return found


def test_a_refused_conf_fails_the_run_at_its_first_try_before_anything_is_done(
    tries_at_once: DAG, rows: Rows
):
    rows.user()

    refused = run(tries_at_once, {"usr_ids": ["6f1c1c1e-0000-4000-8000-000000000001"]})

    assert refused.state == "failed"
    assert {
        task.task_id: task.try_number for task in refused.get_task_instances() if task.state == "failed"
    } == {
        "list_eligible_users": 1,
        "finish_run": 1,
    }
    assert states(refused)["allocate_budget"] == {"upstream_failed": 1}
    assert states(refused)["close_run"] == {"skipped": 1}
    assert events(refused) == []
    assert rows.all("select 1 from ads_automation_runs") == []


def test_nobody_to_work_for_is_a_success(one_try: DAG, rows: Rows):
    quiet = run(one_try)

    assert quiet.state == "success"
    assert states(quiet)["pause_losers"] == {"skipped": 1}
    assert states(quiet)["finish_run"] == {"success": 1}
    (event,) = events(quiet)
    assert event["run_key"] == quiet.run_id
    assert (event["success"], event["failed"], event["dry_run"]) == (0, 0, False)


def test_each_user_is_a_batch_and_a_user_who_fails_is_passed_over_to_the_end(one_try: DAG, rows: Rows):
    users = {rows.user(), rows.user()}

    ended = run(one_try, {"users_per_batch": 0})

    assert states(ended) == {
        "list_eligible_users": {"success": 1},
        "allocate_budget": {"success": 2},
        "check_learning_campaigns": {"success": 2},
        "extract_insights": {"success": 2},
        "detect_winners": {"success": 2},
        "promote_winners": {"success": 2},
        "scale_budgets": {"success": 2},
        "pause_losers": {"success": 2},
        "close_run": {"success": 1},
        "finish_run": {"failed": 1},
    }
    assert ended.state == "failed"
    assert [(event["run_key"], event["failed"]) for event in events(ended)] == [(ended.run_id, 2)]
    found = rows.all("select user_id, status, error, trigger from ads_automation_runs")
    assert {row["user_id"] for row in found} == users
    assert {(row["status"], row["trigger"]) for row in found} == {("failed", "user")}
    assert all("Transient" in row["error"] for row in found)


class RefusedProofs(BaseHTTPRequestHandler):
    """Meta with another app secret, and the webhook of a chat at ``/chat``."""

    told: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.answer(
            400, {"error": {"message": "Invalid appsecret_proof provided in the API argument", "code": 100}}
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/chat":
            return self.do_GET()
        self.told.append(json.loads(body)["text"])
        return self.answer(200, {})

    def answer(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def meta_refuses_our_proofs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the chat is told while Meta has another app secret."""
    RefusedProofs.told.clear()
    with HTTPServer(("127.0.0.1", 0), RefusedProofs) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("ORCHESTRATOR_META_BASE_URL", url)
        alerts = {"conn_type": "http", "host": url, "password": "/chat"}
        monkeypatch.setenv("AIRFLOW_CONN_ADS_ORCHESTRATOR_ALERTS", json.dumps(alerts))
        yield RefusedProofs.told
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("a_batch", "failed"), [(0, 0), (4, 1)])
def test_a_wrong_app_secret_ends_the_run_once_with_one_alert_that_says_what_to_do(
    one_try: DAG, rows: Rows, meta_refuses_our_proofs: list[str], a_batch: int, failed: int
):
    for _ in range(4):
        rows.user()

    ended = run(one_try, {"users_per_batch": a_batch})

    assert ended.state == "failed"
    assert states(ended)["allocate_budget"]["failed"] == failed
    assert states(ended)["check_learning_campaigns"]["failed"] == 0
    (told,) = meta_refuses_our_proofs
    assert told.startswith(f"ads_orchestrator {ended.run_id} failed: 4 of 4 users failed")
    assert "ORCHESTRATOR_META_APP_SECRET" in told
    assert "no user has to connect again" in told


def test_a_batch_of_one_is_named_by_its_user(one_try: DAG, rows: Rows):
    alone, _ = rows.user(), rows.user()

    assert labels(run(one_try, {"user_ids": [str(alone)]})) == {str(alone)}


def test_a_batch_of_more_is_named_by_its_size(one_try: DAG, rows: Rows):
    rows.user(), rows.user()

    assert labels(run(one_try, {"users_per_batch": 2})) == {"batch 1 of 1, 2 users"}


def labels(dag_run: DagRun) -> set[str | None]:
    return {task.rendered_map_index for task in dag_run.get_task_instances() if task.map_index >= 0}


def test_a_database_that_is_away_is_tried_again_and_never_a_success(
    one_try: DAG, rows: Rows, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AIRFLOW_CONN_ADS_ORCHESTRATOR_DB", "postgresql://nobody@127.0.0.1:9/ads")

    away = run(one_try)

    assert away.state == "failed"
    assert states(away)["finish_run"] == {"failed": 1}


def test_its_time_is_the_runs_and_it_knows_who_asked(one_try: DAG, rows: Rows):
    user: UUID = rows.user()

    asked = run(one_try, {"user_ids": [str(user)], "dry_run": True})

    kept = rows.one("select run_key, run_at, dry_run, trigger, config from recent_runs")
    assert kept["run_key"] == asked.run_id
    assert kept["run_at"] == asked.run_after
    assert (kept["dry_run"], kept["trigger"]) == (True, "dryrun")
    assert kept["config"]["conf"]["dry_run"] is True
    assert (kept["config"]["run_type"], kept["config"]["asked_by"]) == ("manual", "dag_test")
