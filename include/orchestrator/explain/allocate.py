"""Step ``allocate``: why a budget was written, a campaign paused or resumed, or neither."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.sentences import Sentence

_CROWDED = (
    "scaling budgets add up to {scaling_together.have}, but learning leaves {scaling_together.need} of the "
    "cap of {cap.have}"
)
_NOTHING_OF_THE_DAY = {
    "hint_part": "the budget hint of {budget_hint.have} leaves it nothing of the day",
    "priority_part": (
        "its part of the day would be {priority_part.have}, less than the {priority_part.need} that a goal "
        "needs at least"
    ),
}

ACTIONS: Mapping[str, Sentence] = {
    "goal_inactive": "the goal {goal} is switched off",
    "no_budget_left": _NOTHING_OF_THE_DAY,
    "creative_not_approved": "its creative {creative.have} is {creative_status.have}, not approved",
    "delivers_again": "its ads can be delivered again, and its campaign's budget feeds it",
    "below_minimum_budget": {
        "budget_after_cut": (
            f"{_CROWDED}; {{budget_after_cut.have}} would be left for it, the least is "
            "{budget_after_cut.need}"
        ),
        "place": (
            "{learning_budget.have} for learning feed {fed.have} at {minimum.have} each, and it is number "
            "{place.have}"
        ),
    },
    "no_active_adset": "none of its ad sets may run",
    "learning_share": "{learning_budget.have} for learning {division}",
    "cap": f"{_CROWDED}, so they are cut in proportion",
    "goal_active": "{goal} is on and has {goal_budget.have} a day",
}
HOLDS: Mapping[str, Sentence] = {
    "no_budget_left": _NOTHING_OF_THE_DAY,
    "within_tolerance": {
        "off_share": (
            "{budget.have} is off from its share of {share.have} by {off_share.have}, no more than "
            "{off_share.need}"
        ),
        "budget": "{budget.have} is its share",
    },
}
