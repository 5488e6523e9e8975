"""Daily insights of ad sets, a user's day a row, and when they were last restated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from orchestrator.domain.model import Day
from orchestrator.domain.records import DailyRow, whole_events
from orchestrator.store.database import Transactions, statement
from orchestrator.store.values.parameters import document


class InsightDays:
    """Daily insights by user and ad set. Each call is one short transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def save(
        self,
        rows: Sequence[DailyRow],
        *,
        doubted: Sequence[DailyRow] = (),
        restated: Collection[UUID] = (),
        at: datetime | None = None,
    ) -> None:
        """Insert or restate ad set days; one row an ad set and day.

        Args:
            rows: the days.
            doubted: days of a reading that contradicts what is known: they lower no figure that is stored,
                and raise no events above the impressions.
            restated: users with all restatable days read.
            at: the run's time; with ``restated``.
        """
        with self._transactions() as tx:
            for name, each in (("save", rows), ("save_doubted", doubted)):
                if each:
                    tx.execute(statement(f"insight_days/{name}"), {"days": document(_user_days(each))})
            if at is not None and restated:
                tx.execute(statement("insight_days/mark_restated"), {"user_ids": list(restated), "at": at})

    def restated_at(self, user_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
        """When all days that the platform may restate were last read, by user."""
        with self._transactions() as tx:
            found = tx.execute(statement("insight_days/restated_at"), {"user_ids": list(user_ids)})
            return {row["user_id"]: row["insights_restated_at"] for row in found}

    def stored_days(self, ranges: Mapping[UUID, tuple[date, date]]) -> dict[UUID, dict[str, tuple[Day, ...]]]:
        """Stored days in order, by user and ad set, their events rounded as a rule counts them.

        Args:
            ranges: first and last day, by user.
        """
        bound = {
            "user_ids": list(ranges),
            "firsts": [first for first, _ in ranges.values()],
            "lasts": [last for _, last in ranges.values()],
        }
        with self._transactions() as tx:
            rows = tx.execute(statement("insight_days/stored_days"), bound).fetchall()
        days: dict[UUID, dict[str, list[Day]]] = {}
        for row in rows:
            by_ad_set = days.setdefault(row["user_id"], {})
            for ad_set_id, day in _days(row):
                by_ad_set.setdefault(ad_set_id, []).append(day)
        return {user: {key: tuple(each) for key, each in by_id.items()} for user, by_id in days.items()}


def _user_days(rows: Sequence[DailyRow]) -> list[dict[str, Any]]:
    by_day: dict[tuple[UUID, date], list[DailyRow]] = {}
    for row in rows:
        by_day.setdefault((row.user_id, row.day.date), []).append(row)
    return [_user_day(user_id, day, each) for (user_id, day), each in by_day.items()]


def _user_day(user_id: UUID, day: date, rows: Sequence[DailyRow]) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "day": day,
        "adset_ids": [row.ad_set_id for row in rows],
        "spend_minor": [row.day.spend_minor for row in rows],
        "impressions": [row.day.impressions for row in rows],
        "events": [row.day.events if row.part_events is None else row.part_events for row in rows],
    }


def _days(row: Mapping[str, Any]) -> Iterator[tuple[str, Day]]:
    """One day of each ad set in a row."""
    figures = zip(row["adset_ids"], row["spend_minor"], row["impressions"], row["events"], strict=True)
    for ad_set_id, spend, impressions, events in figures:
        yield (
            ad_set_id,
            Day(date=row["day"], spend_minor=spend, impressions=impressions, events=whole_events(events)),
        )
