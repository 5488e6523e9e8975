"""What an ad set must be."""

from __future__ import annotations

from typing import Any

from graph_simulator.errors import bad_param, invalid
from graph_simulator.rules.budgets import check_ad_set_budget, check_bid, check_room
from graph_simulator.rules.campaigns import check_name, check_new_status
from graph_simulator.rules.goals import check_goal
from graph_simulator.rules.targeting_spec import check_targeting
from graph_simulator.state.objects import AdSet
from graph_simulator.state.status import GONE

MOST_AD_SETS_A_CAMPAIGN = 200
MOST_AD_SETS = 5000
_CLICK_1D = frozenset({("CLICK_THROUGH", 1)})
_SITE_WINDOWS = (
    _CLICK_1D,
    frozenset({("CLICK_THROUGH", 7)}),
    frozenset({("CLICK_THROUGH", 1), ("VIEW_THROUGH", 1)}),
    frozenset({("CLICK_THROUGH", 7), ("VIEW_THROUGH", 1)}),
)


def check_new_ad_set(ad_set: AdSet) -> None:
    """Refuse an ad set that may not be created, by hand or as a copy.

    Raises:
        GraphError: 100.
    """
    campaign = ad_set.campaign
    check_new_status(ad_set.status)
    if campaign.status in GONE:
        text = "The campaign was deleted or archived: nothing can be added to it."
        raise invalid(1487566, "Campaign is not available", text, "campaign_id")
    if sum(1 for each in campaign.ad_sets if each.status != "DELETED") >= MOST_AD_SETS_A_CAMPAIGN:
        raise bad_param(f"A campaign may have at most {MOST_AD_SETS_A_CAMPAIGN} ad sets", "campaign_id")
    siblings = (each for one in campaign.account.campaigns for each in one.ad_sets)
    if sum(1 for each in siblings if each.status != "DELETED") >= MOST_AD_SETS:
        raise bad_param(f"An ad account may have at most {MOST_AD_SETS} ad sets")
    check_ad_set(ad_set)


def check_ad_set(ad_set: AdSet) -> None:
    """Refuse what no ad set may be, new or changed.

    Raises:
        GraphError: 100.
    """
    check_name(ad_set.name)
    check_ad_set_budget(ad_set)
    check_goal(ad_set)
    check_bid(ad_set)
    check_targeting(ad_set)
    _check_attribution(ad_set)
    _check_uniform(ad_set)
    check_room(ad_set)
    if ad_set.end and ad_set.end <= (ad_set.start or ad_set.created):
        raise bad_param("Param end_time must be after start_time", "end_time")


def _check_attribution(ad_set: AdSet) -> None:
    if ad_set.attribution_spec is None:
        return
    windows = frozenset(_window(each) for each in ad_set.attribution_spec)
    allowed = _SITE_WINDOWS if ad_set.optimization_goal in {"OFFSITE_CONVERSIONS", "VALUE"} else (_CLICK_1D,)
    if windows not in allowed:
        text = "This attribution window is not available for the goal."
        raise invalid(1885501, "Invalid attribution window", text, "attribution_spec")


def _window(item: Any) -> tuple[Any, Any]:
    if not isinstance(item, dict):
        raise bad_param("Param attribution_spec must be an array of objects", "attribution_spec")
    return str(item.get("event_type")), item.get("window_days")


def _check_uniform(ad_set: AdSet) -> None:
    """Under a shared budget all ad sets must want the same: one goal."""
    campaign = ad_set.campaign
    if not (campaign.is_cbo or campaign.budget_sharing):
        return
    others = {
        each.optimization_goal
        for each in campaign.ad_sets
        if each.status not in GONE and each.id != ad_set.id
    }
    if others - {ad_set.optimization_goal}:
        subcode = 4834009 if campaign.budget_sharing else None
        text = "All ad sets of a campaign that share a budget must have the same performance goal."
        raise invalid(subcode, "Different performance goals", text, "optimization_goal")
