"""The field, its candidates, and the policy's rule on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from orchestrator.domain.evidence import Evidence, Gate
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    active_ad_sets,
    active_campaigns,
    ad_sets_of,
    is_in_creation,
)
from orchestrator.rules.winners import Field, Selection, WinnerRule
from orchestrator.rules.winners.thresholds import thresholds

RULES: Mapping[str, WinnerRule] = {"thresholds": thresholds}
"""The winner rules by the name that the policy's ``winner_rule`` has for them."""

_COPIED: Evidence = (Gate("copies", 1, "is", 0, "ad sets"),)
_NOT_COPIED: Evidence = (Gate("copies", 0, "is", 0, "ad sets"),)


class Copies(NamedTuple):
    """The ad sets with a live copy, by id, and those of which a live copy runs."""

    live: frozenset[str]
    running: frozenset[str]


def select_winners(state: State, goal: GoalNow, copies: Copies) -> Selection:
    """Compare a goal's learning ad sets with each other, by the policy's ``winner_rule``.

    Args:
        state: As the earlier steps left it; only what is in the snapshot is compared.
        goal: An active goal.
        copies: The ad sets that have a live copy; each is held ``already_scaling``.
    """
    ad_sets = tested(state, goal.key)
    winners, held = RULES[state.policy.winner_rule](state, goal, field_of(ad_sets, copies))
    return Selection(
        [(a, winner, _NOT_COPIED + evidence) for a, winner, evidence in winners],
        [*((a, "already_scaling", _COPIED) for a in ad_sets if a.id in copies.live), *held],
    )


def tested(state: State, goal_key: str) -> list[AdSetNow]:
    """A goal's ACTIVE ad sets of ours in its ACTIVE learning campaigns that are in the snapshot, by age.

    What cannot be delivered is not among them.
    """
    return [
        ad_set
        for campaign in active_campaigns(state, goal_key, "testing")
        for ad_set in active_ad_sets(state, campaign.id)
        if ad_set.in_snapshot and ad_set.delivery not in _NOT_DELIVERED
    ]


_NOT_DELIVERED = frozenset({"cannot", "ended"})


def field_of(ad_sets: list[AdSetNow], copies: Copies) -> Field:
    """The candidates among ``ad_sets``, and those whose copy runs; the other copied ones are left out."""
    if not copies.live:
        return Field(ad_sets)
    return Field(
        [a for a in ad_sets if a.id not in copies.live],
        [a for a in ad_sets if a.id in copies.running],
    )


def copies_in(state: State) -> Copies:
    """The live copies: each and its scaling campaign are ACTIVE or PAUSED, neither of them in creation."""
    live: set[str] = set()
    running: set[str] = set()
    for campaign in state.campaigns.values():
        if campaign.role != "scaling" or not _lives(campaign):
            continue
        for copy in ad_sets_of(state, campaign.id):
            if copy.source_adset_id is None or not copy.ours or not _lives(copy):
                continue
            live.add(copy.source_adset_id)
            if campaign.status == copy.status == "ACTIVE":
                running.add(copy.source_adset_id)
    return Copies(frozenset(live), frozenset(running))


def _lives(thing: CampaignNow | AdSetNow) -> bool:
    return thing.status in {"ACTIVE", "PAUSED"} and not is_in_creation(thing)
