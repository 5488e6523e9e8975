"""Step ``promote``: why a winner was copied, what was opened and lowered for it, or why not."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain import common, thresholds
from orchestrator.explain.sentences import Sentence, around

ACTIONS: Mapping[str, Sentence] = {
    "winner": {"winner": "{the_winner} won: {price}", "cost": "{price}"},
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
    **around(
        "it won ({price}), but …",
        {
            "auto_scale_off": "Auto-Scale Winners is off",
            "cooldown": (
                "it or its creative was promoted lately; that was {since_promotion.have} ago, "
                "{since_promotion.need} must lie between"
            ),
            "refused_before": common.HOLDS["refused_before"],
            "budget_moved": (
                "a person moved the budget of the campaign that it would go into, or of its own; give it "
                "back in Ads Manager"
            ),
            "paused_by_user": "a person paused the scaling campaign",
            "unverified_copy": "the scaling campaign is not finished yet",
            "removed_by_user": (
                "a person removed the scaling campaign; that was {since_scaling_removed.have} ago, it is "
                "made again after {since_scaling_removed.need}"
            ),
            "scaling_budget_below_minimum": {
                gate: f"the scaling budget is too small: {{{gate}.have}} where the least is {{{gate}.need}}"
                for gate in ("campaign_budget", "scaling_part")
            },
            "budget_below_minimum": (
                "the goal's budget is too small to be split: {learning_part.have} would be left for "
                "learning, it takes {learning_part.need}"
            ),
            "scaling_open": "the scaling campaign is paused: {paused_because}",
            "live_budget": common.HOLDS["live_budget"],
        },
    ),
}
