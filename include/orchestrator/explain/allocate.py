"""Step ``allocate``: why a budget was written, a campaign paused or resumed, or neither."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.wording_context import Context, Sentence

_CROWDED = (
    "scaling budgets add up to {scaling_together.have}, but learning leaves {scaling_together.need} of the "
    "cap of {cap.have}"
)


def _share_of_day(context: Context) -> str:
    if context.has("hint_part"):
        return context.fill("the budget hint of {budget_hint.have} leaves it nothing of the day")
    part = "its part of the day would be {priority_part.have}, "
    return context.fill(part + "less than the {priority_part.need} that a goal needs at least")


def _starved(context: Context) -> str:
    """An ad set that the learning budget cannot feed, or a campaign cut too small."""
    if context.has("budget_after_cut"):
        left = "; {budget_after_cut.have} would be left for it, the least is {budget_after_cut.need}"
        return context.fill(_CROWDED + left)
    feed = "{learning_budget.have} for learning feed {fed.have} at {minimum.have} each"
    return context.fill(feed + ", and it is number {place.have}")


def _share(context: Context) -> str:
    """An ad set's equal share of the learning budget."""
    if context.number("sharing") == 1:
        return context.fill("{learning_budget.have} for learning go to this one ad set")
    return context.fill("{learning_budget.have} for learning among {sharing.have} is {share.have} each")


def _near(context: Context) -> str:
    if not context.has("off_share"):
        return context.fill("{budget.have} is its share")
    off = "{budget.have} is off from its share of {share.have} by {off_share.have}, "
    return context.fill(off + "no more than {off_share.need}")


ACTIONS: Mapping[str, Sentence] = {
    "goal_inactive": "the goal {goal} is switched off",
    "no_budget_left": _share_of_day,
    "creative_not_approved": "its creative {creative.have} is {creative_status.have}, not approved",
    "cannot_deliver": "none of its ads can be delivered",
    "ended": "its end time has passed",
    "delivers_again": "its ads can be delivered again, and its campaign's budget feeds it",
    "below_minimum_budget": _starved,
    "no_active_adset": "none of its ad sets may run",
    "learning_share": _share,
    "cap": f"{_CROWDED}, so they are cut in proportion",
    "goal_active": "{goal} is on and has {goal_budget.have} a day",
}
HOLDS: Mapping[str, Sentence] = {
    "not_ours": "a person made it in our campaign; it is counted, and left to them",
    "no_events_anywhere": (
        "it was paused because no ad set of {goal} had one {event}; correct the tracking, then resume the "
        "goal"
    ),
    "no_budget_left": _share_of_day,
    "within_tolerance": _near,
    "budget_below_minimum": (
        "{learning_budget.have} for learning is less than the least for one ad set, {learning_budget.need}"
    ),
    "budget_offered": (
        "{budget_offered.have} is all that is left for it; the least it may have is {budget_offered.need}"
    ),
}
