"""A run is started once, for the user whose token came, and only when it can do something."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from airflow.models import DagRun
from airflow.utils.session import create_session
from sqlalchemy import select, update

from ads_orchestrator_airflow import dag_runs as triggering
from tests.api.conftest import as_service, as_user
from tests.integration.store.conftest import Rows

pytestmark = [pytest.mark.usefixtures("airflow"), pytest.mark.filterwarnings("default")]

NOTHING_YET = {
    "campaignsCreated": 0,
    "campaignsUpdated": 0,
    "winnersPromoted": 0,
    "budgetsScaled": 0,
    "adsetsPaused": 0,
    "errors": 0,
}


def start(http: httpx.Client, user: UUID, body: Any = None, key: str | None = None) -> httpx.Response:
    headers = as_user(user) | ({} if key is None else {"Idempotency-Key": key})
    return http.post("/ads-orchestrate", json=body, headers=headers)


def given_up_by_airflow(user: UUID) -> None:
    with create_session() as session:
        session.execute(
            update(DagRun).where(DagRun.triggering_user_name == f"user {user}").values(state="failed")
        )


def dag_runs(user: UUID) -> list[DagRun]:
    """What Airflow was asked to run for the user."""
    with create_session() as session:
        return list(session.scalars(select(DagRun).where(DagRun.triggering_user_name == f"user {user}")))


def ended(rows: Rows, run_id: str, status: str = "success") -> None:
    """The run is over, as finish_run leaves it."""
    rows.run(
        "with r as (update ads_automation_runs"
        " set status = %(status)s, ended_at = now(), campaigns_created = 2"
        " where id = %(id)s returning run_key)"
        " update ads_sweeps set closed_at = now() from r where ads_sweeps.run_key = r.run_key",
        id=run_id,
        status=status,
    )


def test_a_run_is_queued_and_says_where_to_ask(http: httpx.Client, rows: Rows):
    user = rows.user()

    answer = start(http, user)

    assert answer.status_code == 202
    run_id = answer.json()["runId"]
    assert answer.json() == {
        "success": True,
        "runId": run_id,
        "status": "pending",
        "dryRun": False,
        "summary": NOTHING_YET,
        "actionsCount": 0,
        "reason": None,
    }
    where = answer.headers["location"]
    assert http.get(f"/{where}", headers=as_user(user)).json()["status"] == "pending"
    (run,) = dag_runs(user)
    assert (run.state, run.conf) == (
        "queued",
        {"user_ids": [str(user)], "dry_run": False, "goal_keys": None},
    )
    row = rows.one("select run_key, trigger, user_id from ads_automation_runs where id = %(id)s", id=run_id)
    assert row == {"run_key": run.run_id, "trigger": "user", "user_id": user}


def test_one_that_goes_on_is_returned_and_not_started_twice(http: httpx.Client, rows: Rows):
    user = rows.user()

    first, second = start(http, user, key="one"), start(http, user, key="two")

    assert first.json()["runId"] == second.json()["runId"]
    assert len(dag_runs(user)) == 1


def test_the_pass_that_works_on_everybody_is_that_users_run_too(http: httpx.Client, rows: Rows):
    user = rows.user()
    over_everybody = triggering.trigger_run({}, triggered_by="cron", run_id="cron__one")
    scheduled = rows.run_of(user, status="pending", trigger="cron", run_key=over_everybody)

    assert start(http, user).json()["runId"] == str(scheduled)
    assert dag_runs(user) == []


def test_what_no_run_of_airflows_works_on_does_not_stand_in_the_way(http: httpx.Client, rows: Rows):
    """A stop of the spending that was killed, a pass that a person deleted in Airflow's pages."""
    user = rows.user()
    left = rows.run_of(user, status="pending", run_key=f"stop {user}")

    first, second = start(http, user, key="k"), start(http, user, key="k")

    assert first.status_code == 202
    assert first.json()["runId"] == second.json()["runId"] != str(left)
    assert len(dag_runs(user)) == 1


def test_a_run_that_was_deleted_in_airflow_is_over(http: httpx.Client, rows: Rows):
    user = rows.user()
    deleted = rows.run_of(user, run_key=f"api__{user}__1")
    rows.insert(
        "user_leases", user_id=user, holder=str(deleted), fencing_token=1, expires_at="2100-01-01T00:00Z"
    )

    assert start(http, user).json()["runId"] != str(deleted)

    old = http.get(f"/runs/{deleted}/actions", headers=as_user(user)).json()
    assert (old["success"], old["status"]) == (False, "failed")


def test_a_pass_of_long_ago_is_over_whatever_its_rows_say(http: httpx.Client, rows: Rows):
    user = rows.user()
    forgotten = rows.run_of(user, status="pending", trigger="cron", opened_at="2026-11-01T00:00Z")

    assert start(http, user).json()["runId"] != str(forgotten)


def test_two_at_once_start_one_run(http: httpx.Client, rows: Rows):
    user = rows.user()

    with ThreadPoolExecutor(4) as all_at_once:
        answers = list(all_at_once.map(lambda _: start(http, user), range(4)))

    assert [answer.status_code for answer in answers] == [202] * 4
    assert len({answer.json()["runId"] for answer in answers}) == 1
    assert len(dag_runs(user)) == 1


def test_a_run_that_airflow_never_heard_of_is_given_to_it_when_asked_again(http: httpx.Client, rows: Rows):
    """The process died between the row and the DAG run."""
    user = rows.user()
    lost = rows.run_of(user, status="pending", trigger="user", run_key=f"api__{user}__1")

    assert start(http, user).json()["runId"] == str(lost)
    assert [run.run_id for run in dag_runs(user)] == [f"api__{user}__1"]


def test_a_run_that_airflow_gave_up_does_not_stand_in_the_way(http: httpx.Client, rows: Rows):
    user = rows.user()
    given_up = start(http, user).json()["runId"]
    given_up_by_airflow(user)

    answer = start(http, user)

    assert (answer.status_code, answer.json()["runId"] == given_up) == (202, False)
    old = http.get(f"/runs/{given_up}/actions", headers=as_user(user)).json()
    assert (old["success"], old["status"]) == (False, "failed")


def test_waits_for_the_end_when_asked_to(http: httpx.Client, rows: Rows):
    user = rows.user()
    headers = as_user(user) | {"Idempotency-Key": "k"}
    run_id = http.post("/ads-orchestrate?wait=1", headers=headers).json()["runId"]

    with ThreadPoolExecutor(1) as aside:
        waiting = aside.submit(http.post, "/ads-orchestrate?wait=30", headers=headers)
        ended(rows, run_id)

    answer = waiting.result()
    assert (answer.status_code, answer.json()["status"]) == (200, "success")


def test_a_failed_run_is_no_success_and_says_why(http: httpx.Client, rows: Rows):
    user = rows.user()
    run_id = start(http, user, key="k").json()["runId"]
    rows.run("update ads_automation_runs set error = 'AuthExpired: …' where id = %(id)s", id=run_id)
    ended(rows, run_id, "failed")

    answer = start(http, user, key="k").json()

    assert answer["success"] is False
    assert answer["reason"] == "Meta no longer accepts the connection. Connect your Meta account again."


@pytest.mark.parametrize(
    ("modes", "assets", "reason"),
    [
        pytest.param({"paused_by_operator": True}, {}, "paused_by_operator", id="paused"),
        pytest.param({}, {"auth_connected": False}, "not_connected", id="not connected"),
        pytest.param({}, {"assets_configured": False}, "assets_not_configured", id="no ad account"),
        pytest.param({"goal_settings": {}}, {}, "nothing_active", id="no goals"),
    ],
)
def test_a_user_who_takes_no_part_is_told_why(
    http: httpx.Client, rows: Rows, modes: dict[str, Any], assets: dict[str, Any], reason: str
):
    user = rows.user(modes=modes, assets=assets)

    answer = start(http, user)

    assert (answer.status_code, answer.json()["reason"]) == (409, reason)
    assert rows.all("select from ads_automation_runs where user_id = %(user)s", user=user) == []
    assert dag_runs(user) == []


def test_a_user_we_do_not_know_is_told_so(http: httpx.Client):
    assert start(http, uuid4()).json()["reason"] == "unknown_user"


def test_while_operators_have_stopped_everybody_nothing_starts(http: httpx.Client, rows: Rows):
    user = rows.user()
    rows.run("update orchestrator_switch set stopped = true")
    try:
        answer = start(http, user)
    finally:
        rows.run("update orchestrator_switch set stopped = false")

    assert answer.status_code == 503
    assert dag_runs(user) == []


def test_an_unarmed_deployment_makes_a_dry_run_and_says_so(api: Callable[..., httpx.Client], rows: Rows):
    user = rows.user()

    answer = start(api(armed="no"), user).json()

    assert answer["dryRun"] is True
    assert dag_runs(user)[0].conf["dry_run"] is True


def test_nothing_in_a_request_makes_it_another_users(http: httpx.Client, rows: Rows):
    user, other = rows.user(), rows.user()

    refused = start(http, user, {"userId": str(other)})
    answer = http.post(
        f"/ads-orchestrate?userId={other}&user_id={other}",
        headers=as_user(user) | {"X-User-Id": str(other)},
        json={"userId": str(user)},
    )

    assert refused.status_code == 403
    assert answer.status_code == 202
    assert dag_runs(other) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"goalKeys": ["fame"]}, id="an unknown goal"),
        pytest.param({"goalKeys": []}, id="no goal"),
        pytest.param({"goalkeys": ["streams"]}, id="an unknown key"),
        pytest.param({"goalKeys": "streams"}, id="text for a list"),
        pytest.param([], id="a list"),
    ],
)
def test_a_malformed_wish_is_refused(http: httpx.Client, rows: Rows, body: Any):
    user = rows.user()

    assert start(http, user, body).status_code == 422
    assert dag_runs(user) == []


def test_a_service_cannot_start_a_users_run(http: httpx.Client):
    assert http.post("/ads-orchestrate", headers=as_service()).status_code == 401
