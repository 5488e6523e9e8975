"""Why something is not done, in any step: by the reason, or by the gate that failed."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.sentences import Sentence, around

_STALE = {
    "insights": "the figures could not be read whole, and none is not zero",
    "insights_age": "the figures are {insights_age.have} old; they may be used for {insights_age.need}",
}
_OVER_THE_CAP = "with it {live_budget.have} could be spent a day, over the cap of {live_budget.need}"

HOLDS: Mapping[str, Sentence] = {
    "stale_insights": _STALE,
    "evidence_contradicts": {
        "events_read": (
            "of {the_contradicting} Meta reports {events_read.have} {events} where {known_events.have} are "
            "known"
        ),
        "events_shown": (
            "of {the_contradicting} Meta reports {events_shown.have} {events} on {events_shown.need} "
            "impressions"
        ),
    },
    "in_review": "Meta has not passed its ads yet",
    "refused_before": (
        "Meta refused it {since_refusal.have} ago; it is tried again after {since_refusal.need}"
    ),
    "budget_moved": "a person moved its budget, which is counted; give it back in Ads Manager to go on",
    "paused_for": (
        "the campaign was paused because no ad set of {goal} had one {event}; correct the tracking, then "
        "resume the goal"
    ),
    "learning_budget": (
        "{learning_budget.have} a day for learning is less than the least for one ad set, "
        "{learning_budget.need}"
    ),
    **{
        gate: f"{{{gate}.have}} is all that is left for it; the least it may have is {{{gate}.need}}"
        for gate in ("budget_offered", "next_budget")
    },
    "live_budget": {
        "some_goals": f"{_OVER_THE_CAP}: the run is for some goals only, and cuts nothing of the others",
        "live_budget": _OVER_THE_CAP,
    },
    **around(
        "breaker: …, so nothing is raised",
        {
            "breaker_account": (
                "the account's status at Meta is {account_status.have}, not {account_status.need}"
            ),
            "breaker_spending_limit": "{spending_limit_left.have} are left of the account's spending limit",
            "breaker_stale_insights": _STALE,
            "breaker_overspend": "{spent_today.have} were spent today, more than {spent_today.need}",
            "breaker_delivery_stopped": (
                "only {spent_yesterday.have} were spent yesterday though all reads active"
            ),
        },
    ),
}
