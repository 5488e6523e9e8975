"""Losers whose events came late: paused without one, and by now as cheap as the tests that run."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.domain.evidence import Evidence, Gate, Ratio, figure
from orchestrator.domain.goals import REGISTRY
from orchestrator.rules.state import AdSetNow, State, is_paused_by_us
from orchestrator.rules.winners.selection import copies_in, field_of, tested
from orchestrator.rules.winners.thresholds import is_eligible, median_cost


def arrived(state: State) -> dict[str, Evidence]:
    """The ad sets paused as losers that have ``min_events`` and cost no more than the median, with why.

    The median is that of the field as it is in the snapshot, but for what may not run; where nothing is
    eligible, there is none to compare with. Not while figures are stale or contradict what is known.
    """
    losers = _losers(state)
    if not losers or not state.breakers.insights.passed:
        return {}
    found: dict[str, Evidence] = {}
    for goal_key, ad_sets in losers.items():
        if goal_key not in state.contradicting:
            found |= _late(state, goal_key, ad_sets)
    return found


def _losers(state: State) -> dict[str, list[AdSetNow]]:
    """The ad sets of active goals that were paused as losers and had events since, by goal."""
    active = {goal.goal_key for goal in state.snapshot.goals if goal.is_active} & REGISTRY.keys()
    found: dict[str, list[AdSetNow]] = {}
    for a in state.ad_sets.values():
        if a.paused_reason == "loser" and a.events and is_paused_by_us(a):
            goal_key = state.campaigns[a.campaign_id].goal_key
            if goal_key in active:
                found.setdefault(goal_key, []).append(a)
    return found


def _late(state: State, goal_key: str, losers: Sequence[AdSetNow]) -> dict[str, Evidence]:
    least = state.policy.min_events[goal_key]
    may_run = [a for a in tested(state, goal_key) if a.id not in state.barred]
    field = field_of(may_run, copies_in(state))
    candidates = [a for a in field.candidates if a.delivery != "in_review"]
    median = median_cost([a for a in (*candidates, *field.promoted) if is_eligible(state, least, a)])
    gates = {a.id: _gates(a, least, median) for a in losers} if median is not None else {}
    return {id_: evidence for id_, evidence in gates.items() if all(gate.passed for gate in evidence)}


def _gates(loser: AdSetNow, min_events: int, median: Ratio) -> Evidence:
    return (
        figure("median", median, "minor"),
        Gate("core_events", loser.events, "at least", min_events, "events"),
        Gate("cost_by_now", (loser.spend_minor, loser.events), "at most", median, "minor"),
    )
