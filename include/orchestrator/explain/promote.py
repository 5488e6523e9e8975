"""Step ``promote``: why a winner was copied, what was opened and lowered for it, or why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orchestrator.domain.reasons import reason_text
from orchestrator.explain import thresholds
from orchestrator.explain.thresholds import cost_text
from orchestrator.explain.wording_context import Context, Sentence


def _won(context: Context) -> str:
    """A winner copied; or a campaign created, revived or activated for one."""
    if not context.has("winner"):
        return cost_text(context)
    name = context.titles.names.ad_set(None, context.check("winner").have, context.decided.goal_key or "")
    return f"{name} won: {cost_text(context)}"


def _but(template: str) -> Callable[[Context], str]:
    """A winner whose promotion the user, a person, time, a minimum or the cap prevents."""
    return lambda context: f"it won ({cost_text(context)}), but {context.fill(template)}"


def _small_budget(context: Context) -> str:
    gate = "campaign_budget" if context.has("campaign_budget") else "scaling_part"
    return _but(f"the scaling budget is too small: {{{gate}.have}} where the least is {{{gate}.need}}")(
        context
    )


def _closed(context: Context) -> str:
    because = reason_text(context.check("paused_reason").have)
    return f"it won, but the scaling campaign is paused: {because}"


ACTIONS: Mapping[str, Sentence] = {
    "winner": _won,
    "make_room": (
        "a scaling campaign opens, and {learning_part.have} of the {goal_budget.have} for {goal} stay for "
        "learning"
    ),
    "below_minimum_budget": (
        "beside a scaling campaign {learning_part.have} for learning feed {fed.have} at {minimum.have} each, "
        "and it is number {place_after_winner.have}"
    ),
}
HOLDS: Mapping[str, Sentence] = {
    **thresholds.HOLDS,
    "auto_scale_off": _but("Auto-Scale Winners is off"),
    "cooldown": _but(
        "it or its creative was promoted lately; that was {since_promotion.have} ago, {since_promotion.need} "
        "must lie between"
    ),
    "refused_before": _but(
        "Meta refused it {since_refusal.have} ago; it is tried again after {since_refusal.need}"
    ),
    "budget_moved": _but(
        "a person moved the budget of the campaign that it would go into, or of its own; give it back in Ads "
        "Manager"
    ),
    "paused_by_user": _but("a person paused the scaling campaign"),
    "unverified_copy": _but("the scaling campaign is not finished yet"),
    "removed_by_user": _but(
        "a person removed the scaling campaign; that was {since_scaling_removed.have} ago, it is made again "
        "after {since_scaling_removed.need}"
    ),
    "scaling_budget_below_minimum": _small_budget,
    "budget_below_minimum": _but(
        "the goal's budget is too small to be split: {learning_part.have} would be left for learning, it "
        "takes {learning_part.need}"
    ),
    "scaling_open": _closed,
    "live_budget": _but(
        "with it {live_budget.have} could be spent a day, over the cap of {live_budget.need}"
    ),
}
