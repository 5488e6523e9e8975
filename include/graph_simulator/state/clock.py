"""The simulated time: frozen, stepped, or running at a factor of the real one."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR = 3600


class Clock:
    """Unix seconds of the simulated world. Frozen unless a factor is given."""

    def __init__(self, start: datetime, factor: float = 0.0) -> None:
        self._base = start.timestamp()
        self._since = time.monotonic()
        self.factor = factor

    def now(self) -> int:
        """The present instant, whole seconds."""
        return int(self._base + self.factor * (time.monotonic() - self._since))

    def set(self, instant: datetime) -> None:
        """Jump to an instant."""
        self._base, self._since = instant.timestamp(), time.monotonic()

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self._base += seconds

    def run(self, factor: float) -> None:
        """Run at this factor from here on; 0 freezes."""
        self._base, self._since = float(self.now()), time.monotonic()
        self.factor = factor


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The time zone of this name."""
    return ZoneInfo(name)


@lru_cache(maxsize=65536)
def day_start(day: int, timezone: str) -> int:
    """The instant at which a day (its ordinal) begins in a time zone."""
    return int(datetime.fromordinal(day).replace(tzinfo=zone(timezone)).timestamp())


def day_of(instant: int, timezone: str) -> int:
    """The ordinal of the calendar day an instant falls on in a time zone."""
    return datetime.fromtimestamp(instant, tz=zone(timezone)).toordinal()


@lru_cache(maxsize=65536)
def written(instant: int, timezone: str) -> str:
    """``2026-11-20T10:00:00-0800``: an instant as Meta writes it, offset without a colon."""
    return datetime.fromtimestamp(instant, tz=zone(timezone)).strftime("%Y-%m-%dT%H:%M:%S%z")


@lru_cache(maxsize=4096)
def written_day(day: int) -> str:
    """``2026-11-20``: a day (its ordinal) as Meta writes it."""
    return date.fromordinal(day).isoformat()


def iso(instant: int) -> str:
    """``2026-11-20T18:00:00Z``: an instant as the control API writes it."""
    return datetime.fromtimestamp(instant, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_instant(text: str) -> datetime:
    """Read ISO 8601 with an offset; a time without one is UTC."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)
