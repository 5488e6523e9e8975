"""Dates as a report writes them: whether the day or the month comes first is decided once for the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

_YEAR_FIRST = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?(?:\s.*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})")
_NAMED = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")
_MONTHS = 12
_YEARS = range(2004, 2100)
"""Years in which an ad can have run."""


def is_day_first(texts: Iterable[str], *, default: bool) -> bool:
    """Decide whether ``01/11/2026`` begins with the day: a part above 12, or points, show it."""
    for text in texts:
        parts = _YEAR_LAST.fullmatch(text)
        if parts is None:
            continue
        if parts[2] == "." or int(parts[1]) > _MONTHS:
            return True
        if int(parts[3]) > _MONTHS:
            return False
    return default


def day(value: str | date, *, day_first: bool) -> date:
    """Read one calendar day.

    Raises:
        ValueError: it is none on which an ad can have run.
    """
    found = value if isinstance(value, date) else _parsed(value, day_first=day_first)
    if found.year not in _YEARS:
        raise ValueError(f"{str(value)!r} is no day of an ad")
    return found


def _parsed(value: str, *, day_first: bool) -> date:
    numbers = _numbers(value, day_first=day_first)
    if numbers is not None:
        return date(*numbers)
    for form in _NAMED:
        try:
            return datetime.strptime(value, form).date()  # noqa: DTZ007 - a day of the account, without a zone
        except ValueError:
            continue
    raise ValueError(f"{value!r} is no date")


def _numbers(text: str, *, day_first: bool) -> tuple[int, int, int] | None:
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    found = _YEAR_LAST.fullmatch(text)
    if not found:
        return None
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    year += 2000 if year < 100 else 0
    return (year, other, one) if day_first else (year, one, other)
