"""What a campaign must be, and what may be done to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client

GOOD: dict[str, Any] = {
    "name": "c",
    "objective": "OUTCOME_SALES",
    "special_ad_categories": [],
    "status": "PAUSED",
    "is_adset_budget_sharing_enabled": False,
}
CBO = {"is_adset_budget_sharing_enabled": None, "bid_strategy": "LOWEST_COST_WITHOUT_CAP"}


def test_a_create_answers_the_id_alone(graph: Client):
    answer = graph.post(f"{graph.act}/campaigns", **GOOD)

    assert list(answer) == ["id"]
    assert answer["id"].isdigit()
    assert 15 <= len(answer["id"]) <= 18


@pytest.mark.parametrize(
    ("change", "code", "subcode", "blame"),
    [
        pytest.param({"name": None}, 100, None, None, id="name missing"),
        pytest.param({"name": " "}, 100, None, "name", id="name empty"),
        pytest.param({"name": "x" * 401}, 100, None, "name", id="name of 401 characters"),
        pytest.param({"objective": None}, 100, None, None, id="objective missing"),
        pytest.param({"objective": "CONVERSIONS"}, 100, None, "objective", id="legacy objective"),
        pytest.param({"objective": "NONSENSE"}, 100, None, "objective", id="unknown objective"),
        pytest.param({"special_ad_categories": None}, 100, None, None, id="categories missing"),
        pytest.param(
            {"special_ad_categories": ["CREDIT"]}, 100, None, "special_ad_categories", id="category replaced"
        ),
        pytest.param(
            {"special_ad_categories": ["HOUSING"]}, 100, None, "special_ad_category_country", id="no country"
        ),
        pytest.param({"status": "ARCHIVED"}, 100, None, "status", id="archived at create"),
        pytest.param(
            {"is_adset_budget_sharing_enabled": None},
            100,
            4834011,
            "is_adset_budget_sharing_enabled",
            id="sharing not said",
        ),
        pytest.param(
            {
                "daily_budget": 500,
                "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
                "is_adset_budget_sharing_enabled": True,
            },
            100,
            4834002,
            "is_adset_budget_sharing_enabled",
            id="sharing with a campaign budget",
        ),
        pytest.param(
            {"is_adset_budget_sharing_enabled": True},
            100,
            4834005,
            "bid_strategy",
            id="sharing without strategy",
        ),
        pytest.param(
            {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"},
            100,
            1885737,
            "bid_strategy",
            id="strategy without budget",
        ),
        pytest.param(CBO | {"daily_budget": 99}, 100, 1885272, "daily_budget", id="a cent below the minimum"),
        pytest.param(CBO | {"daily_budget": 0}, 100, 1885272, "daily_budget", id="budget of nothing"),
        pytest.param({"spend_cap": 9999}, 100, 2446307, "spend_cap", id="cap a cent too low"),
        pytest.param({"colour": "blue"}, 100, None, "colour", id="unknown parameter"),
        pytest.param({"daily_budget": "12.5"}, 100, None, "daily_budget", id="budget with a fraction"),
        pytest.param({"daily_budget": -1}, 100, None, "daily_budget", id="negative budget"),
        pytest.param(
            {"special_ad_categories": {"a": 1}}, 100, None, "special_ad_categories", id="map for a list"
        ),
    ],
)
def test_a_campaign_is_refused(
    graph: Client, change: dict[str, Any], code: int, subcode: int | None, blame: str | None
):
    error = graph.post(f"{graph.act}/campaigns", **(GOOD | change))["error"]

    assert (error["code"], error.get("error_subcode")) == (code, subcode)
    assert error.get("error_data") == (f'{{"blame_field_specs":[["{blame}"]]}}' if blame else None)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(CBO | {"daily_budget": 100}, id="budget on the minimum"),
        pytest.param({"spend_cap": 10000}, id="cap on the minimum"),
        pytest.param({"special_ad_categories": ["NONE"]}, id="category none"),
        pytest.param({"name": "x" * 400}, id="name of 400 characters"),
        pytest.param(
            {"special_ad_categories": ["HOUSING"], "special_ad_category_country": ["US"]},
            id="housing in the US",
        ),
    ],
)
def test_a_campaign_is_accepted(graph: Client, change: dict[str, Any]):
    assert list(graph.post(f"{graph.act}/campaigns", **(GOOD | change))) == ["id"]


def test_the_default_status_is_active(graph: Client):
    made = graph.post(f"{graph.act}/campaigns", **(GOOD | {"status": None}))

    assert graph.get(made["id"], fields="status")["status"] == "ACTIVE"


def test_a_budget_without_strategy_gets_a_bid_cap_and_its_ad_sets_need_a_bid(graph: Client):
    campaign = graph.campaign(daily_budget=5000, bid_strategy=None)
    params = graph.ad_set_params(campaign, daily_budget=None, bid_strategy=None)

    assert graph.get(campaign, fields="bid_strategy")["bid_strategy"] == "LOWEST_COST_WITH_BID_CAP"
    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 1815857)


def test_an_abo_campaign_reads_without_budget(graph: Client):
    campaign = graph.campaign(status="PAUSED")

    answer = graph.get(
        campaign,
        fields="account_id,name,objective,status,configured_status,effective_status,buying_type,daily_budget,"
        "lifetime_budget,budget_remaining,is_adset_budget_sharing_enabled,special_ad_categories,special_ad_category,"
        "smart_promotion_type,source_campaign_id,pacing_type,start_time,created_time,updated_time",
    )

    assert answer == {
        "id": campaign,
        "account_id": graph.act[4:],
        "name": "campaign",
        "objective": "OUTCOME_SALES",
        "status": "PAUSED",
        "configured_status": "PAUSED",
        "effective_status": "PAUSED",
        "buying_type": "AUCTION",
        "budget_remaining": "0",
        "is_adset_budget_sharing_enabled": False,
        "special_ad_categories": [],
        "special_ad_category": "NONE",
        "smart_promotion_type": "GUIDED_CREATION",
        "source_campaign_id": "0",
        "pacing_type": ["standard"],
        "start_time": "2026-11-23T04:00:00-0800",
        "created_time": "2026-11-23T04:00:00-0800",
        "updated_time": "2026-11-23T04:00:00-0800",
    }


def test_a_node_without_fields_is_its_id(graph: Client):
    campaign = graph.campaign()

    assert graph.get(campaign) == {"id": campaign}


def test_an_update_answers_success_and_moves_updated_time(graph: Client):
    campaign = graph.campaign()
    graph.advance(1)

    assert graph.post(campaign, name="other") == {"success": True}
    assert graph.get(campaign, fields="name,updated_time") == {
        "id": campaign,
        "name": "other",
        "updated_time": "2026-11-23T05:00:00-0800",
    }


def test_a_budget_alone_does_not_move_updated_time(graph: Client):
    campaign = graph.campaign(daily_budget=5000)
    graph.advance(1)
    graph.post(campaign, daily_budget=6000)

    assert graph.get(campaign, fields="daily_budget,updated_time") == {
        "id": campaign,
        "daily_budget": "6000",
        "updated_time": "2026-11-23T04:00:00-0800",
    }


def test_a_budget_turns_abo_into_cbo_and_its_ad_sets_lose_theirs(graph: Client):
    campaign, ad_set, _ = graph.tree()

    assert graph.post(campaign, daily_budget=5000) == {"success": True}
    assert graph.get(ad_set, fields="daily_budget")["daily_budget"] == "0"
    assert graph.get(campaign, fields="daily_budget,bid_strategy") == {
        "id": campaign,
        "daily_budget": "5000",
        "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    }


def test_ad_set_budgets_turn_cbo_back_into_abo(graph: Client):
    campaign = graph.campaign(daily_budget=5000)
    ad_set = graph.ad_set(campaign, daily_budget=None, bid_strategy=None)

    assert graph.refused(campaign, adset_budgets=[]) == (100, None)
    assert graph.refused(campaign, adset_budgets=[{"adset_id": ad_set, "daily_budget": 99}]) == (100, 1885272)
    assert graph.post(campaign, adset_budgets=[{"adset_id": ad_set, "daily_budget": 700}]) == {
        "success": True
    }
    assert "daily_budget" not in graph.get(campaign, fields="daily_budget")
    assert graph.get(ad_set, fields="daily_budget")["daily_budget"] == "700"


def test_a_campaign_budget_must_feed_its_active_ad_sets(graph: Client):
    campaign = graph.campaign(daily_budget=300)
    for _ in range(3):
        graph.ad_set(campaign, daily_budget=None, bid_strategy=None)

    assert graph.refused(campaign, daily_budget=299) == (100, 2238055)
    fourth = graph.ad_set_params(campaign, daily_budget=None, bid_strategy=None)
    assert graph.refused(f"{graph.act}/adsets", **fourth) == (100, 2446149)
    assert "id" in graph.post(f"{graph.act}/adsets", **(fourth | {"status": "PAUSED"}))


def test_sharing_cannot_be_turned_on_while_running(graph: Client):
    campaign = graph.campaign()

    refused = graph.refused(
        campaign, is_adset_budget_sharing_enabled=True, bid_strategy="LOWEST_COST_WITHOUT_CAP"
    )

    assert refused == (100, 3858418)


def test_a_deleted_campaign_cannot_be_changed(graph: Client):
    campaign = graph.campaign()

    assert graph.delete(campaign) == {"success": True}
    assert graph.refused(campaign, name="x") == (100, 1487566)
    assert graph.get(campaign, fields="status")["status"] == "DELETED"


def test_an_archived_campaign_can_only_be_renamed_or_deleted(graph: Client):
    campaign = graph.campaign()
    graph.post(campaign, status="ARCHIVED")

    assert graph.refused(campaign, status="ACTIVE") == (100, 1487566)
    assert graph.refused(campaign, daily_budget=500) == (100, 1487566)
    assert graph.post(campaign, name="x") == {"success": True}
    assert graph.post(campaign, status="DELETED") == {"success": True}


def test_the_spend_cap_is_removed_by_its_great_number(graph: Client):
    campaign = graph.campaign(spend_cap=10000)
    graph.post(campaign, spend_cap=922337203685478)

    assert "spend_cap" not in graph.get(campaign, fields="spend_cap")


def test_validate_only_makes_nothing(graph: Client):
    answer = graph.post(f"{graph.act}/campaigns", **GOOD, execution_options=["validate_only"])

    assert answer == {"success": True}
    assert graph.get(f"{graph.act}/campaigns") == {"data": []}


def test_fields_of_a_create_are_read_back(graph: Client):
    answer = graph.post(f"{graph.act}/campaigns", **GOOD, fields="name,status")

    assert answer == {"id": answer["id"], "name": "c", "status": "PAUSED"}


def test_wrong_fields_of_a_create_make_nothing(graph: Client):
    assert graph.refused(f"{graph.act}/campaigns", **GOOD, fields="nonsense") == (100, None)
    assert graph.get(f"{graph.act}/campaigns") == {"data": []}
