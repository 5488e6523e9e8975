"""Every gate of the rules and what it is called, in front of its two sides: the one table. Pure.

A name is a template: ``{event}``, ``{events}`` and ``{goal}`` are nouns of the goal, any other field is a
figure of the same evidence. Those of the account stand here, too: they also say of a plan without rises
why nothing is delivered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orchestrator.domain import reasons
from orchestrator.domain.evidence import Gate

GATES: Mapping[str, str] = {
    # any step
    "live_budget": "all live budgets with it",
    "live_budget_now": "all live budgets with it, right before the write",
    "reductions": "cuts earlier in this run",
    "insights": "Meta's figures",
    "insights_age": "age of Meta's figures",
    "account_status": "the account's status at Meta",
    "spending_limit_left": "left of the account's spending limit",
    "delivery": "what Meta says of its ads",
    "budget_owner": "set by",
    "made_by": "made by",
    "since_refusal": "since Meta refused it",
    "events_read": "{events} of {contradicting.have} that Meta reports, where {known_events.have} are known",
    "events_shown": "{events} of {contradicting.have}, against its impressions",
    "paused_for": "its campaign was paused for",
    "spent_today": "spent today (limit: {limit.have} of the cap)",
    "spent_yesterday": "spent yesterday (limit: {limit.have} of a usual day, or of the budgets)",
    "auto_scale": "Auto-Scale Winners",
    "auto_pause": "Auto-Pause Losers",
    "age": "running for",
    "spent": "spent so far",
    "core_events": "{events} so far",
    # allocate
    "goal_switch": "the goal",
    "hint_part": "the goal's part of the day by its budget hint",
    "priority_part": "its part of the day's {day.have} by priority {priority.have}",
    "creative_status": "its creative {creative.have}",
    "place": "its place, the best first",
    "runnable_ad_sets": "ad sets in it that may run",
    "budget": "its budget",
    "off_share": "its budget is off from its share by",
    "kept_together": "the kept ad sets together, as they are",
    "near_excess": "left alone, the near ones are over their shares by",
    "scaling_together": "scaling budgets together",
    "budget_after_cut": "its budget after the cut",
    "budget_offered": "the budget it could have",
    "goal_budget": "the goal's budget",
    "learning_budget": "the goal's learning budget",
    # learning
    "learning_campaigns": "learning campaigns that run",
    "learning_ad_sets": "the goal's learning ad sets before it",
    "ad_set_budget": "its daily budget",
    "missing": "still missing",
    "cost_by_now": "its cost per {event} by now, against the median",
    "learning_paused_by_person": "learning campaigns that a person paused",
    "since_learning_removed": "since a person removed the last one",
    "approved_creatives": "approved creatives",
    "untried_cells": "audiences with creatives not tried yet",
    "learning_open": "running campaigns it could be started in",
    # promote
    "copies": "its copies that scale",
    "shown": "impressions so far",
    "spent_or_shown": "spent so far (with {shown.have} of {least_shown.have} impressions)",
    "compared": "ad sets to compare with",
    "cost": "cost per {event} (limit: {limit.have} of the median)",
    "best_events": "{events} of the cheapest",
    "rank": "its place by cost",
    "since_promotion": "since it or its creative was promoted",
    "scaling_paused_by_person": "scaling campaigns that a person paused",
    "scaling_unfinished": "scaling campaigns not finished yet",
    "since_scaling_removed": "since a person removed the scaling campaign",
    "scaling_open": "scaling campaigns that run or ran dry",
    "campaign_budget": "its campaign's budget, for {running.have}",
    "scaling_part": "the scaling part of the goal's budget",
    "learning_part": "the learning part of the goal's budget",
    "share": "its share beside a scaling campaign",
    "place_after_winner": "its place, the winner first",
    # scale
    "since_raise": "since the last raise for the goal",
    "hour": "hour in the account's zone",
    "events_yesterday": "{events} yesterday",
    "spent_day_before": "spent the day before",
    "cost_yesterday": "cost per {event} yesterday (limit: {limit.have} of the day before)",
    "next_budget": "its next budget, for {running.have}",
    "raise": "the raise",
    # pause
    "daily_budget": "daily budget",
    "goal_events": "{events} of all its ad sets",
    "any_events": "{events} of all ad sets of {goal}",
    "goal_spent": "spent by all of them",
    "active_ad_sets": "active ad sets in it",
}

_RUNNING = frozenset({1, 9})
"""The platform's numbers of accounts that may spend: active, and in grace after an unpaid bill."""


def account_gates(account_status: int, spend_cap_left_minor: int | None) -> Iterator[tuple[str, Gate]]:
    """Yield what an account must pass to deliver, each with the reason when it does not.

    Args:
        account_status: the platform's number.
        spend_cap_left_minor: what is left of the account's spending limit; null: it has none.
    """
    status = account_status if account_status not in _RUNNING else 1
    yield reasons.BREAKER_ACCOUNT.code, Gate("account_status", status, "is", 1)
    left = spend_cap_left_minor
    if left is not None:
        gate = Gate("spending_limit_left", left, "more than", 0, "minor")
        yield reasons.BREAKER_SPENDING_LIMIT.code, gate
