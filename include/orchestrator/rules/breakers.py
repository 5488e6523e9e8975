"""Breakers: hold every increase of a user whose account or insights look wrong beyond any single rule. Pure.

A breaker refuses every increase and passes every reduction: lowering the spend is safe whatever the cause.
It is evaluated in every step, on what the run read, so it resets itself once its cause is gone. A dry run
and a preview show the same holds as a live run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.model import AdSet, Decision, Snapshot
from orchestrator.rules.actions import hold_for
from orchestrator.rules.fold import is_increase
from orchestrator.rules.freshness import is_stale, stale_evidence
from orchestrator.rules.state import State

Breaker = Literal["breaker_stale_insights", "breaker_overspend", "breaker_delivery_stopped"]

_FULL_BP = 10_000
_MEAN_DAYS = 7


def tripped(state: State) -> tuple[Breaker, Evidence] | None:
    """The first breaker that refuses rises for this user, with what tripped it; or null.

    ``breaker_stale_insights``: the evidence is missing or too old. ``breaker_overspend``: today's
    spend is above ``breaker_spend_bp`` of the cap (the platform itself may spend 1.75 of a day's budget).
    ``breaker_delivery_stopped``: yesterday's spend is below ``breaker_delivery_bp`` of the mean of
    the seven days before, though all that spent in them reads ACTIVE, and did so all yesterday.
    """
    if is_stale(state):
        return "breaker_stale_insights", stale_evidence(state)
    limit, gate = _spent_today(state)
    if not gate.passed:
        return "breaker_overspend", (limit, gate)
    limit, gate = _spent_yesterday(state)
    if not gate.passed and _should_deliver(state):
        return "breaker_delivery_stopped", (limit, gate)
    return None


def _spent_today(state: State) -> tuple[Gate, Gate]:
    """What was spent today by the account's clock, against a part of the cap."""
    today, part_bp = _today(state), state.policy.breaker_spend_bp
    spent = _spend(state.snapshot, today, today)
    most = (state.limits.cap * part_bp, _FULL_BP)
    return figure("limit", (part_bp, 100), "percent"), Gate(
        "spent_today", (spent, 1), "at most", most, "minor"
    )


def _spent_yesterday(state: State) -> tuple[Gate, Gate]:
    """What was spent yesterday, against a part of a usual day."""
    yesterday, part_bp = _today(state) - timedelta(days=1), state.policy.breaker_delivery_bp
    spent = _spend(state.snapshot, yesterday, yesterday)
    before = _spend(state.snapshot, *_week_before(yesterday))
    least = (before * part_bp, _MEAN_DAYS * _FULL_BP)
    return figure("limit", (part_bp, 100), "percent"), Gate(
        "spent_yesterday", (spent, 1), "at least", least, "minor"
    )


def _should_deliver(state: State) -> bool:
    """Whether all that spent in the week before yesterday reads ACTIVE, and did so all yesterday."""
    snapshot, yesterday = state.snapshot, _today(state) - timedelta(days=1)
    spenders = [a for a in snapshot.ad_sets if _spent(a, *_week_before(yesterday)) > 0]
    zone = ZoneInfo(snapshot.account.timezone)
    return _all_read_active(snapshot, spenders) and _none_began_since(spenders, yesterday, zone)


def _today(state: State) -> date:
    return state.snapshot.now.astimezone(ZoneInfo(state.snapshot.account.timezone)).date()


def _week_before(day: date) -> tuple[date, date]:
    return day - timedelta(days=_MEAN_DAYS), day - timedelta(days=1)


def apply_breakers(decision: Decision, state: State) -> Decision:
    """What is left of a decision: all of it, or its reductions while a breaker is tripped.

    Each rise is replaced by a hold with the breaker as its reason.
    """
    if not any(is_increase(a) for a in decision.actions):
        return decision
    found = tripped(state)
    if found is None:
        return decision
    breaker, evidence = found
    return replace(
        decision,
        actions=tuple(a for a in decision.actions if not is_increase(a)),
        holds=(
            *decision.holds,
            *(hold_for(a, breaker, evidence) for a in decision.actions if is_increase(a)),
        ),
    )


def _spend(snapshot: Snapshot, first: date, last: date) -> int:
    return sum(_spent(a, first, last) for a in snapshot.ad_sets)


def _spent(ad_set: AdSet, first: date, last: date) -> int:
    return sum(day.spend_minor for day in ad_set.days or () if first <= day.date <= last)


def _all_read_active(snapshot: Snapshot, spenders: Sequence[AdSet]) -> bool:
    active = {c.id for c in snapshot.campaigns if c.status == "ACTIVE"}
    return all(a.status == "ACTIVE" and a.campaign_id in active for a in spenders)


def _none_began_since(spenders: Sequence[AdSet], day: date, zone: ZoneInfo) -> bool:
    """Whether none was resumed on ``day`` or later: what was paused for a while spends little."""
    return all((a.active_since or a.created_at).astimezone(zone).date() < day for a in spenders)
