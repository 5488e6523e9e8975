"""What Meta answered about many users, as each user's windows. Loads pandas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from orchestrator.domain.records import UserRows
from orchestrator.platforms.base import AccountReading
from orchestrator.snapshot import insights
from orchestrator.snapshot.builder import InsightWindows


def windows(
    read: Mapping[UUID, tuple[UserRows, AccountReading]], read_at: datetime
) -> dict[UUID, InsightWindows]:
    """Windows of all of them at once. Evidence that is not whole has no ``read_at``."""
    found = insights.windows({str(key): _insight_rows(*each) for key, each in read.items()})
    return {
        key: InsightWindows(
            lifetimes=found[str(key)].lifetimes,
            days=found[str(key)].days,
            read_at=None if _problem(reading, found[str(key)]) else read_at,
        )
        for key, (_, reading) in read.items()
    }


def _problem(reading: AccountReading, found: insights.Windows) -> str | None:
    return found.problem if reading.insights_complete else reading.insights_problem


def _insight_rows(rows: UserRows, reading: AccountReading) -> insights.InsightRows:
    conversions = rows.assets.conversions
    return insights.InsightRows(
        currency=reading.account.currency,
        goal_of={a.id: a.goal_key for a in rows.ad_sets},
        custom_event_str=conversions.get("streams", {}).get("custom_event_str"),
        custom_conversion_id=conversions.get("presave", {}).get("custom_conversion_id"),
        lifetime_rows=reading.lifetime_rows,
        daily_rows=reading.daily_rows,
    )
