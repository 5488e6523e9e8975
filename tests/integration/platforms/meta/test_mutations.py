"""Absolute updates and copies."""

from __future__ import annotations

import pytest

from orchestrator.errors import Rejected, Throttled
from orchestrator.platforms.specs import CampaignSpec
from tests.integration.platforms.meta.conftest import Tree, User, build_tree


def a_scaling_campaign(user: User, goal: str = "streams") -> str:
    return user.account.create_campaign(CampaignSpec(name="scaling", goal_key=goal, daily_budget_minor=6000))


def test_budgets_are_set_to_a_value_on_either_level(user: User):
    abo, cbo = build_tree(user, "streams"), build_tree(user, "streams", cbo_minor=6000)

    user.account.set_daily_budget("ad_set", abo.ad_set, 2400)
    user.account.set_daily_budget("ad_set", abo.ad_set, 2400)
    user.account.set_daily_budget("campaign", cbo.campaign, 7200)

    assert user.account.ad_set(abo.ad_set).daily_budget_minor == 2400
    assert user.account.campaign(cbo.campaign).daily_budget_minor == 7200


def test_the_fifth_budget_change_of_an_hour_waits_an_hour_and_nothing_else_does(user: User):
    tree = build_tree(user, "streams")
    for minor in (2100, 2200, 2300, 2400):
        user.account.set_daily_budget("ad_set", tree.ad_set, minor)

    with pytest.raises(Throttled) as refused:
        user.account.set_daily_budget("ad_set", tree.ad_set, 2500)
    user.account.set_status("ad_set", tree.ad_set, "ACTIVE")

    assert (refused.value.subcode, refused.value.wait_s) == (1487632, 3600.0)
    assert user.account.ad_set(tree.ad_set).daily_budget_minor == 2400


@pytest.mark.parametrize("kind", ["campaign", "ad_set", "ad"])
def test_a_status_is_set_to_a_value_on_every_level(user: User, kind: str):
    tree = build_tree(user, "followers")
    object_id = {"campaign": tree.campaign, "ad_set": tree.ad_set, "ad": tree.ad}[kind]

    def status() -> str:
        found = {
            "campaign": user.account.campaigns_named("[k:c]"),
            "ad_set": user.account.ad_sets_named(tree.campaign, "[k:s]"),
            "ad": user.account.ads_named(tree.ad_set, "[k:a]"),
        }
        return found[kind][0].status

    seen = []
    for wanted in ("ACTIVE", "ACTIVE", "PAUSED"):
        user.account.set_status(kind, object_id, wanted)  # type: ignore[arg-type]
        seen.append(status())

    assert seen == ["ACTIVE", "ACTIVE", "PAUSED"]


def test_an_object_that_is_not_there_is_refused(user: User):
    with pytest.raises(Rejected) as refused:
        user.account.set_status("ad_set", "120200000000000001", "PAUSED")

    assert (refused.value.code, refused.value.subcode) == (100, 33)


def test_a_campaign_that_is_not_there_is_refused_after_looking_again(user: User):
    with pytest.raises(Rejected) as refused:
        user.account.campaign("120200000000000001")

    assert refused.value.subcode == 33


def a_copy(user: User) -> tuple[Tree, str, str]:
    tree, scaling = build_tree(user, "streams"), a_scaling_campaign(user)
    return tree, scaling, user.account.copy_ad_set(user.account.ad_set(tree.ad_set), scaling, " [k:p]")


def test_a_copy_into_a_campaign_budget_is_paused_empty_and_without_a_budget(user: User):
    tree, scaling, copy_id = a_copy(user)

    copy = user.account.ad_set(copy_id)
    assert (copy.name, copy.status, copy.campaign_id) == ("broad [k:s] [k:p]", "PAUSED", scaling)
    assert (copy.daily_budget_minor, copy.source_adset_id) == (None, tree.ad_set)
    assert copy.optimization_goal == "OFFSITE_CONVERSIONS"
    assert user.account.ads_of(copy_id) == []


def test_a_copy_is_found_from_its_source_in_its_campaign_only(user: User):
    tree, scaling, copy_id = a_copy(user)
    elsewhere = a_scaling_campaign(user)
    user.account.copy_ad_set(user.account.ad_set(tree.ad_set), elsewhere, " [k:q]")

    (found,) = user.account.copies_of(tree.ad_set, scaling)

    assert (found.id, found.status, found.name) == (copy_id, "PAUSED", "broad [k:s] [k:p]")
    assert user.account.copies_of(copy_id, scaling) == []


def test_an_ad_is_copied_with_its_creative(user: User):
    tree, _, copy_id = a_copy(user)

    ad_id = user.account.copy_ad(user.account.ad(tree.ad), copy_id, " [k:p]")

    (ad,) = user.account.ads_of(copy_id)
    assert (ad.id, ad.name, ad.status) == (ad_id, "ad [k:a] [k:p]", "PAUSED")
    assert (ad.creative_id, ad.source_id) == (tree.creative, tree.ad)


def test_a_copy_for_another_goal_is_refused(user: User):
    build_tree(user, "streams", cbo_minor=6000)
    (scaling,) = (each.id for each in user.account.campaigns_named("[k:c]"))
    other = build_tree(user, "fan_segmentation")

    with pytest.raises(Rejected):
        user.account.copy_ad_set(user.account.ad_set(other.ad_set), scaling, " [k:p]")
