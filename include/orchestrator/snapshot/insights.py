"""A platform's insight rows as windows an ad set: its lifetime and its days. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from orchestrator.domain.model import Day, Lifetime
from orchestrator.platforms.base import InsightReport, InsightRow


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightWindows:
    """One user's insights by ad set id. An ad set that was never delivered is not here.

    ``read_at``: when they were read; null when they are not whole.
    """

    lifetimes: Mapping[str, Lifetime] = field(default_factory=dict)
    days: Mapping[str, tuple[Day, ...]] = field(default_factory=dict)
    read_at: datetime | None = None


def windows(reports: Mapping[UUID, InsightReport], read_at: datetime) -> dict[UUID, InsightWindows]:
    """Turn the reports of many users into windows: rows of one ad set and day added, days in order."""
    return {user: _windows(report, None if report.problem else read_at) for user, report in reports.items()}


def _windows(report: InsightReport, read_at: datetime | None) -> InsightWindows:
    lifetimes: dict[str, Lifetime] = {}
    days: dict[str, list[Day]] = {}
    sums = _sums(report.rows)
    for ad_set_id, day in sorted(sums, key=lambda key: key[1] or date.min):
        spend_minor, impressions, events = sums[ad_set_id, day]
        if day is None:
            lifetimes[ad_set_id] = Lifetime(spend_minor=spend_minor, impressions=impressions, events=events)
        else:
            of_day = Day(date=day, spend_minor=spend_minor, impressions=impressions, events=events)
            days.setdefault(ad_set_id, []).append(of_day)
    return InsightWindows(
        lifetimes=lifetimes, days={key: tuple(each) for key, each in days.items()}, read_at=read_at
    )


def _sums(rows: Sequence[InsightRow]) -> dict[tuple[str, date | None], tuple[int, int, int]]:
    sums: dict[tuple[str, date | None], tuple[int, int, int]] = {}
    for row in rows:
        spend_minor, impressions, events = sums.get((row.ad_set_id, row.day), (0, 0, 0))
        sums[row.ad_set_id, row.day] = (
            spend_minor + row.spend_minor,
            impressions + row.impressions,
            events + row.events,
        )
    return sums
