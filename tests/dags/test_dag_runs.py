"""A run is started from inside the api-server, once a run id."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from airflow.models import DagModel, DagRun
from airflow.models.log import Log
from airflow.utils.session import create_session
from sqlalchemy import select, update

from ads_orchestrator_airflow.dag_runs import CannotStart, run_state, trigger_run
from orchestrator.errors import ConfigError

CONF = {"user_ids": ["3f0f2f8e-1a54-4f5c-9d1b-0d0f7a1d2c3e"], "dry_run": True}


pytestmark = pytest.mark.usefixtures("airflow_database")


@pytest.fixture
def dag_is() -> Iterator[Any]:
    """Changes what Airflow knows of our DAG, and puts it back."""

    def change(**columns: Any) -> None:
        with create_session() as session:
            session.execute(update(DagModel).where(DagModel.dag_id == "ads_orchestrator").values(**columns))

    yield change
    change(is_paused=False, is_stale=False, has_import_errors=False)


def test_queues_a_run_and_says_who_asked():
    run_id = trigger_run(CONF, triggered_by="user 7", run_id=f"api__{uuid4()}")

    assert run_state(run_id) == "queued"
    with create_session() as session:
        run = session.scalars(select(DagRun).where(DagRun.run_id == run_id)).one()
        assert (run.conf, run.triggering_user_name, run.run_type) == (CONF, "user 7", "manual")
        assert run.logical_date is None
        (said,) = session.scalars(select(Log).where(Log.run_id == run_id))
        assert (said.event, said.owner, said.dag_id) == ("trigger_dag_run", "user 7", "ads_orchestrator")


def test_the_same_run_id_again_is_the_same_run():
    run_id = f"api__{uuid4()}"

    assert {trigger_run(CONF, triggered_by="user 7", run_id=run_id) for _ in range(2)} == {run_id}

    with create_session() as session:
        assert len(session.scalars(select(DagRun).where(DagRun.run_id == run_id)).all()) == 1


def test_two_at_once_make_one_run():
    run_id = f"api__{uuid4()}"

    with ThreadPoolExecutor(2) as both:
        asked = [both.submit(trigger_run, CONF, triggered_by="user 7", run_id=run_id) for _ in range(2)]

    assert {each.result() for each in asked} == {run_id}
    with create_session() as session:
        assert len(session.scalars(select(DagRun).where(DagRun.run_id == run_id)).all()) == 1


def test_without_a_run_id_each_is_another_run():
    assert trigger_run(CONF, triggered_by="user 7") != trigger_run(CONF, triggered_by="user 7")


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        pytest.param({"is_paused": True}, "is paused; switch it on", id="paused"),
        pytest.param({"is_stale": True}, "is not loaded", id="gone"),
        pytest.param({"has_import_errors": True}, "has import errors", id="broken"),
    ],
)
def test_a_dag_that_would_not_run_is_not_asked(dag_is: Any, columns: dict[str, bool], why: str):
    dag_is(**columns)

    with pytest.raises(CannotStart, match=why):
        trigger_run(CONF, triggered_by="user 7", run_id="never")

    assert run_state("never") is None


def test_a_malformed_conf_is_refused():
    with pytest.raises(ConfigError, match="user_id: unknown"):
        trigger_run({"user_id": "7"}, triggered_by="user 7", run_id="never")

    assert run_state("never") is None
