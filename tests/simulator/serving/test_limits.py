"""Rate limits, and the headers that announce them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.client import Client


@pytest.fixture
def limited(graph: Client) -> Client:
    """An app of the Limited tier."""
    graph.sim("reset", {"tier": "limited"})
    graph.open_account()
    return graph


def header(graph: Client, name: str, path: str | None = None) -> Any:
    return json.loads(graph.raw("GET", path or graph.act).headers[name])


def code(answer: Any) -> tuple[int, int | None] | None:
    error = answer.get("error")
    return error and (error["code"], error.get("error_subcode"))


def test_a_read_costs_one_and_a_write_three(limited: Client):
    assert header(limited, "X-Ad-Account-Usage") == {
        "acc_id_util_pct": 1.67,
        "reset_time_duration": 300,
        "ads_api_access_tier": "development_access",
    }
    limited.campaign()
    assert header(limited, "X-Ad-Account-Usage")["acc_id_util_pct"] == 8.33


def test_sixty_points_are_allowed_and_the_next_blocks(limited: Client):
    for _ in range(60):
        assert code(limited.get(limited.act)) is None

    answer = limited.raw("GET", limited.act)

    assert (answer.status_code, code(answer.json())) == (400, (17, 2446079))
    assert answer.json()["error"]["message"] == "(#17) User request limit reached"
    assert json.loads(answer.headers["X-Ad-Account-Usage"]) == {
        "acc_id_util_pct": 100.0,
        "reset_time_duration": 300,
        "ads_api_access_tier": "development_access",
    }


def test_calls_while_blocked_prolong_the_block(limited: Client):
    for _ in range(61):
        limited.get(limited.act)
    limited.advance(299 / 3600)
    assert code(limited.get(limited.act)) == (17, 2446079)
    limited.advance(299 / 3600)
    assert code(limited.get(limited.act)) == (17, 2446079)
    limited.advance(300 / 3600)
    assert code(limited.get(limited.act)) is None


def test_another_account_has_points_of_its_own(limited: Client):
    for _ in range(61):
        limited.get(limited.act)
    limited.open_account()

    assert code(limited.get(limited.act)) is None


def test_a_throttled_write_does_not_take_effect(limited: Client):
    for _ in range(19):
        limited.campaign()
    for _ in range(3):
        limited.get(limited.act)

    params = {
        "name": "c",
        "objective": "OUTCOME_SALES",
        "special_ad_categories": [],
        "is_adset_budget_sharing_enabled": False,
    }
    assert limited.refused(f"{limited.act}/campaigns", **params) == (17, 2446079)
    assert len(limited.sim(f"state?account={limited.act}")["accounts"][0]["campaigns"]) == 19


def test_the_full_tier_has_9000_points(graph: Client):
    for _ in range(90):
        graph.get(graph.act)

    assert header(graph, "X-Ad-Account-Usage") == {
        "acc_id_util_pct": 1.01,
        "reset_time_duration": 300,
        "ads_api_access_tier": "standard_access",
    }


def test_the_hourly_quota_grows_with_active_ads(limited: Client):
    forms = [{"daily_budget_minor": 100} for _ in range(3)]
    limited.open_account(campaigns=[{"ad_sets": forms}])
    for _ in range(14):
        for _ in range(30):
            assert code(limited.get(limited.act)) is None
        limited.advance(301 / 3600 / 2)  # half the calls leave the score's window

    usage = header(limited, "X-Business-Use-Case-Usage")[limited.act[4:]]
    # 300 and 40 for each of three ads; 421 calls in just over half an hour
    assert usage[0]["type"] == "ads_management"
    assert (usage[0]["call_count"], usage[0]["estimated_time_to_regain_access"]) == (100, 25)


def test_the_insights_quota_is_another(limited: Client):
    for _ in range(600):
        limited.get(f"{limited.act}/insights")

    answer = limited.raw("GET", f"{limited.act}/insights")

    assert (answer.status_code, code(answer.json())) == (400, (80000, 2446079))
    assert answer.json()["error"]["message"].startswith(
        "(#80000) There have been too many calls from this ad-account."
    )
    rows = json.loads(answer.headers["X-Business-Use-Case-Usage"])[limited.act[4:]]
    assert rows == [
        {
            "type": "ads_insights",
            "call_count": 100,
            "total_cputime": 25,
            "total_time": 25,
            "estimated_time_to_regain_access": 60,
            "ads_api_access_tier": "development_access",
        }
    ]
    assert json.loads(answer.headers["X-FB-Ads-Insights-Throttle"])["acc_id_util_pct"] == 100.0
    assert code(limited.get(limited.act)) is None


def test_every_answer_says_how_much_is_used(graph: Client):
    names = ["X-App-Usage", "X-Ad-Account-Usage", "X-Business-Use-Case-Usage"]

    good, bad = graph.raw("GET", graph.act), graph.raw("GET", graph.act, fields="mood")

    for answer in (good, bad):
        assert [name for name in names if name in answer.headers] == names
    assert list(json.loads(good.headers["X-App-Usage"])) == ["call_count", "total_time", "total_cputime"]
    assert "X-FB-Ads-Insights-Throttle" in graph.raw("GET", f"{graph.act}/insights").headers


def test_every_call_of_a_batch_counts(limited: Client):
    calls = [{"method": "GET", "relative_url": limited.act}] * 50

    first = limited.post("", batch=calls)
    second = limited.post("", batch=calls)

    assert {slot["code"] for slot in first} == {200}
    assert [slot["code"] for slot in second] == [200] * 10 + [400] * 40
    assert {name["name"] for name in second[0]["headers"]} >= {"X-Ad-Account-Usage"}


def test_an_account_takes_100_writes_a_second_while_the_clock_runs(graph: Client):
    campaign = graph.campaign()
    graph.sim("clock", {"factor": 0.0001})
    codes = [code(graph.post(campaign, name=f"c{number}")) for number in range(101)]

    assert codes[:100] == [None] * 100
    assert codes[100] == (613, 5044001)


def test_calls_about_no_account_have_a_limit_of_the_app(limited: Client):
    users = len(limited.sim("accounts"))
    for _ in range(200 * users):
        limited.get("me")

    assert code(limited.get("me")) == (4, None)


def test_the_spending_limit_changes_ten_times_a_day(graph: Client):
    for number in range(10):
        assert graph.post(graph.act, spend_cap=100 + number) == {"success": True}

    assert graph.refused(graph.act, spend_cap=500) == (17, 1885172)


def test_a_throttle_on_request_has_the_headers_of_one(graph: Client):
    graph.sim("faults", {"kind": "throttle_80004", "seconds": 180})

    answer = graph.raw("GET", graph.act)

    rows = json.loads(answer.headers["X-Business-Use-Case-Usage"])[graph.act[4:]]
    assert (rows[0]["call_count"], rows[0]["estimated_time_to_regain_access"]) == (100, 3)
    assert json.loads(answer.headers["X-Ad-Account-Usage"])["reset_time_duration"] == 180
