"""What is asked of Meta, goal by goal."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.errors import ConfigError
from orchestrator.platforms.meta.wire import payloads
from orchestrator.platforms.specs import AdSetSpec, AdSpec, CampaignSpec
from tests.unit.platforms.meta.assets import assets

US = {"geo_locations": {"countries": ["US"]}, "age_min": 18, "age_max": 65}


def an_ad_set(**change: Any) -> AdSetSpec:
    plain = {
        "name": "broad [k:1]",
        "campaign_id": "6",
        "goal_key": "virality",
        "daily_budget_minor": 500,
        "targeting": US,
    }
    return AdSetSpec(**(plain | change))


def test_a_campaign_without_budget_says_that_ad_sets_do_not_share():
    spec = CampaignSpec(name="Streams [k:1]", goal_key="streams", daily_budget_minor=None)

    assert payloads.campaign_params(spec) == {
        "name": "Streams [k:1]",
        "objective": "OUTCOME_SALES",
        "buying_type": "AUCTION",
        "special_ad_categories": [],
        "status": "PAUSED",
        "is_adset_budget_sharing_enabled": False,
    }


def test_a_campaign_with_a_budget_says_its_bid_strategy():
    spec = CampaignSpec(name="Streams [k:1]", goal_key="streams", daily_budget_minor=3000)

    assert payloads.campaign_params(spec) == {
        "name": "Streams [k:1]",
        "objective": "OUTCOME_SALES",
        "buying_type": "AUCTION",
        "special_ad_categories": [],
        "status": "PAUSED",
        "daily_budget": 3000,
        "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    }


@pytest.mark.parametrize(
    ("goal", "objective", "optimization_goal", "destination"),
    [
        ("streams", "OUTCOME_SALES", "OFFSITE_CONVERSIONS", "WEBSITE"),
        ("presave", "OUTCOME_SALES", "OFFSITE_CONVERSIONS", "WEBSITE"),
        ("virality", "OUTCOME_ENGAGEMENT", "THRUPLAY", "ON_VIDEO"),
        ("followers", "OUTCOME_TRAFFIC", "VISIT_INSTAGRAM_PROFILE", "INSTAGRAM_PROFILE"),
        ("build_audience", "OUTCOME_LEADS", "LEAD_GENERATION", "ON_AD"),
        ("fan_segmentation", "OUTCOME_TRAFFIC", "LINK_CLICKS", "WEBSITE"),
    ],
)
def test_each_goal_has_its_own_way(goal: str, objective: str, optimization_goal: str, destination: str):
    campaign = payloads.campaign_params(CampaignSpec(name="n", goal_key=goal, daily_budget_minor=None))
    ad_set = payloads.ad_set_params(an_ad_set(goal_key=goal), assets())

    assert campaign["objective"] == objective
    assert ad_set["optimization_goal"] == optimization_goal
    assert ad_set["destination_type"] == destination
    assert ad_set["billing_event"] == "IMPRESSIONS"


def test_an_ad_set_with_a_budget_says_everything_that_meta_guesses_wrongly():
    assert payloads.ad_set_params(an_ad_set(), assets()) == {
        "name": "broad [k:1]",
        "campaign_id": "6",
        "optimization_goal": "THRUPLAY",
        "billing_event": "IMPRESSIONS",
        "destination_type": "ON_VIDEO",
        "targeting": {
            "geo_locations": {"countries": ["US"]},
            "age_min": 18,
            "age_max": 65,
            "targeting_automation": {"advantage_audience": 0},
        },
        "status": "PAUSED",
        "daily_budget": 500,
        "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    }


IOS = US | {"user_os": ["iOS"]}


@pytest.mark.parametrize(
    ("goal", "targeting", "knows_device_switch", "expected"),
    [
        ("streams", IOS, True, {"device": 0}),
        ("presave", US | {"user_device": ["iPhone"]}, True, {"device": 0}),
        ("streams", US | {"excluded_user_device": ["iPad"]}, True, {"device": 0}),
        ("streams", IOS, False, {}),
        ("streams", US, True, {}),
        ("fan_segmentation", IOS, True, {}),
        ("streams", IOS | {"targeting_automation": {"device": 1}}, True, {"device": 1}),
        (
            "streams",
            IOS | {"targeting_automation": {"advantage_audience": 1}},
            True,
            {"advantage_audience": 1, "device": 0},
        ),
    ],
)
def test_devices_stay_those_of_the_audience_where_the_version_knows_the_switch(
    goal: str, targeting: dict[str, Any], expected: dict[str, int], *, knows_device_switch: bool
):
    spec = an_ad_set(goal_key=goal, targeting=targeting)
    params = payloads.ad_set_params(spec, assets(), knows_device_switch=knows_device_switch)

    assert params["targeting"]["targeting_automation"] == {"advantage_audience": 0} | expected


def test_an_ad_set_under_a_campaign_budget_has_neither_budget_nor_bid_strategy():
    params = payloads.ad_set_params(an_ad_set(daily_budget_minor=None), assets())

    assert "daily_budget" not in params
    assert "bid_strategy" not in params


def test_the_template_may_ask_for_audience_expansion():
    params = payloads.ad_set_params(
        an_ad_set(targeting=US | {"targeting_automation": {"advantage_audience": 1}}), assets()
    )

    assert params["targeting"]["targeting_automation"] == {"advantage_audience": 1}


def test_followers_are_sought_on_instagram_only():
    targeting = US | {
        "publisher_platforms": ["facebook", "instagram"],
        "facebook_positions": ["feed"],
        "instagram_positions": ["stream"],
    }

    params = payloads.ad_set_params(an_ad_set(goal_key="followers", targeting=targeting), assets())

    assert params["targeting"] == US | {
        "publisher_platforms": ["instagram"],
        "instagram_positions": ["stream"],
        "targeting_automation": {"advantage_audience": 0},
    }


@pytest.mark.parametrize(
    ("places", "reaches"),
    [
        pytest.param({"countries": ["US"]}, False, id="the United States"),
        pytest.param({"countries": ["US", "DE"]}, True, id="Germany too"),
        pytest.param({"countries": ["GB", "CH", "NO"]}, False, id="Europe outside the Union"),
        pytest.param({"country_groups": ["worldwide"]}, True, id="everywhere"),
        pytest.param({"country_groups": ["asia"]}, False, id="Asia"),
        pytest.param({"cities": [{"key": "1", "country": "FR"}]}, True, id="a French city"),
        pytest.param({"regions": [{"key": "1", "country": "US"}]}, False, id="an American state"),
        pytest.param(
            {"countries": ["US"], "location_types": ["home"]}, False, id="other lists are no places"
        ),
        pytest.param({}, False, id="nowhere"),
    ],
)
def test_the_union_is_told_from_the_rest(places: dict[str, Any], reaches: bool):  # noqa: FBT001
    assert payloads.reaches_eu({"geo_locations": places}) is reaches


@pytest.mark.parametrize(
    ("country", "told"),
    [
        pytest.param("DE", {"dsa_beneficiary": "Band", "dsa_payor": "Label"}, id="in the Union"),
        pytest.param("US", {}, id="elsewhere"),
    ],
)
def test_beneficiary_and_payor_are_named_in_the_union(country: str, told: dict[str, str]):
    targeting = {"geo_locations": {"countries": [country]}}

    params = payloads.ad_set_params(
        an_ad_set(targeting=targeting), assets(dsa_beneficiary="Band", dsa_payor="Label")
    )

    assert {key: value for key, value in params.items() if key.startswith("dsa_")} == told


def test_without_names_the_union_is_left_to_the_account_s_defaults():
    params = payloads.ad_set_params(an_ad_set(targeting={"geo_locations": {"countries": ["DE"]}}), assets())

    assert not [key for key in params if key.startswith("dsa_")]


def test_an_ad_is_paused_and_tracked_by_its_pixel():
    assert payloads.ad_params(AdSpec(name="a", ad_set_id="7", creative_id="8"), "9") == {
        "name": "a",
        "adset_id": "7",
        "creative": {"creative_id": "8"},
        "status": "PAUSED",
        "tracking_specs": [{"action.type": ["offsite_conversion"], "fb_pixel": ["9"]}],
    }
    assert "tracking_specs" not in payloads.ad_params(AdSpec(name="a", ad_set_id="7", creative_id="8"), None)


def test_a_copy_is_paused_and_carries_the_key():
    assert payloads.copy_params("n" * 394, " [k:1]") == {
        "status_option": "PAUSED",
        "rename_options": {"rename_strategy": "ONLY_TOP_LEVEL_RENAME", "rename_suffix": " [k:1]"},
    }


def test_a_copy_whose_name_would_be_too_long_keeps_that_of_its_source():
    assert payloads.copy_params("n" * 395, " [k:1]") == {
        "status_option": "PAUSED",
        "rename_options": {"rename_strategy": "NO_RENAME"},
    }


@pytest.mark.parametrize(
    ("name", "fitted"),
    [
        pytest.param("", "", id="none"),
        pytest.param("n" * 400, "n" * 400, id="as long as may be"),
        pytest.param("n" * 401, "n" * 400, id="one too long"),
        pytest.param("n" * 394 + " [k:1]", "n" * 394 + " [k:1]", id="as long as may be with its key"),
        pytest.param("n" * 395 + " [k:1]", "n" * 394 + " [k:1]", id="one too long with its key"),
        pytest.param("é" * 500 + " [k:1]", "é" * 394 + " [k:1]", id="counted in characters"),
        pytest.param("n" * 399 + " [k:0] [k:1]", "n" * 394 + " [k:1]", id="the last key is its own"),
    ],
)
def test_a_name_is_cut_and_its_key_stays(name: str, fitted: str):
    spec = CampaignSpec(name=name, goal_key="streams", daily_budget_minor=None)

    assert payloads.campaign_params(spec)["name"] == fitted


def test_an_unknown_goal_is_a_matter_of_settings():
    with pytest.raises(ConfigError, match="goal 'fame' is not one the orchestrator knows"):
        payloads.campaign_params(CampaignSpec(name="n", goal_key="fame", daily_budget_minor=None))
