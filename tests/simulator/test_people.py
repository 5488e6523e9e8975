"""What people and Meta do by themselves, and how the API shows it afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client


def does(graph: Client, act: str, node: str, **more: Any) -> dict[str, Any]:
    """Do in Ads Manager what a person does."""
    answer: dict[str, Any] = graph.sim("people", {"act": act, "id": node} | more)
    assert "error" not in answer, answer
    return answer


@pytest.mark.parametrize(
    ("act", "field", "value"),
    [
        ("pause", "status", "PAUSED"),
        ("archive", "status", "ARCHIVED"),
        ("delete", "status", "DELETED"),
    ],
)
def test_a_person_changes_a_status_at_each_level(graph: Client, act: str, field: str, value: str):
    for node in reversed(graph.tree()):
        does(graph, act, node)
        assert graph.get(node, fields=field)[field] == value


def test_a_person_pauses_the_ad_alone(graph: Client):
    campaign, ad_set, ad = graph.tree()
    for node in (campaign, ad_set, ad):
        does(graph, "resume", node)

    does(graph, "pause", ad)

    assert graph.get(ad, fields="status,effective_status") == {
        "id": ad,
        "status": "PAUSED",
        "effective_status": "PENDING_REVIEW",
    }
    assert graph.get(ad_set, fields="effective_status")["effective_status"] == "ACTIVE"


def test_a_budget_moves_to_the_campaign_and_back(graph: Client):
    campaign, ad_set, _ = graph.tree()

    does(graph, "move_budget_to_campaign", campaign, daily_budget_minor=6000)
    assert graph.get(campaign, fields="daily_budget")["daily_budget"] == "6000"
    assert graph.get(ad_set, fields="daily_budget")["daily_budget"] == "0"

    does(graph, "move_budget_to_ad_sets", campaign, daily_budget_minor=700)
    assert "daily_budget" not in graph.get(campaign, fields="daily_budget")
    assert graph.get(ad_set, fields="daily_budget")["daily_budget"] == "700"


def test_a_lifetime_budget_takes_the_place_of_the_daily_one(graph: Client):
    _, ad_set, _ = graph.tree()
    end = 1800000000

    does(graph, "set_lifetime_budget", ad_set, lifetime_budget_minor=90000, end=end)

    found = graph.get(ad_set, fields="daily_budget,lifetime_budget,end_time")
    assert (found["daily_budget"], found["lifetime_budget"]) == ("0", "90000")
    assert found["end_time"].startswith("2027-01-1")


def test_a_duplicate_is_active_and_bears_no_mark_of_ours(graph: Client):
    campaign, ad_set, _ = graph.tree()

    twin = does(graph, "duplicate", ad_set, daily_budget_minor=8000)["id"]

    found = graph.get(twin, fields="status,daily_budget,source_adset_id,campaign_id,name")
    assert found == {
        "id": twin,
        "status": "ACTIVE",
        "daily_budget": "8000",
        "source_adset_id": ad_set,
        "campaign_id": campaign,
        "name": "ad set - Copy",
    }
    assert len(graph.get(f"{twin}/ads")["data"]) == 1


@pytest.mark.parametrize(
    ("act", "more", "moved"),
    [
        ("rename", {"name": "Ours now"}, "campaign"),
        ("set_end", {"end": 1800000000}, "campaign"),
        ("set_spending_limit", {"spend_cap_minor": 20000}, "campaign"),
        ("move_budget_to_campaign", {"daily_budget_minor": 6000}, "campaign and ad set"),
        ("pause", {}, "campaign"),
    ],
)
def test_a_person_s_edit_moves_the_updated_time(graph: Client, act: str, more: dict[str, Any], moved: str):
    campaign, ad_set, _ = graph.tree()
    nodes = {"campaign": campaign, "ad set": ad_set}
    before = {name: graph.get(node, fields="updated_time")["updated_time"] for name, node in nodes.items()}
    graph.advance(2)

    does(graph, act, campaign, **more)

    after = {name: graph.get(node, fields="updated_time")["updated_time"] for name, node in nodes.items()}
    assert " and ".join(name for name in nodes if after[name] != before[name]) == moved


def test_a_budget_alone_leaves_the_updated_time_of_a_campaign(graph: Client):
    campaign = graph.campaign(daily_budget=5000)
    before = graph.get(campaign, fields="updated_time")
    graph.advance(2)
    does(graph, "set_budget", campaign, daily_budget_minor=5500)
    assert graph.get(campaign, fields="updated_time") == before


def test_the_audit_log_tells_a_person_s_edit_from_the_application_s(graph: Client):
    campaign, _, _ = graph.tree()
    graph.post(campaign, name="ours")
    does(graph, "rename", campaign, name="theirs")

    found = graph.get(f"{graph.act}/activities", fields="event_type,application_id")["data"][:2]

    app_id = graph.sim("app")["app_id"]
    assert found == [
        {"event_type": "update_campaign_name"},
        {"event_type": "update_campaign_name", "application_id": app_id},
    ]


def test_a_whole_campaign_is_duplicated_with_a_budget_of_its_own(graph: Client):
    campaign, ad_set, ad = graph.tree()

    twin = does(graph, "duplicate", campaign, daily_budget_minor=9000)["id"]

    found = graph.get(
        twin, fields="status,daily_budget,source_campaign_id,adsets{source_adset_id,ads{source_ad_id}}"
    )
    assert (found["status"], found["daily_budget"], found["source_campaign_id"]) == (
        "ACTIVE",
        "9000",
        campaign,
    )
    (copied,) = found["adsets"]["data"]
    assert copied["source_adset_id"] == ad_set
    assert [each["source_ad_id"] for each in copied["ads"]["data"]] == [ad]


def test_a_campaign_s_spending_limit_comes_and_goes(graph: Client):
    campaign = graph.campaign(daily_budget=5000)
    does(graph, "set_spending_limit", campaign, spend_cap_minor=20000)
    assert graph.get(campaign, fields="spend_cap")["spend_cap"] == "20000"
    does(graph, "set_spending_limit", campaign)
    assert "spend_cap" not in graph.get(campaign, fields="spend_cap")


def test_an_unsettled_account_delivers_nothing_until_it_is_settled(graph: Client):
    for node in graph.tree():
        does(graph, "resume", node)
    graph.advance(24)
    before = graph.get(graph.act, fields="amount_spent")["amount_spent"]
    assert before != "0"

    graph.sim("accounts", {"ad_account_id": graph.act, "account_status": 3})
    graph.advance(24)
    found = graph.get(graph.act, fields="amount_spent,account_status")
    assert (found["amount_spent"], found["account_status"]) == (before, 3)

    graph.sim("accounts", {"ad_account_id": graph.act, "account_status": 1})
    graph.advance(24)
    assert graph.get(graph.act, fields="amount_spent")["amount_spent"] != before


def test_a_person_edits_a_budget_as_often_as_they_like(graph: Client):
    _, ad_set, _ = graph.tree()
    for budget in range(1100, 1800, 100):
        does(graph, "set_budget", ad_set, daily_budget_minor=budget)
    assert graph.get(ad_set, fields="daily_budget")["daily_budget"] == "1700"


def test_a_spending_limit_stops_the_delivery_without_a_notice(graph: Client):
    for node in graph.tree():
        does(graph, "resume", node)
    does(graph, "set_spending_limit", graph.act, spend_cap_minor=300)

    graph.sim("clock", {"advance_hours": 96})

    found = graph.get(graph.act, fields="amount_spent,spend_cap,account_status")
    assert (found["spend_cap"], found["account_status"]) == ("300", 1)
    assert int(found["amount_spent"]) <= 300


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ({"act": "pause", "id": "1"}, "there is no object 1"),
        ({"act": "sing", "id": "1"}, "act: Input should be 'pause', 'resume'"),
        ({"act": "set_end", "id": "AD"}, "AD is nothing that a person can set_end"),
        ({"act": "move_budget_to_campaign", "id": "AD"}, "AD is nothing that a person can move_budget_to"),
        ({"act": "set_budget", "id": "AD_SET", "daily_budget_minor": 1}, "Your ad set budget must be more"),
    ],
)
def test_what_cannot_be_done_is_one_line(graph: Client, body: dict[str, Any], line: str):
    _, ad_set, ad = graph.tree()
    named = body | {"id": {"AD": ad, "AD_SET": ad_set}.get(body["id"], body["id"])}
    assert graph.sim("people", named)["error"].replace(ad, "AD").startswith(line)


def test_an_issue_shows_in_the_effective_status_and_stops_the_delivery(graph: Client):
    campaign, ad_set, ad = graph.tree()
    for node in (campaign, ad_set, ad):
        does(graph, "resume", node)
    graph.sim("clock", {"advance_hours": 1})

    graph.sim("issues", {"id": ad, "issues": [{"error_summary": "Rejected by the platform"}]})
    before = graph.get(graph.act, fields="amount_spent")["amount_spent"]
    graph.sim("clock", {"advance_hours": 48})

    found = graph.get(ad, fields="status,effective_status,issues_info")
    assert (found["status"], found["effective_status"]) == ("ACTIVE", "WITH_ISSUES")
    assert found["issues_info"] == [
        {
            "level": "AD",
            "error_code": 2460003,
            "error_summary": "Rejected by the platform",
            "error_message": "There is an issue with this object.",
            "error_type": "HARD_ERROR",
        }
    ]
    assert graph.get(graph.act, fields="amount_spent")["amount_spent"] == before
    graph.sim("issues", {"id": ad})
    assert graph.get(ad, fields="effective_status,issues_info") == {"id": ad, "effective_status": "ACTIVE"}


def test_without_a_payment_method_ads_wait_for_billing(graph: Client):
    _, _, ad = graph.tree()
    graph.sim("accounts", {"ad_account_id": graph.act, "has_payment": False})
    assert graph.get(ad, fields="effective_status")["effective_status"] == "PENDING_BILLING_INFO"


def test_an_ad_that_is_preapproved_is_listed_as_such_and_not_shown(graph: Client):
    _, ad_set, ad = graph.tree()
    graph.sim("review", {"ad_id": ad, "verdict": "PREAPPROVED"})
    graph.advance(24)

    listed = graph.get(f"{ad_set}/ads", effective_status=["PREAPPROVED"], fields="effective_status")["data"]
    assert listed == [{"id": ad, "effective_status": "PREAPPROVED"}]
    assert graph.get(graph.act, fields="amount_spent")["amount_spent"] == "0"

    graph.sim("review", {"ad_id": ad, "verdict": "APPROVED"})
    graph.advance(24)
    assert graph.get(ad, fields="effective_status")["effective_status"] == "ACTIVE"
    assert int(graph.get(graph.act, fields="amount_spent")["amount_spent"]) > 0


@pytest.mark.parametrize(
    ("rates", "status"),
    [
        ({"rejections": 1.0}, "DISAPPROVED"),
        ({"rejections": 0.0}, "ACTIVE"),
        ({"later_rejections": 1.0}, "DISAPPROVED"),
    ],
)
def test_review_rejects_by_chance_now_or_later(graph: Client, rates: dict[str, float], status: str):
    graph.sim("reset", rates)
    graph.open_account()
    _, _, ad = graph.tree()

    graph.sim("clock", {"advance_hours": 15 * 24})

    assert graph.get(ad, fields="effective_status")["effective_status"] == status


def test_review_takes_from_minutes_to_a_day(graph: Client):
    graph.sim("reset", {"review_spread": True})
    graph.open_account()
    _, ad_set, ad = graph.tree()
    assert graph.get(ad, fields="effective_status")["effective_status"] == "IN_PROCESS"
    twins = [does(graph, "duplicate", ad_set)["id"] for _ in range(12)]

    waiting = []
    for hours in (0.1, 0.4, 0.5, 24):
        graph.sim("clock", {"advance_hours": hours})
        shown = [graph.get(f"{twin}/ads", fields="effective_status")["data"] for twin in twins]
        waiting.append(sum(each[0]["effective_status"] == "PENDING_REVIEW" for each in shown))

    assert waiting[0] > waiting[1] > waiting[2] > waiting[3] == 0


def test_a_refusal_may_be_said_flatly_and_strikes_once(graph: Client):
    campaign = graph.campaign()
    rule = {"code": 200, "text": "Ask the Page's admin.", "account": graph.act, "edge": "", "count": 1}
    (shown,) = graph.sim("faults", rule)
    assert (shown["kind"], shown["count"]) == ("refusal", 1)
    assert graph.post(campaign, name="x")["error"]["error_user_msg"] == "Ask the Page's admin."
    assert graph.post(campaign, name="x") == {"success": True}


def test_a_refusal_of_any_code_strikes_by_edge_and_body(graph: Client):
    campaign, _, _ = graph.tree()
    rule = {
        "kind": "refusal",
        "edge": "adsets",
        "body": {"name": "*lookalike*"},
        "refusal": {
            "code": 100,
            "subcode": 1815089,
            "title": "Lead terms",
            "text": "Accept the terms.",
            "blame": ["promoted_object"],
        },
    }
    graph.sim("faults", rule)

    refused = graph.post(f"{graph.act}/adsets", **graph.ad_set_params(campaign, name="lookalike"))
    assert refused["error"]["code"] == 100
    assert refused["error"]["error_subcode"] == 1815089
    assert refused["error"]["error_user_msg"] == "Accept the terms."
    assert "id" in graph.post(f"{graph.act}/adsets", **graph.ad_set_params(campaign, name="broad"))
    graph.sim("faults", method="DELETE")
