"""A whole tree of every goal, as Meta takes it and gives it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator.errors import Rejected
from orchestrator.platforms.specs import AdSetSpec, CampaignSpec
from tests.integration.platforms.meta.conftest import US, User, activate, build_tree

GOALS = ["streams", "presave", "virality", "followers", "build_audience", "fan_segmentation"]


def created_with(user: User, edge: str) -> list[dict[str, Any]]:
    """The parameters of the creations that reached Meta."""
    return [
        each["params"]
        for each in user.requests()
        if each["method"] == "POST" and each["path"].endswith(edge) and each["took_effect"]
    ]


@pytest.mark.parametrize("goal", GOALS)
def test_every_goal_s_tree_is_created_paused_then_activated(user: User, goal: str):
    tree = build_tree(user, goal)
    paused = user.account.campaign(tree.campaign), user.account.ad_set(tree.ad_set)
    ad = user.account.ads_of(tree.ad_set)[0]

    activate(user, tree)

    assert [each.status for each in paused] == ["PAUSED", "PAUSED"]
    assert (ad.id, ad.status, ad.creative_id, ad.source_id) == (tree.ad, "PAUSED", tree.creative, None)
    campaign, ad_set = user.account.campaign(tree.campaign), user.account.ad_set(tree.ad_set)
    assert (campaign.status, campaign.daily_budget_minor) == ("ACTIVE", None)
    assert (ad_set.status, ad_set.daily_budget_minor, ad_set.campaign_id) == ("ACTIVE", 2000, tree.campaign)
    assert user.account.ads_of(tree.ad_set)[0].status == "ACTIVE"


@pytest.mark.parametrize(
    ("goal", "objective", "optimization_goal"),
    [
        ("streams", "OUTCOME_SALES", "OFFSITE_CONVERSIONS"),
        ("presave", "OUTCOME_SALES", "OFFSITE_CONVERSIONS"),
        ("virality", "OUTCOME_ENGAGEMENT", "THRUPLAY"),
        ("followers", "OUTCOME_TRAFFIC", "VISIT_INSTAGRAM_PROFILE"),
        ("build_audience", "OUTCOME_LEADS", "LEAD_GENERATION"),
        ("fan_segmentation", "OUTCOME_TRAFFIC", "LINK_CLICKS"),
    ],
)
def test_a_campaign_budget_is_owned_by_the_campaign(
    user: User, goal: str, objective: str, optimization_goal: str
):
    tree = build_tree(user, goal, cbo_minor=6000)

    campaign, ad_set = user.account.campaign(tree.campaign), user.account.ad_set(tree.ad_set)
    assert (campaign.objective, campaign.daily_budget_minor) == (objective, 6000)
    assert (ad_set.optimization_goal, ad_set.daily_budget_minor) == (optimization_goal, None)


def test_what_meta_is_told_never_leaves_its_defaults_to_chance(user: User):
    build_tree(user, "streams")

    (campaign,), (ad_set,), (ad,) = (created_with(user, edge) for edge in ("/campaigns", "/adsets", "/ads"))
    assert campaign["status"] == ad_set["status"] == ad["status"] == "PAUSED"
    assert campaign["is_adset_budget_sharing_enabled"] in {False, "false"}
    assert "bid_strategy" not in campaign
    assert ad_set["bid_strategy"] == "LOWEST_COST_WITHOUT_CAP"


def test_each_thing_is_found_by_its_key_and_only_there(user: User):
    tree = build_tree(user, "fan_segmentation")
    account = user.account

    assert [found.id for found in account.campaigns_named("[k:c]")] == [tree.campaign]
    assert [found.id for found in account.ad_sets_named(tree.campaign, "[k:s]")] == [tree.ad_set]
    assert [found.id for found in account.ads_named(tree.ad_set, "[k:a]")] == [tree.ad]
    assert [found.id for found in account.creatives_named("[k:r]")] == [tree.creative]
    assert account.campaigns_named("[k:x]") == []
    assert account.ad_sets_named(tree.campaign, "[k:c]") == []


def test_two_of_one_key_are_found_oldest_first(user: User):
    spec = CampaignSpec(name="twice [k:2]", goal_key="streams", daily_budget_minor=None)
    first = user.account.create_campaign(spec)
    user.simulator.post("clock", {"advance_seconds": 60})
    second = user.account.create_campaign(spec)

    assert [found.id for found in user.account.campaigns_named("[k:2]")] == [first, second]


@pytest.mark.parametrize("gone", ["ARCHIVED", "DELETED"])
def test_what_a_person_removed_is_still_found(user: User, gone: str):
    tree = build_tree(user, "streams")
    user.account.set_status("ad_set", tree.ad_set, gone)  # type: ignore[arg-type]  # as a person would

    (found,) = user.account.ad_sets_named(tree.campaign, "[k:s]")
    _, ad_sets = user.account.tree([tree.campaign])

    assert (found.id, found.status) == (tree.ad_set, gone)
    assert [(each.id, each.status) for each in ad_sets] == [(tree.ad_set, gone)]


def an_ad_set(user: User, **change: Any) -> AdSetSpec:
    campaign = user.account.create_campaign(
        CampaignSpec(name="c", goal_key="streams", daily_budget_minor=None)
    )
    plain = AdSetSpec(
        name="broad",
        campaign_id=campaign,
        goal_key="streams",
        daily_budget_minor=2000,
        targeting=US,
    )
    return replace(plain, **change)


@pytest.mark.parametrize(
    ("change", "subcode", "told"),
    [
        pytest.param(
            {"daily_budget_minor": 1}, 1885272, "Budget is too low", id="a budget under the minimum"
        ),
        pytest.param(
            {"targeting": {"geo_locations": {"countries": ["DE"]}}},
            3858079,
            "dsa_payor",
            id="no payor in the EU",
        ),
    ],
)
def test_a_refusal_is_final_and_names_its_cause(user: User, change: dict[str, Any], subcode: int, told: str):
    with pytest.raises(Rejected, match=told) as refused:
        user.account.create_ad_set(an_ad_set(user, **change))

    assert (refused.value.code, refused.value.subcode) == (100, subcode)
    assert refused.value.trace


def test_an_ad_set_that_promotes_nothing_is_refused(user: User):
    strange = replace(user.assets, pixel_id="1")

    with pytest.raises(Rejected) as refused:
        user.app.account(strange).create_ad_set(an_ad_set(user))

    assert refused.value.code == 100


def test_named_beneficiary_and_payor_are_taken_in_the_eu(user: User):
    account = user.app.account(replace(user.assets, dsa_beneficiary="The band", dsa_payor="The label"))
    spec = an_ad_set(user, targeting={"geo_locations": {"countries": ["DE"]}})

    assert account.ad_set(account.create_ad_set(spec)).name == "broad"
