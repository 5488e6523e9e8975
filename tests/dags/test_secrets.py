"""What Airflow keeps of a run in which Meta cannot be reached holds no secret.

An unreachable Meta is the worst case: the network's own error quotes the URL, token and all.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pytest
from airflow.sdk import DAG

from tests.dags.test_runs import one_try, rows, run, server_url
from tests.integration.store.conftest import TOKEN, Rows

__all__ = ["one_try", "rows", "server_url"]  # fixtures

APP_SECRET = "a-secret-of-the-app"


def kept_by_airflow(home: Path) -> str:
    """Airflow's whole database as text: XComs, rendered fields, audit log, task instance notes."""
    with sqlite3.connect(home / "airflow.db") as connection:
        return "\n".join(connection.iterdump())


def test_no_token_and_no_app_secret_reaches_xcom_rendered_fields_or_the_task_log(
    one_try: DAG,
    rows: Rows,
    airflow_database: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_META_APP_SECRET", APP_SECRET)
    caplog.set_level(logging.DEBUG)
    user = rows.user()

    ended = run(one_try, {"user_ids": [str(user)]})

    kept = kept_by_airflow(airflow_database)
    said = rows.all("select error from ads_automation_runs")
    logged = "\n".join(f"{r.getMessage()} {r.exc_text or ''}" for r in caplog.records)
    printed = "".join(capfd.readouterr())
    assert "Transient" in said[0]["error"]
    assert ended.run_id in kept
    assert str(user) in kept  # the label of its batch, an XCom
    for text in (kept, said[0]["error"], logged, printed):
        assert TOKEN not in text
        assert APP_SECRET not in text
        assert "appsecret_proof=" not in text.replace("appsecret_proof=***", "")
