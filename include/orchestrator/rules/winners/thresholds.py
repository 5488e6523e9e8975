"""Which learning ad sets won, and at which gate every other one failed.

The field of a goal are its ACTIVE ad sets in ACTIVE learning campaigns of the snapshot. One with a live
copy cannot win (``already_scaling``), and stays in the field while a copy runs: what was promoted is the
measure for those that follow. The gates of the others, in order: ``in_review`` (the platform has not passed
its ads yet), ``too_young`` (under ``winner_min_active_hours``), ``too_little_spend`` (no spend, or below
``winner_min_spend`` and ``winner_min_impressions`` both), ``too_few_events`` (under ``min_events``),
``not_better_than_median``, ``beyond_top`` (after ``max_winners``).

A winner costs at least ``winner_margin_bp`` less an event than the median of the eligible, of which
there are ``median_min_adsets`` or more (``beats_median``), or it is the cheapest and has
``best_min_events`` (``best_with_volume``). Winners rank by cost, then more events, then id. All numbers
are lifetime, all comparisons exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from math import lcm

from msgspec import Struct

from orchestrator.domain import money
from orchestrator.domain.evidence import Evidence, Gate, Ratio, figure
from orchestrator.domain.model import Clause, Winner
from orchestrator.rules.actions import IN_REVIEW
from orchestrator.rules.state import AdSetNow, GoalNow, State
from orchestrator.rules.winners import Field, Selection

_HOUR = timedelta(hours=1)


class _Ranking(Struct, frozen=True, gc=False):
    """The eligible ad sets of a goal, best first, with their exact costs an event.

    A cost is an integer over ``common``; ``middle`` is twice the median over ``common``. ``passed`` are
    the gates on the way to eligibility, by ad set, of those that can win.
    """

    ranked: list[AdSetNow]
    costs: list[int]
    common: int
    middle: int
    passed: dict[str, Evidence]


def thresholds(state: State, goal: GoalNow, field: Field) -> Selection:
    """Compare the field by fixed thresholds; a ``WinnerRule``."""
    selection = Selection([], [])
    eligible = [a for a in field.promoted if is_eligible(state, goal.min_events, a)]
    passed: dict[str, Evidence] = {}
    for ad_set in field.candidates:
        if ad_set.delivery == "in_review":
            selection.held.append((ad_set, "in_review", (IN_REVIEW,)))
            continue
        reason, evidence = _eligibility(state, goal.min_events, ad_set)
        if reason is None:
            eligible.append(ad_set)
            passed[ad_set.id] = evidence
        else:
            selection.held.append((ad_set, reason, evidence))
    if passed:
        _compare(state, goal, _ranking(eligible, passed), selection)
    return selection


def is_eligible(state: State, min_events: int, ad_set: AdSetNow) -> bool:
    """Whether an ad set has enough of everything to be a measure for the others."""
    return _eligibility(state, min_events, ad_set)[0] is None


def median_cost(eligible: Sequence[AdSetNow]) -> Ratio | None:
    """The median cost an event of the eligible, as a quotient of minor units; null when there are none."""
    if not eligible:
        return None
    ranking = _ranking(list(eligible), {})
    return ranking.middle, 2 * ranking.common


def _eligibility(state: State, min_events: int, ad_set: AdSetNow) -> tuple[str | None, Evidence]:
    """What an ad set must have before it is compared: as ``first_failed`` says it, for dozens a plan."""
    active = state.snapshot.now - ad_set.active_since
    age = Gate("age", active, "at least", state.limits.winner_min_active, "hours")
    if not age.passed:
        return "too_young", (age,)
    volume = _volume(state, ad_set)
    if not volume[-1].passed:
        return "too_little_spend", (age, *volume)
    events = Gate("core_events", ad_set.events, "at least", min_events, "events")
    return None if events.passed else "too_few_events", (age, *volume, events)


def _volume(state: State, ad_set: AdSetNow) -> Evidence:
    """Some spend, and enough of it or of impressions."""
    spent, least = ad_set.spend_minor, state.limits.winner_min_spend
    shown, least_shown = ad_set.impressions, state.policy.winner_min_impressions
    if not spent:
        return (Gate("spent", 0, "more than", 0, "minor"),)
    if spent >= least:
        return (Gate("spent", spent, "at least", least, "minor"),)
    if shown >= least_shown:
        return (Gate("shown", shown, "at least", least_shown, "impressions"),)
    return (
        figure("shown", shown, "impressions"),
        figure("least_shown", least_shown, "impressions"),
        Gate("spent_or_shown", spent, "at least", least, "minor"),
    )


def _ranking(eligible: list[AdSetNow], passed: dict[str, Evidence]) -> _Ranking:
    """Rank by cost, then more events, then id."""
    common = lcm(*[ad_set.events for ad_set in eligible])
    ranked = sorted([(a.spend_minor * (common // a.events), -a.events, a.id, a) for a in eligible])
    costs = [cost for cost, _, _, _ in ranked]
    n = len(costs)
    middle = costs[(n - 1) // 2] + costs[n // 2]
    return _Ranking([a for _, _, _, a in ranked], costs, common, middle, passed)


def _compare(state: State, goal: GoalNow, ranking: _Ranking, selection: Selection) -> None:
    """Sort the eligible that can win into winners and held."""
    bar, place_of = _bar(state, ranking), count(1)
    for rank, ad_set in enumerate(ranking.ranked):
        if ad_set.id not in ranking.passed:
            continue
        clause, evidence = _clause(goal, ranking, bar, rank)
        evidence = ranking.passed[ad_set.id] + evidence
        if clause is None:
            selection.held.append((ad_set, "not_better_than_median", evidence))
            continue
        place = Gate("rank", next(place_of), "at most", state.policy.max_winners, "ad sets")
        if place.passed:
            winner = _winner(state, goal, ranking, rank, clause)
            selection.winners.append((ad_set, winner, (*evidence, place)))
        else:
            selection.held.append((ad_set, "beyond_top", (*evidence, place)))


class _Bar(Struct, frozen=True, gc=False):
    """What each of a goal's eligible ad sets is compared with.

    ``has_median``: they are enough for one. ``most`` is what an event may cost, as a quotient of minor units.
    """

    compared: Gate
    has_median: bool
    median: Gate
    limit: Gate
    most: Ratio


def _bar(state: State, ranking: _Ranking) -> _Bar:
    policy, share_bp = state.policy, 10000 - state.policy.winner_margin_bp
    twice = 2 * ranking.common
    compared = Gate("compared", len(ranking.ranked), "at least", policy.median_min_adsets, "ad sets")
    return _Bar(
        compared,
        compared.passed,
        figure("median", (ranking.middle, twice), "minor"),
        figure("limit", (share_bp, 100), "percent"),
        (ranking.middle * share_bp, twice * 10000),
    )


def _clause(goal: GoalNow, ranking: _Ranking, bar: _Bar, rank: int) -> tuple[Clause | None, Evidence]:
    """By which clause the ad set at ``rank`` is better than the others, if by any, and the gates."""
    ad_set = ranking.ranked[rank]
    cost = (ad_set.spend_minor, ad_set.events)
    beats = Gate("cost", cost, "at most", bar.most, "minor")
    if bar.has_median and beats.passed:
        return "beats_median", (bar.compared, bar.median, bar.limit, beats)
    if rank == 0 and ad_set.events >= goal.best_min_events:
        alone = figure("compared", len(ranking.ranked), "ad sets")
        volume = Gate("best_events", ad_set.events, "at least", goal.best_min_events, "events")
        return "best_with_volume", (alone, bar.median, figure("cost", cost, "minor"), volume)
    if bar.has_median:
        return None, (bar.compared, bar.median, bar.limit, beats)
    return None, (figure("best_min_events", goal.best_min_events, "events"), bar.compared)


def _winner(state: State, goal: GoalNow, ranking: _Ranking, rank: int, clause: Clause) -> Winner:
    ad_set = ranking.ranked[rank]
    return Winner(
        goal_key=goal.key,
        adset_id=ad_set.id,
        clause=clause,
        events=ad_set.events,
        spend_minor=ad_set.spend_minor,
        impressions=ad_set.impressions,
        active_hours=(state.snapshot.now - ad_set.active_since) // _HOUR,
        cost_minor=money.decimal_text(ad_set.spend_minor, ad_set.events),
        median_minor=money.decimal_text(ranking.middle, 2 * ranking.common),
        margin_bp=10000 * (ranking.middle - 2 * ranking.costs[rank]) // ranking.middle,
    )
