"""Step ``pause``: why an ad set was stopped, or runs on."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.sentences import Sentence

ACTIONS: Mapping[str, Sentence] = {
    "loser": "it spent {spent.have} in {age.have} without one {event}",
    "no_events_anywhere": (
        "{goal} cost {goal_spent.have} without one {event} in any ad set: the tracking is suspect"
    ),
    "no_active_adset": "none of its ad sets is active any more",
}
HOLDS: Mapping[str, Sentence] = {
    "too_young": "it has run for {age.have} of the {age.need} it gets",
    "too_little_spend": "it spent {spent.have}; it is judged above {spent.need}",
    "has_events": "it brought {core_events.counted} for {spent.have}",
    "budget_too_low": (
        "a daily budget of {daily_budget.have} is too low to judge by; it takes {daily_budget.need}"
    ),
    "no_events_anywhere": (
        "no ad set of {goal} ever had one {event}: the tracking is suspect, look at it; the goal is stopped "
        "once it has cost more than {blind_limit.have}"
    ),
}
