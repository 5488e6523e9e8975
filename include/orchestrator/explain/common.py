"""Why something is not done, in any step: by the reason, or by the gate that failed."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.wording_context import Context, Sentence


def _over_the_cap(context: Context) -> str:
    why = context.fill("with it {live_budget.have} could be spent a day, over the cap of {live_budget.need}")
    if context.has("some_goals"):
        return f"{why}: the run is for some goals only, and cuts nothing of the others"
    return why


def _stale(context: Context) -> str:
    if context.has("insights"):
        return "the figures could not be read whole, and none is not zero"
    return context.fill("the figures are {insights_age.have} old; they may be used for {insights_age.need}")


def _contradiction(context: Context) -> str:
    """Fewer events than known, or more than impressions, of the ad set that shows it."""
    name = context.titles.names.ad_set(
        None, context.check("contradicting").have, context.decided.goal_key or ""
    )
    if context.has("events_read"):
        read = "Meta reports {events_read.have} {events} where {known_events.have} are known"
    else:
        read = "Meta reports {events_shown.have} {events} on {events_shown.need} impressions"
    return f"of {name} {context.fill(read)}"


HOLDS: Mapping[str, Sentence] = {
    "stale_insights": _stale,
    "evidence_contradicts": _contradiction,
    "in_review": "Meta has not passed its ads yet",
    "refused_before": (
        "Meta refused it {since_refusal.have} ago; it is tried again after {since_refusal.need}"
    ),
    "budget_moved": "a person moved its budget, which is counted; give it back in Ads Manager to go on",
    "breaker_account": (
        "breaker: the account's status at Meta is {account_status.have}, not {account_status.need}, so "
        "nothing is raised"
    ),
    "breaker_spending_limit": (
        "breaker: {spending_limit_left.have} are left of the account's spending limit, so nothing is raised"
    ),
    "breaker_stale_insights": lambda context: f"breaker: {_stale(context)}, so nothing is raised",
    "breaker_overspend": (
        "breaker: {spent_today.have} were spent today, more than {spent_today.need}, so nothing is raised"
    ),
    "breaker_delivery_stopped": (
        "breaker: only {spent_yesterday.have} were spent yesterday though all reads active, so nothing is "
        "raised"
    ),
    "live_budget": _over_the_cap,
}
