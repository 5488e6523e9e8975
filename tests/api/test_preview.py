"""A preview says what a run would do, at once, and changes nothing anywhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import psycopg
import pytest
from airflow.models import DagRun
from airflow.utils.session import create_session
from pydantic import SecretStr
from sqlalchemy import select

from ads_orchestrator_airflow.api.routes import preview
from demo.demo_users import ADA
from orchestrator.settings import Settings
from orchestrator.store.encryption import Secrets
from tests.api.conftest import as_service, as_user
from tests.integration.conftest import fresh_database_url  # noqa: F401 - a fixture
from tests.integration.runs.conftest import Workbench, simulator_url, town  # noqa: F401 - fixtures


@pytest.fixture
def its_api(api: Callable[..., httpx.Client], town: Workbench) -> httpx.Client:  # noqa: F811
    return api(product=town.resources.settings, database=town.dsn)


def rows_everywhere(town: Workbench) -> list[int]:  # noqa: F811
    tables = (
        "ads_sweeps",
        "ads_automation_runs",
        "ads_automation_actions",
        "ads_run_snapshots",
        "ads_campaigns",
    )
    with psycopg.connect(town.dsn) as connection:
        counts = [connection.execute(f"select count(*) from {table}").fetchone() for table in tables]
    return [int(row[0]) for row in counts if row]


@pytest.mark.people(ADA)
def test_the_plan_is_what_a_run_would_do_and_changes_nothing(its_api: httpx.Client, town: Workbench):  # noqa: F811
    before, writes = rows_everywhere(town), town.writes()

    answer = its_api.post("/ads-orchestrate-dryrun", headers=as_user(ADA.user_id))

    assert answer.status_code == 200
    plan = answer.json()
    assert (plan["success"], plan["dryRun"], plan["runId"], plan["reason"]) == (True, True, None, None)
    assert plan["summary"] == {
        "campaignsCreated": 3,
        "campaignsUpdated": 0,
        "winnersPromoted": 0,
        "budgetsScaled": 0,
        "adsetsPaused": 0,
        "errors": 0,
    }
    assert plan["actionsCount"] == len(plan["actions"]) == 11
    assert [a["type"] for a in plan["actions"]].count("create_adset") == 8
    first = plan["actions"][0]
    assert sorted(first) == ["details", "goalKey", "message", "type"]
    assert (first["type"], first["goalKey"]) == ("create_campaign", "streams")
    assert (rows_everywhere(town), town.writes()) == (before, writes)

    town.run("the-run", dry_run=True)
    (run,) = its_api.get("/runs", headers=as_user(ADA.user_id)).json()["runs"]
    recorded = its_api.get(f"/runs/{run['runId']}/actions", headers=as_user(ADA.user_id)).json()
    assert [(a["type"], a["message"]) for a in recorded["actions"]] == [
        (a["type"], a["message"]) for a in plan["actions"]
    ]
    assert [h["message"] for h in recorded["holds"]] == [h["message"] for h in plan["holds"]]
    assert recorded["summary"] == plan["summary"]

    some = its_api.post(
        "/ads-orchestrate-dryrun", json={"goalKeys": ["presave"]}, headers=as_user(ADA.user_id)
    ).json()
    assert {a["goalKey"] for a in some["actions"]} == {"presave"}


@pytest.mark.people(ADA)
@pytest.mark.usefixtures("nothing_goes_on")
@pytest.mark.filterwarnings("default")
def test_with_a_simulator_it_is_its_moment_whatever_a_request_says(its_api: httpx.Client, town: Workbench):  # noqa: F811
    town.later(90 * 24)
    headers = as_user(ADA.user_id)

    plan = its_api.post("/ads-orchestrate-dryrun?now=2020-01-01T00:00Z", headers=headers).json()
    its_api.post("/ads-orchestrate?now=2020-01-01T00:00Z", headers=headers)
    everybody = its_api.post("/ads-orchestrate-cron", headers=as_service("a-simulated-one")).json()["runId"]

    assert datetime.fromisoformat(plan["at"]) == datetime(2027, 2, 21, 20, tzinfo=UTC)
    with psycopg.connect(town.dsn) as connection:
        (row,) = connection.execute("select run_key, run_at from ads_automation_runs").fetchall()
    assert row[1] == datetime(2027, 2, 21, 20, tzinfo=UTC)
    with create_session() as session:
        found = session.scalars(select(DagRun).where(DagRun.run_id.in_([row[0], everybody]))).all()
        assert [run.conf["now"] for run in found] == ["2027-02-21T20:00:00+00:00"] * 2


@pytest.mark.people(ADA)
def test_an_account_that_cannot_be_read_has_no_plan(its_api: httpx.Client, town: Workbench):  # noqa: F811
    dead_token = Secrets(town.resources.settings.secret_keys).encrypt(SecretStr("dead"))
    with psycopg.connect(town.dsn) as connection:
        connection.execute("update meta_assets set access_token = %s", [dead_token])

    dead = its_api.post("/ads-orchestrate-dryrun", headers=as_user(ADA.user_id))

    assert dead.status_code == 409
    assert dead.json()["type"].endswith(":no-plan")


@pytest.mark.people(ADA)
def test_a_wrong_app_secret_is_the_services_trouble_and_no_users(
    api: Callable[..., httpx.Client],
    town: Workbench,  # noqa: F811
):
    fields = town.resources.settings.model_dump() | {"armed": "true", "meta_app_secret": "wrong, older"}
    its_api = api(product=Settings.model_validate(fields), database=town.dsn)

    answer = its_api.post("/ads-orchestrate-dryrun", headers=as_user(ADA.user_id))

    assert answer.status_code == 503
    assert answer.json()["type"].endswith(":not-available")
    assert not any(word in answer.text for word in ("connect", "account", "ORCHESTRATOR_", "wrong", "proof"))


def test_a_user_without_an_account_has_no_plan(http: httpx.Client):
    answer = http.post("/ads-orchestrate-dryrun", headers=as_user(uuid4()))

    assert (answer.status_code, answer.json()["reason"]) == (409, "unknown_user")


@pytest.mark.people(ADA)
def test_previews_leave_threads_to_airflow(its_api: httpx.Client, town: Workbench):  # noqa: F811
    with ExitStack() as taken:
        for _ in range(8):
            taken.enter_context(preview.SLOTS)
        busy = its_api.post("/ads-orchestrate-dryrun", headers=as_user(ADA.user_id))

    assert busy.status_code == 503
    assert its_api.post("/ads-orchestrate-dryrun", headers=as_user(ADA.user_id)).status_code == 200


def test_a_service_has_no_plan(http: httpx.Client):
    assert http.post("/ads-orchestrate-dryrun", headers=as_service()).status_code == 401


@pytest.mark.people(ADA)
def test_what_is_missing_is_named_all_at_once(its_api: httpx.Client, town: Workbench):  # noqa: F811
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute(
            "update meta_assets set page_id = null, instagram_user_id = null, pixel_id = null,"
            " conversions = '{}'"
        )
    plan = its_api.post("/ads-orchestrate-dryrun", headers=as_user(ADA.user_id)).json()

    assert plan["actions"] == []
    said = {hold["goalKey"]: str(hold) for hold in plan["holds"] if "still need" in str(hold)}
    assert "Facebook Page, pixel, custom event of the pixel" in said["streams"]
    assert "Facebook Page, custom conversion" in said["presave"]
    assert "Facebook Page, Instagram account" in said["followers"]


@pytest.mark.people(ADA)
def test_a_currency_that_is_not_the_account_s_is_one_line(its_api: httpx.Client, town: Workbench):  # noqa: F811
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute("update meta_assets set currency = 'EUR'")
    answer = its_api.post("/ads-orchestrate-dryrun", headers=as_user(ADA.user_id))

    assert "our row says EUR, the ad account is in USD: correct meta_assets.currency" in answer.text
