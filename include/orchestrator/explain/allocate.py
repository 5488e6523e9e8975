"""Step ``allocate``: why a budget was written, a campaign paused or resumed, or neither."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.context import Context, Sentence

_CROWDED = (
    "scaling budgets add up to {scaling_together.have}, but learning leaves {scaling_together.need} of the "
    "cap of {cap.have}"
)


def _share_of_day(context: Context) -> str:
    if context.has("hint_part"):
        return "the budget hint of {budget_hint.have} leaves it nothing of the day".format_map(context)
    part = "its part of the day would be {priority_part.have}, "
    return (part + "less than the {priority_part.need} that Meta takes").format_map(context)


def _starved(context: Context) -> str:
    """An ad set that the learning budget cannot feed, or a campaign cut too small."""
    if context.has("budget_after_cut"):
        left = "; {budget_after_cut.have} would be left for it, Meta takes {budget_after_cut.need}"
        return (_CROWDED + left).format_map(context)
    fed = context.ad_sets("place")
    feed = f"{{learning_budget.have}} for learning feed {fed} at {{minimum.have}} each"
    return (feed + ", and it is number {place.have}").format_map(context)


def _share(context: Context) -> str:
    """An ad set's equal share of the learning budget."""
    whole = context.check("learning_budget").have
    if context.count("sharing") == 1:
        return f"{whole} for learning go to this one ad set"
    share = context.say.text(context.after_minor)
    return f"{whole} for learning among {context.count('sharing')} ad sets is {share} each"


def _near(context: Context) -> str:
    if context.has("off_share"):
        return (
            "{budget.have} is off from its share of {share.have} by {off_share.have}, no more than "
            "{off_share.need}"
        ).format_map(context)
    return "{budget.have} is its share".format_map(context)


ACTIONS: Mapping[str, Sentence] = {
    "goal_inactive": "the goal {goal} is switched off",
    "no_budget_left": _share_of_day,
    "creative_not_approved": "its creative {creative.have} is {creative_status.have}, not approved",
    "below_minimum_budget": _starved,
    "no_active_adset": "none of its ad sets may run",
    "learning_share": _share,
    "cap": f"{_CROWDED}, so they are cut in proportion",
    "goal_active": "{goal} is on and has {goal_budget.have} a day",
}
HOLDS: Mapping[str, Sentence] = {
    "no_budget_left": _share_of_day,
    "within_tolerance": _near,
    "budget_below_minimum": (
        "{learning_budget.have} for learning is less than Meta takes for one ad set, {learning_budget.need}"
    ),
    "budget_offered": (
        "{budget_offered.have} is all that is left for it; Meta takes no less than {budget_offered.need}"
    ),
}
