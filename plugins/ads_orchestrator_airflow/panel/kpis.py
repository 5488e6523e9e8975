"""The five key performance indicators, over some weeks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ads_orchestrator_airflow.panel import labels
from orchestrator.store.panel.panel_performance import Performance, SuccessWeek


class Kpi(NamedTuple):
    """One indicator: its name, its value, and the figures behind it."""

    name: str
    value: str
    note: str


def kpis(performance: Performance, currency: str) -> list[Kpi]:
    """Return all five; a dash for one without data."""
    weeks = performance.weeks
    started = sum(week.goals_with_new_learning for week in weeks)
    won = sum(week.goals_with_winner_within_7_days for week in weeks)
    promoted = sum(week.promotions for week in weeks)
    scaled = sum(week.promotions_scaled for week in weeks)
    return [
        Kpi("Goals with a learning campaign", f"{performance.learning_goals:,}", "live now"),
        _share("Winners within 7 days", won, started, "new learning goals"),
        _share("Promotions that scaled", scaled, promoted, "promotions"),
        _improvement(weeks, currency),
        _weekly(sum(week.campaigns_created for week in weeks), len(weeks)),
    ]


def _improvement(weeks: Sequence[SuccessWeek], currency: str) -> Kpi:
    learning_minor = sum(week.learning_spend_minor for week in weeks)
    learning_events = sum(week.learning_events for week in weeks)
    scaling_minor = sum(week.scaling_spend_minor for week in weeks)
    scaling_events = sum(week.scaling_events for week in weeks)
    if not (learning_events and scaling_events and learning_minor):
        return Kpi("Cheaper in scaling", "—", "once both learning and scaling brought events")
    learning = labels.cost_per_event(learning_minor, learning_events, currency)
    scaling = labels.cost_per_event(scaling_minor, scaling_events, currency)
    ratio = Fraction(scaling_minor, scaling_events) / Fraction(learning_minor, learning_events)
    note = f"{learning} an event in learning, {scaling} in scaling"
    return Kpi("Cheaper in scaling", f"{round(100 * (1 - ratio))} %", note)


def _weekly(created: int, weeks: int) -> Kpi:
    if not created:
        return Kpi("Campaigns created a week", "—", "none yet")
    note = f"{created:,} in {weeks} {'week' if weeks == 1 else 'weeks'}"
    return Kpi("Campaigns created a week", f"{created / weeks:.1f}", note)


def _share(name: str, part: int, whole: int, of_what: str) -> Kpi:
    percent = f"{round(Fraction(100 * part, whole))} %" if whole else "—"
    return Kpi(name, percent, f"{part:,} of {whole:,} {of_what}" if whole else f"no {of_what} yet")
