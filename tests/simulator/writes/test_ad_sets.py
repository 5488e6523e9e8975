"""What an ad set must be, and what may be done to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import US, Client


def targeting(**change: Any) -> dict[str, Any]:
    return {"targeting": US | change}


def automation(**change: Any) -> dict[str, Any]:
    return targeting(targeting_automation={"advantage_audience": 1}, **change)


@pytest.mark.parametrize(
    ("change", "subcode", "blame"),
    [
        pytest.param({"name": None}, None, None, id="name missing"),
        pytest.param({"campaign_id": None}, None, None, id="campaign missing"),
        pytest.param({"campaign_id": "123"}, None, "campaign_id", id="campaign unknown"),
        pytest.param({"optimization_goal": None}, None, None, id="goal missing"),
        pytest.param({"optimization_goal": "NONSENSE"}, None, "optimization_goal", id="goal unknown"),
        pytest.param(
            {"optimization_goal": "THRUPLAY"}, 2490408, "optimization_goal", id="goal of another objective"
        ),
        pytest.param({"billing_event": None}, None, None, id="billing event missing"),
        pytest.param(
            {"billing_event": "LINK_CLICKS"}, None, "billing_event", id="billing event of another goal"
        ),
        pytest.param(
            {"destination_type": "ON_VIDEO"}, 2490408, "optimization_goal", id="destination of another goal"
        ),
        pytest.param({"targeting": None}, None, None, id="targeting missing"),
        pytest.param(
            {"targeting": {"targeting_automation": {"advantage_audience": 0}}},
            1885364,
            "targeting",
            id="no place",
        ),
        pytest.param(
            {"targeting": {"geo_locations": {"countries": ["US"]}}}, 1870227, "targeting", id="audience flag"
        ),
        pytest.param(automation(age_min=26), 1870188, "targeting", id="youngest 26 with Advantage+"),
        pytest.param(automation(age_max=64), 1870189, "targeting", id="oldest 64 with Advantage+"),
        pytest.param(targeting(interests=[{"id": "x"}]), 1487079, "targeting", id="interest that is none"),
        pytest.param(
            targeting(geo_locations={"countries": ["US"], "cities": [{"key": "1", "country": "US"}]}),
            1487756,
            "targeting",
            id="city inside its country",
        ),
        pytest.param(
            targeting(instagram_positions=["stream", "explore"]), 2490392, "targeting", id="explore"
        ),
        pytest.param(targeting(moods=["happy"]), None, "targeting", id="unknown targeting field"),
        pytest.param(
            targeting(geo_locations={"countries": ["DE"]}), 3858079, "dsa_payor", id="EU without payor"
        ),
        pytest.param(
            targeting(geo_locations={"countries": ["DE"]}) | {"dsa_payor": "me"},
            3858081,
            "dsa_beneficiary",
            id="EU without beneficiary",
        ),
        pytest.param({"promoted_object": None}, 1885014, "promoted_object", id="nothing promoted"),
        pytest.param(
            {"promoted_object": {"pixel_id": "1", "custom_event_type": "LEAD"}},
            1885014,
            "promoted_object",
            id="pixel of nobody",
        ),
        pytest.param(
            {"promoted_object": {"custom_conversion_id": "1"}},
            1885014,
            "promoted_object",
            id="conversion of nobody",
        ),
        pytest.param(
            {"promoted_object": {"instagram_profile_id": "1"}},
            1885014,
            "promoted_object",
            id="unknown promoted field",
        ),
        pytest.param({"bid_strategy": None}, 2490487, "bid_strategy", id="no bid strategy"),
        pytest.param({"bid_strategy": "COST_CAP"}, 1815857, "bid_amount", id="cap without amount"),
        pytest.param({"bid_amount": 100}, None, "bid_amount", id="amount without cap"),
        pytest.param({"daily_budget": None}, None, "daily_budget", id="no budget"),
        pytest.param({"daily_budget": 99}, 1885272, "daily_budget", id="a cent below the minimum"),
        pytest.param({"lifetime_budget": 1000}, None, "lifetime_budget", id="both kinds of budget"),
        pytest.param(
            {"daily_budget": None, "lifetime_budget": 1000},
            None,
            "end_time",
            id="lifetime budget without end",
        ),
        pytest.param(
            {"end_time": "2026-11-24T03:59:59-0800"}, None, "end_time", id="daily budget for less than a day"
        ),
        pytest.param(
            {"attribution_spec": [{"event_type": "CLICK_THROUGH", "window_days": 28}]},
            1885501,
            "attribution_spec",
            id="window of 28 days",
        ),
        pytest.param({"status": "DELETED"}, None, "status", id="deleted at create"),
    ],
)
def test_an_ad_set_is_refused(graph: Client, change: dict[str, Any], subcode: int | None, blame: str | None):
    params = graph.ad_set_params(graph.campaign()) | change

    error = graph.post(f"{graph.act}/adsets", **params)["error"]

    assert (error["code"], error.get("error_subcode")) == (100, subcode)
    assert error.get("error_data") == (f'{{"blame_field_specs":[["{blame}"]]}}' if blame else None)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"daily_budget": 100}, id="budget on the minimum"),
        pytest.param(automation(age_min=25, age_max=65), id="ages on the bounds of Advantage+"),
        pytest.param(
            targeting(geo_locations={"countries": ["DE"]}) | {"dsa_payor": "me", "dsa_beneficiary": "me"},
            id="EU",
        ),
        pytest.param({"end_time": "2026-11-24T04:00:00-0800"}, id="a day to the second"),
        pytest.param(
            {
                "attribution_spec": [
                    {"event_type": "CLICK_THROUGH", "window_days": 7},
                    {"event_type": "VIEW_THROUGH", "window_days": 1},
                ]
            },
            id="the usual window",
        ),
        pytest.param({"bid_strategy": "COST_CAP", "bid_amount": 300}, id="cap with amount"),
    ],
)
def test_an_ad_set_is_accepted(graph: Client, change: dict[str, Any]):
    params = graph.ad_set_params(graph.campaign(), **change)

    assert list(graph.post(f"{graph.act}/adsets", **params)) == ["id"]


@pytest.mark.parametrize(
    ("objective", "change"),
    [
        pytest.param("OUTCOME_SALES", {}, id="custom event"),
        pytest.param("OUTCOME_SALES", {"promoted_object": "conversion"}, id="custom conversion"),
        pytest.param(
            "OUTCOME_ENGAGEMENT",
            {"optimization_goal": "THRUPLAY", "destination_type": "ON_VIDEO", "promoted_object": None},
            id="thruplays",
        ),
        pytest.param(
            "OUTCOME_TRAFFIC",
            {
                "optimization_goal": "VISIT_INSTAGRAM_PROFILE",
                "destination_type": "INSTAGRAM_PROFILE",
                "promoted_object": "page",
                "targeting": US | {"publisher_platforms": ["instagram"]},
            },
            id="profile visits",
        ),
        pytest.param(
            "OUTCOME_LEADS",
            {"optimization_goal": "LEAD_GENERATION", "destination_type": "ON_AD", "promoted_object": "page"},
            id="leads",
        ),
        pytest.param(
            "OUTCOME_TRAFFIC",
            {"optimization_goal": "LINK_CLICKS", "promoted_object": None},
            id="link clicks",
        ),
    ],
)
def test_each_usual_goal_can_be_created(graph: Client, objective: str, change: dict[str, Any]):
    objects = {
        "page": {"page_id": graph.me["page_id"]},
        "conversion": {"custom_conversion_id": graph.me["custom_conversion_id"]},
    }
    if change.get("promoted_object") in objects:
        change = change | {"promoted_object": objects[change["promoted_object"]]}

    params = graph.ad_set_params(graph.campaign(objective=objective), **change)

    assert list(graph.post(f"{graph.act}/adsets", **params)) == ["id"]


def test_an_event_of_its_own_needs_its_name(graph: Client):
    promoted = {"pixel_id": graph.me["pixel_id"], "custom_event_type": "OTHER"}
    params = graph.ad_set_params(graph.campaign(), promoted_object=promoted)

    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 1885014)


def test_a_custom_conversion_has_no_event_type(graph: Client):
    promoted = {"custom_conversion_id": graph.me["custom_conversion_id"], "custom_event_type": "OTHER"}
    params = graph.ad_set_params(graph.campaign(), promoted_object=promoted)

    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 1885014)


def test_profile_visits_need_their_destination(graph: Client):
    params = graph.ad_set_params(
        graph.campaign(objective="OUTCOME_TRAFFIC"),
        optimization_goal="VISIT_INSTAGRAM_PROFILE",
        destination_type=None,
        promoted_object={"page_id": graph.me["page_id"]},
    )

    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 2446509)


def test_under_a_campaign_budget_an_ad_set_has_none(graph: Client):
    params = graph.ad_set_params(graph.campaign(daily_budget=5000), bid_strategy=None)

    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 1885621)


def test_under_a_campaign_budget_all_want_the_same(graph: Client):
    campaign = graph.campaign(daily_budget=5000)
    graph.ad_set(campaign, daily_budget=None, bid_strategy=None)
    other = graph.ad_set_params(
        campaign, daily_budget=None, bid_strategy=None, optimization_goal="LINK_CLICKS", promoted_object=None
    )

    assert graph.refused(f"{graph.act}/adsets", **other) == (100, None)


def test_yen_have_no_cents(graph: Client):
    graph.open_account(currency="JPY", timezone="Asia/Tokyo")
    campaign = graph.campaign()

    assert graph.refused(f"{graph.act}/adsets", **graph.ad_set_params(campaign, daily_budget=149)) == (
        100,
        1885272,
    )
    ad_set = graph.ad_set(campaign, daily_budget=150)
    assert graph.get(ad_set, fields="daily_budget")["daily_budget"] == "150"


def test_an_ad_set_reads_back(graph: Client):
    campaign = graph.campaign(status="PAUSED")
    ad_set = graph.ad_set(campaign)

    answer = graph.get(
        ad_set,
        fields="account_id,campaign_id,name,status,effective_status,daily_budget,lifetime_budget,budget_remaining,"
        "billing_event,optimization_goal,bid_strategy,destination_type,promoted_object,attribution_spec,targeting,"
        "source_adset_id,start_time,end_time,bid_amount,learning_stage_info,pacing_type",
    )

    assert answer == {
        "id": ad_set,
        "account_id": graph.act[4:],
        "campaign_id": campaign,
        "name": "ad set",
        "status": "ACTIVE",
        "effective_status": "CAMPAIGN_PAUSED",
        "daily_budget": "1000",
        "lifetime_budget": "0",
        "budget_remaining": "1000",
        "billing_event": "IMPRESSIONS",
        "optimization_goal": "OFFSITE_CONVERSIONS",
        "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
        "destination_type": "WEBSITE",
        "promoted_object": {
            "pixel_id": graph.me["pixel_id"],
            "custom_event_type": "OTHER",
            "custom_event_str": "SmartLinkClicked",
        },
        "attribution_spec": [
            {"event_type": "CLICK_THROUGH", "window_days": 7},
            {"event_type": "VIEW_THROUGH", "window_days": 1},
        ],
        "targeting": {
            "age_min": 18,
            "age_max": 65,
            "brand_safety_content_filter_levels": ["FACEBOOK_STANDARD", "AN_STANDARD"],
            "geo_locations": {"countries": ["US"], "location_types": ["home", "recent"]},
            "targeting_automation": {"advantage_audience": 0},
        },
        "source_adset_id": "0",
        "start_time": "2026-11-23T04:00:00-0800",
        "pacing_type": ["standard"],
    }


def test_targeting_is_replaced_whole(graph: Client):
    ad_set = graph.ad_set(graph.campaign(), targeting=US | {"age_min": 30})
    graph.post(ad_set, targeting=US | {"age_max": 40})

    assert graph.get(ad_set, fields="targeting")["targeting"]["age_min"] == 18


def test_the_budget_changes_four_times_an_hour(graph: Client):
    ad_set = graph.ad_set(graph.campaign())
    for budget in (1001, 1002, 1003, 1004):
        assert graph.post(ad_set, daily_budget=budget) == {"success": True}

    assert graph.refused(ad_set, daily_budget=1005) == (613, 1487632)
    assert graph.post(ad_set, daily_budget=1004) == {"success": True}
    graph.advance(1)
    assert graph.post(ad_set, daily_budget=1005) == {"success": True}


def test_the_attribution_window_cannot_change(graph: Client):
    ad_set = graph.ad_set(graph.campaign())

    refused = graph.refused(ad_set, attribution_spec=[{"event_type": "CLICK_THROUGH", "window_days": 1}])

    assert refused == (100, 1504040)


def test_the_promoted_object_cannot_change_once_published(graph: Client):
    promoted = {"custom_conversion_id": graph.me["custom_conversion_id"]}
    published = graph.ad_set(graph.campaign())
    draft = graph.ad_set(graph.campaign(), status="PAUSED")

    assert graph.refused(published, promoted_object=promoted) == (100, 3260011)
    assert graph.post(draft, promoted_object=promoted) == {"success": True}


def test_a_campaign_has_at_most_200_ad_sets(graph: Client):
    forms = [{"name": str(number), "daily_budget_minor": 100} for number in range(200)]
    me = graph.open_account(campaigns=[{"ad_sets": forms}])
    params = graph.ad_set_params(me["campaigns"][0]["id"])

    assert graph.refused(f"{graph.act}/adsets", **params) == (100, None)


def test_an_ad_set_of_a_paused_campaign_reads_campaign_paused(graph: Client):
    campaign, ad_set, ad = graph.tree()
    graph.advance(1)
    graph.post(campaign, status="PAUSED")

    assert graph.get(ad_set, fields="effective_status")["effective_status"] == "CAMPAIGN_PAUSED"
    assert graph.get(ad, fields="effective_status")["effective_status"] == "CAMPAIGN_PAUSED"
    graph.delete(campaign)
    assert graph.get(ad_set, fields="effective_status")["effective_status"] == "DELETED"
