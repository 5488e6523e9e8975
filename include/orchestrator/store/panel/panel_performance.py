"""Spend, events and success over time, of one user or of the fleet in one currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from orchestrator.domain.model import Role
from orchestrator.store.database import Connection, Transactions, read, statement


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalDay:
    """Spend in minor units and events of one goal and role on one account day."""

    goal_key: str
    role: Role
    day: date
    spend_minor: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessWeek:
    """The success measures of one week. Spend is in minor units."""

    week: datetime
    campaigns_created: int
    goals_with_new_learning: int
    goals_with_winner_within_7_days: int
    promotions: int
    promotions_scaled: int
    learning_spend_minor: int
    learning_events: int
    scaling_spend_minor: int
    scaling_events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """Days by goal and role, weeks (latest first), and the number of goals with a live learning campaign."""

    days: Sequence[GoalDay]
    weeks: Sequence[SuccessWeek]
    learning_goals: int


class PerformanceQueries:
    """Queries of the charts."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of_user(self, user_id: UUID) -> Performance:
        """One user: the last sixty days and eight weeks."""
        with self._transactions() as tx:
            return _performance(tx, "user", {"user_id": user_id, "currency": None})

    def of_fleet(self, currency: str) -> Performance:
        """All users with accounts of one currency: 28 days and eight weeks. Slow: cache the result."""
        with self._transactions() as tx:
            return _performance(tx, "fleet", {"user_id": None, "currency": currency})


def _performance(tx: Connection, subject: str, bound: Mapping[str, Any]) -> Performance:
    (learning,) = tx.execute(statement("panel_performance/learning_goals"), bound).fetchall()
    return Performance(
        days=read(tx, GoalDay, f"panel_performance/{subject}_days", bound).fetchall(),
        weeks=read(tx, SuccessWeek, f"panel_performance/{subject}_weeks", bound).fetchall(),
        learning_goals=learning["goals"],
    )
