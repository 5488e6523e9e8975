"""A request that is sent again under its Idempotency-Key gets the run that it got before."""

from __future__ import annotations

import httpx
import pytest
from airflow.models import DagRun
from airflow.utils.session import create_session
from sqlalchemy import update

from ads_orchestrator_airflow import dag_runs as triggering
from tests.api.test_run_start import NOTHING_YET, dag_runs, ended, given_up_by_airflow, start
from tests.integration.store.conftest import Rows

pytestmark = [pytest.mark.usefixtures("airflow"), pytest.mark.filterwarnings("default")]


def test_the_same_key_is_the_same_run_after_its_end_too(http: httpx.Client, rows: Rows):
    user = rows.user()
    run_id = start(http, user, key="k").json()["runId"]
    ended(rows, run_id)

    again = start(http, user, key="k")

    assert (again.status_code, again.json()["runId"]) == (200, run_id)
    assert again.json()["summary"] == NOTHING_YET | {"campaignsCreated": 2}
    assert len(dag_runs(user)) == 1


def test_a_key_that_joined_a_run_is_that_runs_key_after_its_end_too(http: httpx.Client, rows: Rows):
    user = rows.user()
    run_id = start(http, user).json()["runId"]
    joined = start(http, user, key="k").json()["runId"]
    ended(rows, run_id)

    again = start(http, user, key="k")

    assert (joined, again.status_code, again.json()["runId"]) == (run_id, 200, run_id)
    assert len(dag_runs(user)) == 1
    assert start(http, user, {"goalKeys": ["streams"]}, key="k").status_code == 422
    other = rows.user()
    assert start(http, other, key="k").json()["runId"] != run_id


def test_a_key_that_met_a_run_which_airflow_gave_up_gets_its_own(http: httpx.Client, rows: Rows):
    user = rows.user()
    given_up = start(http, user).json()["runId"]
    given_up_by_airflow(user)

    own = start(http, user, key="k").json()["runId"]

    assert own != given_up
    assert start(http, user, key="k").json()["runId"] == own


def test_a_key_that_joined_a_pass_which_airflow_gave_up_since_gets_its_own(http: httpx.Client, rows: Rows):
    user = rows.user()
    over_everybody = triggering.trigger_run({}, triggered_by="cron", run_id="cron__given_up")
    given_up = rows.run_of(user, status="pending", run_key=over_everybody)
    joined = start(http, user, key="k").json()["runId"]
    with create_session() as session:
        session.execute(update(DagRun).where(DagRun.run_id == over_everybody).values(state="failed"))

    own = start(http, user, key="k").json()["runId"]

    assert joined == str(given_up) != own
    assert start(http, user, key="k").json()["runId"] == own
    assert len(dag_runs(user)) == 1


def test_another_key_after_the_end_is_another_run(http: httpx.Client, rows: Rows):
    user = rows.user()
    run_id = start(http, user, key="k").json()["runId"]
    ended(rows, run_id)

    assert start(http, user, key="l").json()["runId"] != run_id


def test_the_same_key_of_another_user_is_another_run(http: httpx.Client, rows: Rows):
    one, other = rows.user(), rows.user()

    assert start(http, one, key="k").json()["runId"] != start(http, other, key="k").json()["runId"]


def test_a_key_cannot_be_used_for_something_else(http: httpx.Client, rows: Rows):
    user = rows.user()
    start(http, user, {"goalKeys": ["streams"]}, key="k")

    answer = start(http, user, {"goalKeys": ["presave"]}, key="k")

    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["detail"]
