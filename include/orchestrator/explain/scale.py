"""Step ``scale``: why a scaling campaign was raised, or stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.sentences import Sentence

_CHANGE = "cost per {event} {change_of_cost}"

ACTIONS: Mapping[str, Sentence] = {
    "scale_up": {
        "cost_yesterday": f"{_CHANGE}{{cut}}",
        "spent_day_before": (
            "{events_yesterday.counted} for {spent_yesterday.have} yesterday, none the day before{cut}"
        ),
    }
}
HOLDS: Mapping[str, Sentence] = {
    "cooldown": "{goal} was raised {since_raise.have} ago; {since_raise.need} lie between two raises",
    "too_early_in_day": (
        "it is {hour.have} in the account's zone; yesterday's figures are settled at {hour.need}"
    ),
    "too_few_events": "{events_yesterday.counted} yesterday; a raise takes {events_yesterday.need}",
    "too_little_history": "it spent nothing the day before yesterday to compare with",
    "cost_rising": _CHANGE,
    "raise": "the cap of {cap.have} leaves it {left} more; the least raise is {raise.need}",
}
