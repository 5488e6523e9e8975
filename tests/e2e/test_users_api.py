"""A user's own front end: previews, starts a run and sees it finished, through the real Airflow."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import UUID

import httpx
import jwt
import pytest

from demo.demo_users import ADA, BO
from tests.e2e.conftest import DAG, RUN_S, SIGN_IN, SIGN_IN_KEY, SIGN_IN_KEY_ID, House
from tests.sign_in_server import Manner, SignInServer, measured, strangers

pytestmark = pytest.mark.airflow


def as_user(user_id: UUID) -> dict[str, str]:
    claims = {
        "sub": str(user_id),
        "iss": SIGN_IN["iss"],
        "aud": SIGN_IN["aud"],
        "exp": int(time.time()) + 600,
    }
    token = jwt.encode(claims, SIGN_IN_KEY, algorithm="RS256", headers={"kid": SIGN_IN_KEY_ID})
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def front_end(house: House) -> Iterator[httpx.Client]:
    address = f"{house.running.airflow_url}/ads-orchestrator-api/"
    with httpx.Client(base_url=address, timeout=120, trust_env=False) as client:
        yield client


def test_a_user_previews_starts_and_sees_the_end(house: House, front_end: httpx.Client):
    ada = as_user(ADA.user_id)

    plan = front_end.post("ads-orchestrate-dryrun", headers=ada).json()
    assert plan["actionsCount"] == 11
    assert [r["path"] for r in house.simulator.requests() if r["took_effect"]] == []

    headers = ada | {"Idempotency-Key": "the-button-was-pressed"}
    answer = front_end.post("ads-orchestrate?wait=60", headers=headers)
    while answer.status_code == 202:
        answer = front_end.post("ads-orchestrate?wait=60", headers=headers)
        house.running.check()

    assert answer.status_code == 200
    run = answer.json()
    assert (run["success"], run["status"], run["dryRun"]) == (True, "success", False)
    assert (run["summary"]["campaignsCreated"], run["actionsCount"]) == (3, 11)
    assert len(house.campaigns(ADA)) == 3
    actions = front_end.get(answer.headers["location"], headers=ada).json()["actions"]
    assert [(a["type"], a["goalKey"]) for a in actions] == [
        (a["type"], a["goalKey"]) for a in plan["actions"]
    ]
    assert {a["details"]["status"] for a in actions} == {"success"}


def test_it_was_one_run_and_airflow_knows_who_asked(house: House, front_end: httpx.Client):
    (run,) = front_end.get("runs", headers=as_user(ADA.user_id)).json()["runs"]

    (row,) = house.rows("select run_key from ads_automation_runs where id = %(id)s", id=run["runId"])
    found = house.airflow.wait(DAG, row["run_key"], RUN_S, meanwhile=house.running.check)
    assert (found["state"], found["triggering_user_name"]) == ("success", f"user {ADA.user_id}")


def test_another_user_and_airflows_own_people_see_nothing_of_it(house: House, front_end: httpx.Client):
    (run,) = front_end.get("runs", headers=as_user(ADA.user_id)).json()["runs"]
    path = f"runs/{run['runId']}/actions"

    assert front_end.get(path, headers=as_user(BO.user_id)).status_code == 404
    assert front_end.get(path, headers={"Authorization": f"Bearer {house.airflow.token}"}).status_code == 401
    assert front_end.get(path, headers={"Cookie": f"_token={house.airflow.token}"}).status_code == 401
    assert front_end.get(path).status_code == 401


def test_strangers_and_a_bad_sign_in_service_delay_neither_users_nor_airflow(
    house: House, front_end: httpx.Client, sign_in: SignInServer
):
    """Each manner goes on until the next fetch; one slow answer may be the machine's own pause."""
    runs, health_url = f"{front_end.base_url}runs", f"{house.running.airflow_url}/execution/health"
    ada = as_user(ADA.user_id)
    assert front_end.get("runs", headers=ada).status_code == 200  # the keys are there before it begins
    manners: tuple[Manner, ...] = ("drip", "stall", "refuse")
    try:
        with (
            strangers(runs, count=45, every_s=3) as refused,  # more than the api-server has threads
            measured(runs, 1, ada) as users,
            measured(health_url, 0.2) as health,
        ):
            for manner in manners:
                sign_in.manner = manner
                sign_in.fetched.clear()
                assert sign_in.fetched.wait(40), manner
    finally:
        sign_in.manner = "answer"

    assert {each.status for each in users} == {200}
    assert {each.status for each in health} == {200}
    assert sorted(each.seconds for each in health)[-2] < 1
    assert set(refused) == {401, 429}
    assert sign_in.at_one_time == 1
