"""What is known of Meta's objects: roles, cells, last known state, days of evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from orchestrator.domain.model import Day
from orchestrator.domain.records import AdSetRow, CampaignRow, DailyRow
from orchestrator.store.database import Connection, columns, document, statement


def upsert_campaigns(tx: Connection, rows: Sequence[CampaignRow]) -> None:
    """Insert or update campaigns; role and creation stay as they were first kept."""
    if rows:
        tx.execute(statement("ad_objects/keep_campaigns"), {"rows": document([columns(row) for row in rows])})


def upsert_ad_sets(tx: Connection, rows: Sequence[AdSetRow]) -> None:
    """Insert or update ad sets; cell, source and creation stay as they were first kept."""
    if rows:
        tx.execute(statement("ad_objects/keep_ad_sets"), {"rows": document([columns(row) for row in rows])})


def upsert_creative(tx: Connection, user_id: UUID, creative_id: str, meta_creative_id: str) -> None:
    """Remember Meta's creative made of ours."""
    tx.execute(
        statement("ad_objects/keep_creative"),
        {"user_id": user_id, "creative_id": creative_id, "meta_creative_id": meta_creative_id},
    )


def save_insights(tx: Connection, rows: Sequence[DailyRow]) -> None:
    """Insert or restate ad set days; one row an ad set and day."""
    of_users: dict[tuple[UUID, date], list[DailyRow]] = {}
    for row in rows:
        of_users.setdefault((row.user_id, row.day.date), []).append(row)
    if of_users:
        days = [_user_day(user_id, day, each) for (user_id, day), each in of_users.items()]
        tx.execute(statement("ad_objects/save_insights"), {"days": document(days)})


def _user_day(user_id: UUID, day: date, rows: Sequence[DailyRow]) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "day": day,
        "adset_ids": [row.ad_set_id for row in rows],
        "spend_minor": [row.day.spend_minor for row in rows],
        "impressions": [row.day.impressions for row in rows],
        "events": [row.day.events for row in rows],
    }


def stored_days(
    tx: Connection, asked: Mapping[UUID, tuple[date, date]]
) -> dict[UUID, dict[str, tuple[Day, ...]]]:
    """Some users' days, in order, by user and ad set."""
    found = tx.execute(
        statement("ad_objects/kept_days"),
        {
            "user_ids": list(asked),
            "firsts": [first for first, _ in asked.values()],
            "lasts": [last for _, last in asked.values()],
        },
    )
    days: dict[UUID, dict[str, list[Day]]] = {}
    for row in found:
        of_user = days.setdefault(row["user_id"], {})
        for ad_set_id, day in _days(row):
            of_user.setdefault(ad_set_id, []).append(day)
    return {user: {key: tuple(each) for key, each in of_user.items()} for user, of_user in days.items()}


def _days(row: Mapping[str, Any]) -> Iterator[tuple[str, Day]]:
    """One day of each ad set that a row has."""
    figures = zip(row["adset_ids"], row["spend_minor"], row["impressions"], row["events"], strict=True)
    for ad_set_id, spend, impressions, events in figures:
        yield ad_set_id, Day(date=row["day"], spend_minor=spend, impressions=impressions, events=events)


def restated(tx: Connection, user_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """When each user's restated days were last read."""
    found = tx.execute(statement("ad_objects/restated"), {"user_ids": list(user_ids)})
    return {row["user_id"]: row["insights_restated_at"] for row in found}


def mark_restated(tx: Connection, user_ids: Collection[UUID], at: datetime) -> None:
    """Note that some users' restated days were read."""
    if user_ids:
        tx.execute(statement("ad_objects/mark_restated"), {"user_ids": list(user_ids), "at": at})
