"""Chart specifications for Plotly, each with the same figures as a table. Pure.

Amounts in a chart are major units as floats: a pixel is coarser than their rounding error. Colours are
names of the page's CSS variables, so that a chart follows the page's theme.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Self, TypeVar

from ads_orchestrator_airflow.panel import labels
from orchestrator.domain import money
from orchestrator.domain.model import ObjectStatus, Role
from orchestrator.rules.live_budget import active_by_campaign, campaign_minor
from orchestrator.store.panel.panel_performance import GoalDay

K = TypeVar("K", bound=Hashable)

_COLOURS = ("first", "second", "third", "fourth", "fifth", "sixth")
_OF_ROLE: Mapping[Role, str] = {"testing": "first", "scaling": "second"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, and its figures as an accessible table."""

    title: str
    note: str
    spec: Mapping[str, Any]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class BudgetBar:
    """The live daily budget by goal when a run began, in minor units, and the cap; None: no cap was set."""

    at: datetime
    by_goal: Mapping[str, int]
    cap_minor: int | None = field(default=None)


def of_days(days: Sequence[GoalDay], currency: str) -> list[Chart]:
    """Return the charts of spend and of cost; none when nothing was spent."""
    if not any(day.spend_minor for day in days):
        return []
    return [
        _spend(days, currency),
        _cost(days, currency),
        _learning_against_scaling(days, currency),
        _by_goal(days, currency),
    ]


def live_budget(at: datetime, snapshot: Mapping[str, Any]) -> BudgetBar:
    """Return the live daily budget of a run's snapshot document."""
    active_of = active_by_campaign(map(_AdSet.of, snapshot["ad_sets"]))
    by_goal: dict[str, int] = defaultdict(int)
    for campaign in snapshot["campaigns"]:
        if campaign["status"] == "ACTIVE":
            by_goal[campaign["goal_key"]] += campaign_minor(_Campaign.of(campaign), active_of)
    return BudgetBar(at, dict(by_goal), snapshot["settings"]["max_daily_budget_minor"])


class _Campaign(NamedTuple):
    id: str
    status: ObjectStatus
    own_budget_minor: int | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        return cls(row["id"], row["status"], _own_budget(row))


class _AdSet(NamedTuple):
    campaign_id: str
    status: ObjectStatus
    budget_minor: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        return cls(row["campaign_id"], row["status"], _own_budget(row) or 0)


def _own_budget(row: Mapping[str, Any]) -> int | None:
    """A budget a day of either kind; snapshots of old have daily ones alone."""
    daily: int | None = row["daily_budget_minor"]
    return row.get("lifetime_daily_minor") if daily is None else daily


def of_budgets(budgets: Sequence[BudgetBar], currency: str) -> list[Chart]:
    """Return the chart of the live daily budget at each run, with the cap; none before the first run."""
    if not budgets:
        return []
    at = [f"{each.at:%d %b, %H:%M}" for each in budgets]
    goals = sorted({goal for each in budgets for goal in each.by_goal})
    traces: list[dict[str, Any]] = [
        _trace(
            labels.goal_title(goal),
            at,
            [_major(each.by_goal.get(goal, 0), currency) for each in budgets],
            colour,
            type="bar",
        )
        for goal, colour in _with_colours(goals)
    ]
    caps = [None if each.cap_minor is None else _major(each.cap_minor, currency) for each in budgets]
    dashed = {"dash": "dash"}
    traces.append(_trace("Cap", at, caps, "bad", type="scatter", mode="lines+markers", line=dashed))
    layout = _money_axis(currency) | {"barmode": "stack", "xaxis": {"type": "category"}}
    return [
        Chart(
            "Budgets live at each run, and the cap",
            "What could be spent in a day when the run began.",
            {"data": traces, "layout": layout},
            ["Run", *map(labels.goal_title, goals), "Cap"],
            [_budget_cells(each, goals, currency) for each in budgets],
        )
    ]


def _budget_cells(budget: BudgetBar, goals: Sequence[str], currency: str) -> list[str]:
    return [
        f"{budget.at:%d %b %Y, %H:%M} UTC",
        *(money.text(budget.by_goal.get(goal, 0), currency) for goal in goals),
        "—" if budget.cap_minor is None else money.text(budget.cap_minor, currency),
    ]


def _spend(days: Sequence[GoalDay], currency: str) -> Chart:
    spent = _summed(((day.role, day.day), day.spend_minor) for day in days)
    dates = sorted({day.day for day in days})
    traces = [
        _trace(
            labels.role(role),
            [date.isoformat() for date in dates],
            [_major(spent[role, date], currency) for date in dates],
            colour,
            type="bar",
        )
        for role, colour in _OF_ROLE.items()
    ]
    return Chart(
        "Spend a day",
        "Learning and scaling together are what a day cost.",
        {"data": traces, "layout": _money_axis(currency) | {"barmode": "stack"}},
        ["Day", *map(labels.role, _OF_ROLE)],
        [
            [f"{date:%d %b %Y}", *(money.text(spent[role, date], currency) for role in _OF_ROLE)]
            for date in dates
        ],
    )


def _cost(days: Sequence[GoalDay], currency: str) -> Chart:
    goals = sorted({day.goal_key for day in days})
    traces = [
        _trace(
            f"{labels.goal_title(goal)}, {labels.role(role).lower()}",
            [day.day.isoformat() for day in shown],
            [_major(day.spend_minor / day.events, currency) for day in shown],
            colour,
            type="scatter",
            mode="lines+markers",
            line={"dash": "dot" if role == "testing" else "solid"},
        )
        for goal, colour in _with_colours(goals)
        for role in _OF_ROLE
        if (shown := [d for d in days if (d.goal_key, d.role) == (goal, role) and d.events])
    ]
    return Chart(
        "Cost per event, day by day",
        "An event is what the goal counts. Days without one have no cost. Dotted: learning.",
        {"data": traces, "layout": _money_axis(currency)},
        ["Day", "Goal", "Role", "Events", "Cost per event"],
        [_cost_cells(day, currency) for day in days],
    )


def _cost_cells(day: GoalDay, currency: str) -> list[str]:
    return [
        f"{day.day:%d %b %Y}",
        labels.goal_title(day.goal_key),
        labels.role(day.role),
        f"{day.events:,}",
        labels.cost_per_event(day.spend_minor, day.events, currency),
    ]


def _learning_against_scaling(days: Sequence[GoalDay], currency: str) -> Chart:
    spent = _summed(((day.goal_key, day.role), day.spend_minor) for day in days)
    events = _summed(((day.goal_key, day.role), day.events) for day in days)
    goals = sorted({day.goal_key for day in days})

    def cost(goal: str, role: Role) -> float | None:
        count = events[goal, role]
        return _major(spent[goal, role] / count, currency) if count else None

    titles = [labels.goal_title(goal) for goal in goals]
    traces = [
        _trace(labels.role(role), titles, [cost(goal, role) for goal in goals], colour, type="bar")
        for role, colour in _OF_ROLE.items()
    ]
    return Chart(
        "Cost per event: learning against scaling",
        "Scaling should be the cheaper one.",
        {"data": traces, "layout": _money_axis(currency) | {"barmode": "group"}},
        ["Goal", *map(labels.role, _OF_ROLE)],
        [
            [
                labels.goal_title(goal),
                *(labels.cost_per_event(spent[goal, r], events[goal, r], currency) for r in _OF_ROLE),
            ]
            for goal in goals
        ],
    )


def _by_goal(days: Sequence[GoalDay], currency: str) -> Chart:
    spent = _summed((day.goal_key, day.spend_minor) for day in days)
    goals = sorted(spent, key=lambda goal: spent[goal])
    titles = [labels.goal_title(goal) for goal in goals]
    amounts = [_major(spent[goal], currency) for goal in goals]
    trace = _trace("Spend", amounts, titles, "first", type="bar", orientation="h")
    return Chart(
        "Where the money went",
        "All spend of these days, by goal.",
        {"data": [trace], "layout": {"xaxis": _axis(currency), "yaxis": {"automargin": True}}},
        ["Goal", "Spend"],
        [[labels.goal_title(goal), money.text(spent[goal], currency)] for goal in reversed(goals)],
    )


def _summed(figures: Iterable[tuple[K, int]]) -> dict[K, int]:
    sums: dict[K, int] = defaultdict(int)
    for key, figure in figures:
        sums[key] += figure
    return sums


def _with_colours(goals: Sequence[str]) -> list[tuple[str, str]]:
    return [(goal, _COLOURS[place % len(_COLOURS)]) for place, goal in enumerate(goals)]


def _trace(name: str, x: Sequence[Any], y: Sequence[Any], colour: str, **options: Any) -> dict[str, Any]:
    return {"name": name, "x": list(x), "y": list(y), "colour": colour, **options}


def _major(minor: float, currency: str) -> float:
    return round(minor / money.offset(currency), 6)


def _axis(currency: str) -> dict[str, Any]:
    return {"title": {"text": currency}, "rangemode": "tozero", "automargin": True}


def _money_axis(currency: str) -> dict[str, Any]:
    return {"yaxis": _axis(currency)}
