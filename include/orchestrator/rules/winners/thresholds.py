"""Which learning ad sets won, and at which gate every other one failed.

Candidates are ACTIVE ad sets in ACTIVE learning campaigns that stood in the snapshot; one with a live
copy is ``already_scaling``. The gates, in order: ``too_young`` (under ``winner_min_active_hours``),
``too_little_spend`` (no spend, or below ``winner_min_spend`` and ``winner_min_impressions`` both),
``too_few_events`` (under ``min_events``), ``not_better_than_median``, ``beyond_top`` (after
``max_winners``).

A winner costs at least ``winner_margin_bp`` less an event than the median of the eligible, of which
there are ``median_min_adsets`` or more (``beats_median``), or it is the cheapest and has
``best_min_events`` (``best_with_volume``). Winners rank by cost, then more events, then id. All numbers
are lifetime, all comparisons exact.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from orchestrator.domain import money
from orchestrator.domain.model import Clause, Winner
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    ad_sets_of,
    is_in_creation,
    learning_ad_sets,
)


class Ranking(NamedTuple):
    """The eligible ad sets of a goal, best first, with their exact costs an event.

    A cost is an integer over ``common``; ``middle`` is twice the median over ``common``.
    """

    ranked: list[AdSetNow]
    costs: list[int]
    common: int
    middle: int

    def cost(self, rank: int) -> Fraction:
        """What an event of the ad set at ``rank`` cost, in minor units."""
        return Fraction(self.costs[rank], self.common)

    def median(self) -> Fraction:
        """The median cost of an event, in minor units."""
        return Fraction(self.middle, 2 * self.common)

    def beats_median(self, rank: int, margin_bp: int) -> bool:
        """Whether the ad set at ``rank`` costs ``cost_to_beat`` or less; in integers, being asked often."""
        return self.costs[rank] * 20000 <= self.middle * (10000 - margin_bp)


class Selection(NamedTuple):
    """A goal's winners by rank, and every other candidate with the gate it failed at.

    ``field`` has the eligible; null when there are none.
    """

    winners: list[tuple[AdSetNow, Winner]]
    held: list[tuple[AdSetNow, str]]
    field: Ranking | None = None


def select_winners(state: State, goal: GoalNow, copied: set[str]) -> Selection:
    """Compare a goal's learning ad sets with each other.

    Args:
        state: As the earlier steps left it; only what stood in the snapshot is judged.
        goal: An active goal.
        copied: The ad sets that have a live copy (``copied_ad_sets``).
    """
    held: list[tuple[AdSetNow, str]] = []
    eligible: list[AdSetNow] = []
    for ad_set in [a for a in learning_ad_sets(state, goal.key) if a.in_snapshot]:
        gate = "already_scaling" if ad_set.id in copied else _failed_gate(state, goal, ad_set)
        if gate is None:
            eligible.append(ad_set)
        else:
            held.append((ad_set, gate))
    return _ranked(state, goal, eligible, held) if eligible else Selection([], held)


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


def _failed_gate(state: State, goal: GoalNow, ad_set: AdSetNow) -> str | None:
    """The first gate on the way to eligibility that is shut."""
    policy = state.policy
    if state.snapshot.now - ad_set.active_since < state.limits.winner_min_active:
        return "too_young"
    has_spent = ad_set.spend_minor >= state.limits.winner_min_spend
    has_shown = ad_set.impressions >= policy.winner_min_impressions
    if not ad_set.spend_minor or not (has_spent or has_shown):
        return "too_little_spend"
    return "too_few_events" if ad_set.events < goal.min_events else None


def _ranked(
    state: State, goal: GoalNow, eligible: list[AdSetNow], held: list[tuple[AdSetNow, str]]
) -> Selection:
    field = _field(eligible)
    judged = Selection([], held, field)
    for rank, ad_set in enumerate(field.ranked):
        clause = _clause(state, goal, field, rank)
        if clause is None:
            held.append((ad_set, "not_better_than_median"))
        elif len(judged.winners) == state.policy.max_winners:
            held.append((ad_set, "beyond_top"))
        else:
            judged.winners.append((ad_set, _winner(state, goal, field, rank, clause)))
    return judged


def _field(eligible: list[AdSetNow]) -> Ranking:
    """Rank by cost, then more events, then id."""
    common = lcm(*[ad_set.events for ad_set in eligible])
    ranked = sorted([(a.spend_minor * (common // a.events), -a.events, a.id, a) for a in eligible])
    costs = [cost for cost, *_ in ranked]
    n = len(costs)
    return Ranking([a for *_, a in ranked], costs, common, costs[(n - 1) // 2] + costs[n // 2])


def _clause(state: State, goal: GoalNow, field: Ranking, rank: int) -> Clause | None:
    policy = state.policy
    has_median = len(field.ranked) >= policy.median_min_adsets
    if has_median and field.beats_median(rank, policy.winner_margin_bp):
        return "beats_median"
    if rank == 0 and field.ranked[rank].events >= goal.best_min_events:
        return "best_with_volume"
    return None


def cost_to_beat(state: State, field: Ranking) -> Fraction:
    """The most that an event may cost to be clearly better than the median, in minor units."""
    return field.median() * (10000 - state.policy.winner_margin_bp) / 10000


def _winner(state: State, goal: GoalNow, field: Ranking, rank: int, clause: Clause) -> Winner:
    ad_set = field.ranked[rank]
    return Winner(
        goal_key=goal.key,
        adset_id=ad_set.id,
        clause=clause,
        events=ad_set.events,
        spend_minor=ad_set.spend_minor,
        impressions=ad_set.impressions,
        active_hours=(state.snapshot.now - ad_set.active_since) // timedelta(hours=1),
        cost_minor=money.decimal_text(ad_set.spend_minor, ad_set.events),
        median_minor=money.decimal_text(field.middle, 2 * field.common),
        margin_bp=10000 * (field.middle - 2 * field.costs[rank]) // field.middle,
    )
