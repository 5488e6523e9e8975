"""A task's ``execution_timeout`` ends a step whatever it waits for: as Airflow's task runner applies it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from airflow.sdk.exceptions import AirflowTaskTimeout
from airflow.sdk.execution_time import task_runner
from cryptography.fernet import Fernet
from psycopg.rows import dict_row
from pydantic import SecretStr

from ads_orchestrator_airflow.operators import OrchestratorStepOperator
from orchestrator.domain.records import RunRequest
from orchestrator.platforms.meta import client
from orchestrator.runs import lifecycle
from orchestrator.store import Store, migrations
from orchestrator.store.encryption import Secrets
from tests import slow_server
from tests.integration.store.conftest import Rows
from tests.postgres import a_database, a_server

RUN = "run"
LIMIT_S = 3.0
LOADED = (client, lifecycle)
"""Modules that take seconds to load at first use; a task's first second is not to be spent on that."""


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with a_server() as url:
        yield url


@pytest.fixture
def dripping() -> Iterator[tuple[str, list[socket.socket]]]:
    """The URL of a Meta that answers with a byte now and then, and its connections."""
    with slow_server.serve(slow_server.drip(slow_server.LONG)) as served:
        yield served


@pytest.fixture
def dsn(
    server_url: str, dripping: tuple[str, list[socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A database with a run of three users, and an armed deployment whose Meta drips."""
    key = Fernet.generate_key().decode()
    with a_database(server_url) as url:
        migrations.migrate(url)
        monkeypatch.setenv("AIRFLOW_CONN_ADS_ORCHESTRATOR_DB", url)
        monkeypatch.setenv("ORCHESTRATOR_SECRET_KEYS", key)
        monkeypatch.setenv("ORCHESTRATOR_META_BASE_URL", dripping[0])
        monkeypatch.setenv("ORCHESTRATOR_META_APP_ID", "1")
        monkeypatch.setenv("ORCHESTRATOR_META_APP_SECRET", "hush")
        monkeypatch.setenv("ORCHESTRATOR_ARMED", "true")
        secrets = Secrets([SecretStr(key)])
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
            rows = Rows(connection, secrets)
            users = tuple(rows.user() for _ in range(3))
        with Store(url, secrets) as store:
            request = RunRequest(
                run_key=RUN,
                trigger="cron",
                now=datetime(2026, 11, 23, tzinfo=UTC),
                dry_run=False,
                user_ids=users,
                users_per_batch=len(users),
            )
            store.run_openings.open(request)
        yield url


def step() -> None:
    """The first step for the batch, as a task with an ``execution_timeout``."""
    operator = OrchestratorStepOperator(
        task_id="step",
        step="allocate_budget",
        batch={"batch": 0, "of": 1, "label": "all"},
        execution_timeout=timedelta(seconds=LIMIT_S),
    )
    context: Any = {"ti": SimpleNamespace(try_number=1, max_tries=3), "dag_run": SimpleNamespace(run_id=RUN)}
    task_runner._run_execute_callable(context, operator.execute, operator)


@pytest.mark.usefixtures("dsn")
def test_a_step_whose_reads_drip_ends_at_the_tasks_timeout(dripping: tuple[str, list[socket.socket]]):
    began = time.monotonic()

    with pytest.raises(AirflowTaskTimeout):
        step()

    assert LIMIT_S <= time.monotonic() - began < LIMIT_S + 4
    assert len(dripping[1]) == 3


def test_a_step_whose_statement_hangs_ends_at_the_tasks_timeout(dsn: str):
    with psycopg.connect(dsn) as other:
        other.execute("lock table ads_automation_runs in access exclusive mode")
        began = time.monotonic()

        with pytest.raises(AirflowTaskTimeout):
            step()

        assert LIMIT_S <= time.monotonic() - began < LIMIT_S + 4
