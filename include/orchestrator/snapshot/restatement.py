"""Which days of Insights a run reads. Pure.

A platform restates a day for some weeks (``Capabilities.restated_days``).
The rules look at nine: today, yesterday, and the seven before yesterday. So a run reads the latest
days, takes the others from what was stored, and once a day reads all that may have been restated.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

LATEST_DAYS = 2  # before today: what a rule compares day by day
RULE_DAYS = 8  # before today: what any rule looks at


def today(now: datetime, timezone: str) -> date:
    """The account's day at ``now``."""
    return now.astimezone(ZoneInfo(timezone)).date()


def is_due(restated_at: datetime | None, now: datetime, user_id: UUID) -> bool:
    """Whether a run at ``now`` reads all that the platform may have restated.

    Once a day, counted from an hour of the user's own: the users of one run then fall due in
    different runs, not all in the first one after midnight.
    """
    if restated_at is None:
        return True
    own_hour = timedelta(hours=user_id.int % 24)
    return (now - own_hour).date() > (restated_at - own_hour).date()


def first_day(today: date, restated_days: int, *, due: bool) -> date:
    """The earliest day to read, of an account whose day is ``today``."""
    return today - timedelta(days=restated_days if due else LATEST_DAYS)


def stored_days(today: date) -> tuple[date, date]:
    """The first and the last day to take from what was stored, when the latest are read."""
    return today - timedelta(days=RULE_DAYS), today - timedelta(days=LATEST_DAYS + 1)
