"""The candidates, and the policy's rule on them."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.domain.evidence import Evidence, Gate
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    ad_sets_of,
    is_in_creation,
    learning_ad_sets,
)
from orchestrator.rules.winners import Selection, WinnerRule
from orchestrator.rules.winners.thresholds import thresholds

RULES: Mapping[str, WinnerRule] = {"thresholds": thresholds}
"""The winner rules by the name that the policy's ``winner_rule`` has for them."""

_COPIED: Evidence = (Gate("copies", 1, "is", 0, "ad sets"),)
_NOT_COPIED: Evidence = (Gate("copies", 0, "is", 0, "ad sets"),)


def select_winners(state: State, goal: GoalNow, copied: set[str]) -> Selection:
    """Compare a goal's learning ad sets with each other, by the policy's ``winner_rule``.

    Args:
        state: As the earlier steps left it; only what is in the snapshot is compared.
        goal: An active goal.
        copied: The ad sets that have a live copy (``copied_ad_sets``); each is held ``already_scaling``.
    """
    found = [a for a in learning_ad_sets(state, goal.key) if a.in_snapshot]
    candidates = [a for a in found if a.id not in copied]
    winners, held = RULES[state.policy.winner_rule](state, goal, candidates)
    return Selection(
        [(a, winner, _NOT_COPIED + evidence) for a, winner, evidence in winners],
        [
            *((a, "already_scaling", _COPIED) for a in found if a.id in copied),
            *held,
        ],
    )


def copied_ad_sets(state: State) -> set[str]:
    """The ad sets with a live copy: it and its scaling campaign each ACTIVE or PAUSED, none in creation."""
    return {
        copy.source_adset_id
        for campaign in state.campaigns.values()
        if campaign.role == "scaling" and _lives(campaign)
        for copy in ad_sets_of(state, campaign.id)
        if copy.source_adset_id is not None and _lives(copy)
    }


def _lives(thing: CampaignNow | AdSetNow) -> bool:
    return thing.status in {"ACTIVE", "PAUSED"} and not is_in_creation(thing)
