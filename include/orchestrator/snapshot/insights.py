"""A platform's insight rows as windows an ad set: its lifetime and its days. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from uuid import UUID

from orchestrator.domain.model import Day, Lifetime
from orchestrator.domain.records import PartEvents, whole_events
from orchestrator.platforms.base import InsightReport, InsightRow


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightWindows:
    """One user's insights by ad set id. An ad set that was never delivered is not here.

    Events are rounded, those of a lifetime once; ``part_events`` are those of days that are not whole.
    ``read_at``: when they were read; null when they are not whole.
    """

    lifetimes: Mapping[str, Lifetime] = field(default_factory=dict)
    days: Mapping[str, tuple[Day, ...]] = field(default_factory=dict)
    part_events: PartEvents = field(default_factory=dict)
    read_at: datetime | None = None


def windows(reports: Mapping[UUID, InsightReport], read_at: datetime) -> dict[UUID, InsightWindows]:
    """Turn the reports of many users into windows: rows of one ad set and day added, days in order."""
    return {user: _windows(report, None if report.problem else read_at) for user, report in reports.items()}


def _windows(report: InsightReport, read_at: datetime | None) -> InsightWindows:
    lifetimes: dict[str, Lifetime] = {}
    days: dict[str, list[Day]] = {}
    parts: dict[tuple[str, date], Decimal] = {}
    for (ad_set_id, day), (spend_minor, impressions, exact) in _sums(report.rows).items():
        events = whole_events(exact)
        if day is None:
            lifetimes[ad_set_id] = Lifetime(spend_minor=spend_minor, impressions=impressions, events=events)
            continue
        of_day = Day(date=day, spend_minor=spend_minor, impressions=impressions, events=events)
        days.setdefault(ad_set_id, []).append(of_day)
        if events != exact:
            parts[ad_set_id, day] = exact
    in_order = {key: tuple(sorted(each, key=attrgetter("date"))) for key, each in days.items()}
    return InsightWindows(lifetimes=lifetimes, days=in_order, part_events=parts, read_at=read_at)


def _sums(rows: Sequence[InsightRow]) -> dict[tuple[str, date | None], tuple[int, int, Decimal]]:
    sums: dict[tuple[str, date | None], tuple[int, int, Decimal]] = {}
    for ad_set_id, day, spend_minor, impressions, events in rows:
        key = (ad_set_id, day)
        before = sums.get(key)
        if before is None:  # as nearly always
            sums[key] = (spend_minor, impressions, events)
        else:
            sums[key] = (before[0] + spend_minor, before[1] + impressions, before[2] + events)
    return sums
