"""The five key performance indicators, over some weeks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ads_orchestrator_airflow.panel import labels
from orchestrator.store.panel_queries import Past, Row


class Kpi(NamedTuple):
    """One indicator: its name, its value, and the figures behind it."""

    name: str
    value: str
    note: str


def kpis(past: Past, currency: str) -> list[Kpi]:
    """Return all five; a dash for one without data."""
    weeks = past.weeks
    started, won = _sum(weeks, "goals_with_new_learning"), _sum(weeks, "goals_with_winner_within_7_days")
    promoted, scaled = _sum(weeks, "promotions"), _sum(weeks, "promotions_scaled")
    return [
        Kpi("Goals with a learning campaign", f"{past.learning_goals:,}", "live now"),
        _share("Winners within 7 days", won, started, "new learning goals"),
        _share("Promotions that scaled", scaled, promoted, "promotions"),
        _improvement(weeks, currency),
        _weekly(_sum(weeks, "campaigns_created"), len(weeks)),
    ]


def _improvement(weeks: Sequence[Row], currency: str) -> Kpi:
    spent = {role: _sum(weeks, f"{role}_spend_minor") for role in ("learning", "scaling")}
    events = {role: _sum(weeks, f"{role}_events") for role in ("learning", "scaling")}
    costs = {role: labels.cost_per_event(spent[role], events[role], currency) for role in spent}
    if not (events["learning"] and events["scaling"] and spent["learning"]):
        return Kpi("Cheaper in scaling", "—", "once both learning and scaling brought events")
    note = f"{costs['learning']} an event in learning, {costs['scaling']} in scaling"
    ratio = Fraction(spent["scaling"], events["scaling"]) / Fraction(spent["learning"], events["learning"])
    return Kpi("Cheaper in scaling", f"{round(100 * (1 - ratio))} %", note)


def _weekly(created: int, weeks: int) -> Kpi:
    if not created:
        return Kpi("Campaigns created a week", "—", "none yet")
    note = f"{created:,} in {weeks} {'week' if weeks == 1 else 'weeks'}"
    return Kpi("Campaigns created a week", f"{created / weeks:.1f}", note)


def _sum(weeks: Sequence[Row], name: str) -> int:
    return sum(week[name] for week in weeks)


def _share(name: str, part: int, whole: int, of_what: str) -> Kpi:
    percent = f"{round(Fraction(100 * part, whole))} %" if whole else "—"
    return Kpi(name, percent, f"{part:,} of {whole:,} {of_what}" if whole else f"no {of_what} yet")
