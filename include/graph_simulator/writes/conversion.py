"""From budgets on ad sets to a budget on the campaign, and back."""

from __future__ import annotations

from typing import Any

from graph_simulator.errors import bad_param, invalid
from graph_simulator.rules.budgets import NO_CAP, minimum_of, too_low
from graph_simulator.state.objects import AdSet, Campaign
from graph_simulator.state.status import GONE

Budgets = dict[AdSet, int | None]


def convert(node: Campaign, draft: Campaign, given: dict[str, Any]) -> Budgets:
    """Make the draft CBO or ABO as the call specifies; the new budget of every ad set that changes.

    A daily budget for an ABO campaign converts it: its ad sets lose theirs. Back it goes with
    ``adset_budgets``, one for each ad set.

    Raises:
        GraphError: 100 when ad sets want different things, or not each has its new budget.
    """
    if "adset_budgets" in given:
        return _to_ad_sets(node, draft, given["adset_budgets"])
    if "daily_budget" in given and "lifetime_budget" not in given:
        draft.lifetime_budget = None
    if "lifetime_budget" in given and "daily_budget" not in given:
        draft.daily_budget = None
    if node.is_cbo or not draft.is_cbo:
        return {}
    return _to_campaign(node, draft, given)


def _to_campaign(node: Campaign, draft: Campaign, given: dict[str, Any]) -> Budgets:
    living = [each for each in node.ad_sets if each.status not in GONE]
    if len({each.optimization_goal for each in living}) > 1:
        text = "All ad sets of a campaign that share a budget must have the same performance goal."
        raise invalid(None, "Different performance goals", text, "daily_budget")
    draft.budget_sharing = None
    draft.bid_strategy = (
        given.get("bid_strategy") or next((each.bid_strategy for each in living), None) or NO_CAP
    )
    return dict.fromkeys(node.ad_sets)


def _to_ad_sets(node: Campaign, draft: Campaign, wanted: Any) -> Budgets:
    if not node.is_cbo:
        raise bad_param("adset_budgets is only for campaigns with a campaign budget", "adset_budgets")
    if len(node.ad_sets) > 70:
        raise bad_param("A campaign with more than 70 ad sets keeps its campaign budget", "adset_budgets")
    given = {str(item.get("adset_id")): item.get("daily_budget") for item in wanted if isinstance(item, dict)}
    budgets: Budgets = {}
    for each in node.ad_sets:
        if each.status in GONE:
            continue
        amount = str(given.get(each.id, ""))
        if not (amount.isascii() and amount.isdigit()):
            raise bad_param(f"adset_budgets needs a daily_budget for the ad set {each.id}", "adset_budgets")
        if int(amount) < minimum_of(each):
            raise too_low(minimum_of(each), node.account.currency)
        budgets[each] = int(amount)
    draft.daily_budget = draft.lifetime_budget = None
    draft.budget_sharing, draft.bid_strategy = False, None
    return budgets


def commit_budgets(budgets: Budgets, draft: Campaign, now: int) -> None:
    """Give the ad sets their new budgets, with the bid strategy of their level; each is an edit of it."""
    for ad_set, amount in budgets.items():
        ad_set.updated = now
        ad_set.daily_budget, ad_set.lifetime_budget = amount, None
        ad_set.bid_strategy = None if draft.is_cbo else ad_set.bid_strategy or NO_CAP
