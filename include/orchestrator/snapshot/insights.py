"""A platform's insight rows as windows an ad set: its lifetime and its days. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
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
    for (ad_set_id, day), (spend_minor, impressions, events) in _sums(report.rows).items():
        if day is None:
            lifetimes[ad_set_id] = Lifetime(spend_minor=spend_minor, impressions=impressions, events=events)
        else:
            of_day = Day(date=day, spend_minor=spend_minor, impressions=impressions, events=events)
            days.setdefault(ad_set_id, []).append(of_day)
    in_order = {key: tuple(sorted(each, key=attrgetter("date"))) for key, each in days.items()}
    return InsightWindows(lifetimes=lifetimes, days=in_order, read_at=read_at)


def _sums(rows: Sequence[InsightRow]) -> dict[tuple[str, date | None], tuple[int, int, int]]:
    sums: dict[tuple[str, date | None], tuple[int, int, int]] = {}
    for ad_set_id, day, spend_minor, impressions, events in rows:
        key = (ad_set_id, day)
        spent, shown, counted = sums.get(key, (0, 0, 0))
        sums[key] = (spent + spend_minor, shown + impressions, counted + events)
    return sums
