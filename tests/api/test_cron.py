"""A scheduler of the deployment's own starts everybody's run, and hears how far it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest
from airflow.models import DagRun
from airflow.utils.session import create_session
from sqlalchemy import select, update

from tests.api.conftest import a_token, as_service, as_user, bearer
from tests.integration.store.conftest import Rows

pytestmark = [pytest.mark.usefixtures("nothing_goes_on"), pytest.mark.filterwarnings("default")]


def start(http: httpx.Client, key: str | None = None, **query: int) -> httpx.Response:
    headers = as_service() | ({} if key is None else {"Idempotency-Key": key})
    return http.post("/ads-orchestrate-cron", headers=headers, params=query)


def dag_runs() -> list[DagRun]:
    with create_session() as session:
        return list(session.scalars(select(DagRun)))


def airflow_has(run_id: str, state: str) -> None:
    with create_session() as session:
        session.execute(update(DagRun).where(DagRun.run_id == run_id).values(state=state))


def test_a_run_over_everybody_is_queued(http: httpx.Client):
    answer = start(http)

    assert answer.status_code == 202
    (run,) = dag_runs()
    assert (run.conf, run.triggering_user_name) == ({}, "service cron")
    assert answer.json() == {
        "success": True,
        "runId": run.run_id,
        "status": "queued",
        "usersTotal": None,
        "usersProcessed": 0,
        "results": [],
    }


def test_one_that_goes_on_is_joined(http: httpx.Client):
    assert start(http, "a").json()["runId"] == start(http, "b").json()["runId"]
    assert len(dag_runs()) == 1


def test_a_key_that_joined_one_says_how_that_one_ended(http: httpx.Client):
    run_id = start(http, "a").json()["runId"]
    start(http, "b")
    airflow_has(run_id, "success")

    answer = start(http, "b")

    assert (answer.status_code, answer.json()["runId"]) == (200, run_id)
    assert len(dag_runs()) == 1


def test_many_at_once_start_one(http: httpx.Client):
    with ThreadPoolExecutor(4) as all_at_once:
        answers = list(all_at_once.map(lambda _: start(http, "same"), range(4)))

    assert {answer.status_code for answer in answers} == {202}
    assert len(dag_runs()) == 1


def test_the_same_key_says_how_far_it_has_come(http: httpx.Client, rows: Rows):
    run_id = start(http, "k").json()["runId"]
    users = [rows.user(), rows.user()]
    rows.insert(
        "ads_sweeps",
        run_key=run_id,
        trigger="cron",
        run_at="2026-11-23T12:00Z",
        dry_run=False,
        users=2,
        batches=2,
    )
    for user, status, error in zip(users, ("success", "failed"), (None, "AuthExpired: …"), strict=True):
        rows.insert(
            "ads_automation_runs",
            user_id=user,
            run_key=run_id,
            batch=0,
            trigger="cron",
            run_at="2026-11-23T12:00Z",
            dry_run=False,
            status=status,
            error=error,
            ended_at="2026-11-23T12:10Z",
            winners_promoted=1,
        )
    airflow_has(run_id, "success")

    answer = start(http, "k")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["usersTotal"], told["usersProcessed"], told["status"]) == (2, 2, "success")
    assert {(r["userId"], r["success"], r["summary"]["winnersPromoted"]) for r in told["results"]} == {
        (str(users[0]), True, 1),
        (str(users[1]), False, 1),
    }
    assert len(dag_runs()) == 1


def test_a_failed_run_is_no_success(http: httpx.Client):
    run_id = start(http, "k").json()["runId"]
    airflow_has(run_id, "failed")

    assert (start(http, "k").status_code, start(http, "k").json()["success"]) == (200, False)


def test_while_operators_have_stopped_everybody_nothing_starts(http: httpx.Client, rows: Rows):
    rows.run("update orchestrator_switch set stopped = true")
    try:
        answer = start(http)
    finally:
        rows.run("update orchestrator_switch set stopped = false")

    assert answer.status_code == 503
    assert dag_runs() == []


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(as_user(uuid4()), id="a user's token"),
        pytest.param(bearer(a_token("cron", aud="another-app")), id="another audience"),
        pytest.param(bearer(a_token("cron", aud="ads-scheduler", exp=1)), id="expired"),
        pytest.param({}, id="no token"),
    ],
)
def test_only_a_service_may(http: httpx.Client, headers: dict[str, str]):
    assert http.post("/ads-orchestrate-cron", headers=headers).status_code == 401
    assert dag_runs() == []


def test_nobody_may_where_no_service_is_known(api: Callable[..., httpx.Client]):
    answer = api(service_audience="").post("/ads-orchestrate-cron", headers=as_service())

    assert answer.status_code == 503
