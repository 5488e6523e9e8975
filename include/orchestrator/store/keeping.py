"""What is known of Meta's objects: roles, cells, last known state, days of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from orchestrator.rows import AdSetRow, CampaignRow, DailyRow
from orchestrator.store.database import Connection, columns, document, statement


def keep_campaigns(tx: Connection, rows: Sequence[CampaignRow]) -> None:
    """Insert or update campaigns; role and creation stay as they were first kept."""
    if rows:
        tx.execute(statement("keep_campaigns"), {"rows": document([columns(row) for row in rows])})


def keep_ad_sets(tx: Connection, rows: Sequence[AdSetRow]) -> None:
    """Insert or update ad sets; cell, source and creation stay as they were first kept."""
    if rows:
        tx.execute(statement("keep_ad_sets"), {"rows": document([columns(row) for row in rows])})


def keep_creative(tx: Connection, user_id: UUID, creative_id: str, meta_creative_id: str) -> None:
    """Remember Meta's creative made of ours."""
    tx.execute(
        statement("keep_creative"),
        {"user_id": user_id, "creative_id": creative_id, "meta_creative_id": meta_creative_id},
    )


def save_insights(tx: Connection, rows: Sequence[DailyRow]) -> None:
    """Insert or restate ad set days; one row an ad set and day."""
    tx.execute(
        statement("save_insights"),
        {
            "user_ids": [row.user_id for row in rows],
            "adset_ids": [row.ad_set_id for row in rows],
            "days": [row.day.date for row in rows],
            "spend_minor": [row.day.spend_minor for row in rows],
            "impressions": [row.day.impressions for row in rows],
            "events": [row.day.events for row in rows],
        },
    )
