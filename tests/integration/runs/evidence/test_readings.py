"""What a run knows of the world: what people, and the platform by itself, did to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from demo import demo_users
from demo.personas import Persona
from orchestrator.domain.model import AdSet, Snapshot
from orchestrator.execution.preflight import remote_state
from orchestrator.runs import user_reader
from orchestrator.runs.preview import preview
from orchestrator.runs.user_context import context_of
from tests.integration.runs.conftest import NOW, Workbench

BO, CY = demo_users.BO, demo_users.CY
"""Four ACTIVE tests of 5.00 in a learning campaign for virality; one that also has a scaling campaign."""


def person_does(town: Workbench, act: str, thing_id: str, **more: Any) -> str:
    """What a person does in Ads Manager; the id of what they did it to, or made."""
    return str(control(town, "people", {"act": act, "id": thing_id, **more})["id"])


def control(town: Workbench, path: str, body: dict[str, Any]) -> Any:
    answer = httpx.post(f"{town.simulator.url}/_sim/{path}", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def the_test(town: Workbench, name: str) -> dict[str, Any]:
    """One of Bo's tests, with its ads."""
    return next(a for a in town.ad_sets("Bo") if a["name"] == name)


def read(town: Workbench, person: Persona = BO) -> Snapshot:
    return user_reader.read_now(town.resources, person.user_id, town.now).snapshot


def read_ad_set(town: Workbench, ad_set_id: str) -> AdSet:
    return next(a for a in read(town).ad_sets if a.id == ad_set_id)


def execute(town: Workbench, statement: str, *values: object) -> None:
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute(statement, values)


def failure(town: Workbench, run_key: str, person: Persona) -> str | None:
    (run,) = [r for r in town.resources.store.runs.of_batch(run_key, 0) if r.user_id == person.user_id]
    return run.error


@pytest.mark.people(BO)
@pytest.mark.parametrize(
    ("end", "delivery"),
    [
        pytest.param(NOW + timedelta(seconds=1), "ok", id="a second before its end"),
        pytest.param(NOW, "ended", id="at its end"),
    ],
)
def test_an_ad_set_ends_at_its_end(town: Workbench, end: datetime, delivery: str) -> None:
    ad_set_id = the_test(town, "broad chorus")["id"]
    person_does(town, "set_end", ad_set_id, end=int(end.timestamp()))

    assert read_ad_set(town, ad_set_id).delivery == delivery
    assert {a.delivery for a in read(town).ad_sets if a.id != ad_set_id} == {"ok"}


@pytest.mark.people(BO)
def test_what_meta_thinks_of_the_ads_is_known_though_all_read_active(town: Workbench) -> None:
    rejected, in_review, with_issues, by_hand = town.ad_sets("Bo")
    control(town, "review", {"ad_id": rejected["ads"][0]["id"], "verdict": "DISAPPROVED"})
    hard = {"error_code": 2460003, "error_summary": "Stopped", "error_message": "Stopped."}
    control(town, "issues", {"id": with_issues["ads"][0]["id"], "issues": [hard]})
    person_does(town, "pause", by_hand["ads"][0]["id"])
    person_does(town, "delete", in_review["ads"][0]["id"])

    found = {a.id: (a.status, a.delivery) for a in read(town).ad_sets}

    assert found == {
        rejected["id"]: ("ACTIVE", "cannot"),
        with_issues["id"]: ("ACTIVE", "cannot"),
        by_hand["id"]: ("ACTIVE", "cannot"),
        in_review["id"]: ("ACTIVE", "cannot"),
    }


@pytest.mark.people(BO)
def test_below_a_paused_campaign_an_ad_is_judged_by_itself(town: Workbench) -> None:
    clear, with_issues = town.ad_sets("Bo")[:2]
    hard = {"error_code": 2460003, "error_summary": "Stopped", "error_message": "Stopped."}
    control(town, "issues", {"id": with_issues["ads"][0]["id"], "issues": [hard]})
    person_does(town, "pause", town.campaigns("Bo")[0]["id"])

    found = {a.id: a.delivery for a in read(town).ad_sets}

    assert (found[clear["id"]], found[with_issues["id"]]) == ("ok", "cannot")


@pytest.mark.people(BO)
def test_an_ad_that_is_preapproved_is_waited_for(town: Workbench) -> None:
    ad_set = the_test(town, "broad chorus")
    (ad,) = the_ads(town, ad_set["id"])
    found = []
    for verdict in ("PREAPPROVED", "APPROVED"):
        control(town, "review", {"ad_id": ad, "verdict": verdict})
        found.append(read_ad_set(town, ad_set["id"]).delivery)

    assert found == ["in_review", "ok"]


@pytest.mark.people(BO)
def test_a_new_ad_set_is_waited_for(town: Workbench) -> None:
    """Its ad is looked at; and for an hour the ad may not even be listed."""
    ad_set = the_test(town, "broad chorus")
    copy = person_does(town, "duplicate", ad_set["id"])
    execute(
        town,
        "insert into ads_ad_sets"
        " (id, user_id, campaign_id, goal_key, audience, creative_id, status, created_at)"
        " select %s, user_id, campaign_id, goal_key, audience, creative_id, 'ACTIVE', now()"
        " from ads_ad_sets where id = %s",
        copy,
        ad_set["id"],
    )
    assert read_ad_set(town, copy).delivery == "in_review"

    (ad,) = the_ads(town, copy)
    person_does(town, "delete", ad)
    assert read_ad_set(town, copy).delivery == "in_review"

    town.later(1)
    assert read_ad_set(town, copy).delivery == "cannot"


def the_ads(town: Workbench, ad_set_id: str) -> list[str]:
    return [ad["id"] for a in town.ad_sets("Bo") if a["id"] == ad_set_id for ad in a["ads"]]


@pytest.mark.people(BO)
def test_a_lifetime_budget_counts_a_day_on_either_level(town: Workbench) -> None:
    ad_set_id, campaign = the_test(town, "broad chorus")["id"], town.campaigns("Bo")[0]["id"]
    end = int((NOW + timedelta(hours=60)).timestamp())
    spent = 6 * 500
    person_does(town, "set_lifetime_budget", ad_set_id, lifetime_budget_minor=spent + 10_000, end=end)

    assert (
        read_ad_set(town, ad_set_id).daily_budget_minor,
        read_ad_set(town, ad_set_id).lifetime_daily_minor,
    ) == (
        None,
        3334,
    )

    person_does(town, "move_budget_to_campaign", campaign, daily_budget_minor=6000)
    moved = read(town)

    assert (moved.campaigns[0].daily_budget_minor, moved.campaigns[0].lifetime_daily_minor) == (6000, None)
    assert {(a.daily_budget_minor, a.lifetime_daily_minor) for a in moved.ad_sets} == {(None, None)}


@pytest.mark.people(BO)
@pytest.mark.parametrize("status", [1, 2, 3, 7, 8, 9, 100, 101])
def test_the_account_s_status_is_known(town: Workbench, status: int) -> None:
    control(town, "accounts", {"ad_account_id": town.accounts["Bo"].ad_account_id, "account_status": status})

    assert read(town).account.account_status == status


@pytest.mark.people(BO)
def test_the_account_s_spending_limit_is_known(town: Workbench) -> None:
    account, spent = town.accounts["Bo"].ad_account_id, 4 * 6 * 500
    left = []
    for cap in (0, spent + 1, spent, spent - 2000):
        person_does(town, "set_spending_limit", account, spend_cap_minor=cap)
        left.append(read(town).account.spend_cap_left_minor)

    assert left == [None, 1, 0, -2000]


@pytest.mark.people(BO)
def test_a_person_s_duplicate_is_counted_and_never_ours(town: Workbench) -> None:
    source, known = the_test(town, "broad chorus")["id"], {a["id"] for a in town.ad_sets("Bo")}
    copy = person_does(town, "duplicate", source, daily_budget_minor=8000)

    snapshot = read(town)
    foreign = next(a for a in snapshot.ad_sets if a.id == copy)

    assert (foreign.ours, foreign.status, foreign.daily_budget_minor) == (False, "ACTIVE", 8000)
    assert (foreign.audience, foreign.creative_id, foreign.source_adset_id) == ("", None, source)
    assert {a.id for a in snapshot.ad_sets if a.ours} == known
    assert preflight_sees(town, copy) == foreign

    town.later(36)
    delivered = read_ad_set(town, copy)
    assert delivered.lifetime is not None
    assert delivered.lifetime.spend_minor > 0
    person_does(town, "pause", copy)
    town.run("live")
    with psycopg.connect(town.dsn) as connection:
        rows = {row[0] for row in connection.execute("select id from ads_ad_sets")}
        days = {row[0] for row in connection.execute("select adset_id from ads_insights_daily")}
    assert copy not in rows | days


def preflight_sees(town: Workbench, ad_set_id: str) -> AdSet:
    """An ad set as it is counted right before a write."""
    rows = town.resources.store.users.load([BO.user_id], history_since=town.now)[BO.user_id]
    (run,) = [r for r in _opened(town) if r.user_id == BO.user_id]
    context = context_of(town.resources, run, rows)  # type: ignore[arg-type]  # Bo's rows are right
    return replace(remote_state(context, None).ad_sets[ad_set_id], lifetime=None, days=None)


def _opened(town: Workbench) -> Any:
    (batch,) = town.open("opened", dry_run=True)
    return town.resources.store.runs.of_batch("opened", batch)


@pytest.mark.people(BO, CY)
@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (
            "timezone",
            "Nowhere/Atlantis",
            (
                "meta_assets.timezone: there is no time zone 'Nowhere/Atlantis'; name the ad account's, "
                "like Europe/Berlin"
            ),
        ),
        (
            "timezone",
            "",
            "meta_assets.timezone: there is no time zone ''; name the ad account's, like Europe/Berlin",
        ),
        (
            "timezone",
            "Asia/Tokyo",
            "our row says Asia/Tokyo, the ad account is in America/New_York: correct meta_assets.timezone",
        ),
        ("currency", "EUR", "our row says EUR, the ad account is in USD: correct meta_assets.currency"),
    ],
    ids=["no zone", "empty zone", "another zone", "another currency"],
)
def test_a_row_that_contradicts_the_account_fails_its_user_alone(
    town: Workbench, column: str, value: str, said: str
) -> None:
    execute(town, f"update meta_assets set {column} = %s where user_id = %s", value, BO.user_id)
    town.users_per_batch = 2

    assert preview(town.resources, BO.user_id, now=town.now).problem == said

    town.run("live")
    assert (failure(town, "live", BO), failure(town, "live", CY)) == (f"ConfigError: {said}", None)
