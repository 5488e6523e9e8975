"""Which days a report is about: presets, ranges and how they are split."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from graph_simulator.delivery.ledger import Span
from graph_simulator.errors import GraphError, bad_param
from graph_simulator.spec.check import parsed

_MONTHS_BACK = 37
_Preset = Callable[[date], tuple[date, date]]


def _last(days: int) -> _Preset:
    return lambda today: (today - timedelta(days), today - timedelta(1))


def _month(today: date) -> date:
    return today.replace(day=1)


def _quarter(today: date) -> date:
    return date(today.year, today.month - (today.month - 1) % 3, 1)


def _before(first: date, start: Callable[[date], date]) -> tuple[date, date]:
    last = first - timedelta(1)
    return start(last), last


def _week(today: date, first_weekday: int) -> date:
    return today - timedelta((today.weekday() - first_weekday) % 7)


def _last_week(today: date, first_weekday: int) -> tuple[date, date]:
    start = _week(today, first_weekday)
    return start - timedelta(7), start - timedelta(1)


PRESETS: dict[str, _Preset] = {
    "today": lambda today: (today, today),
    "yesterday": _last(1),
    "this_month": lambda today: (_month(today), today),
    "last_month": lambda today: _before(_month(today), _month),
    "this_quarter": lambda today: (_quarter(today), today),
    "last_3d": _last(3),
    "last_7d": _last(7),
    "last_14d": _last(14),
    "last_28d": _last(28),
    "last_30d": _last(30),
    "last_90d": _last(90),
    "last_week_mon_sun": lambda today: _last_week(today, 0),
    "last_week_sun_sat": lambda today: _last_week(today, 6),
    "last_quarter": lambda today: _before(_quarter(today), _quarter),
    "last_year": lambda today: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    "this_week_mon_today": lambda today: (_week(today, 0), today),
    "this_week_sun_today": lambda today: (_week(today, 6), today),
    "this_year": lambda today: (date(today.year, 1, 1), today),
}
_EVER = ("maximum", "data_maximum")


def spans(params: dict[str, Any], today: int, first: Callable[[], int]) -> list[Span]:
    """The stretches of days that rows are made for.

    Args:
        params: The report's parameters, raw.
        today: The account's present day.
        first: Finds the account's first day, when a report needs it.

    Raises:
        GraphError: 100 for a range or preset that is none, 3018 for one that begins too early.
    """
    requested = _requested(params, today, first)
    for since, _ in requested:
        _refuse_long_ago(since, today)
    increment = str(params.get("time_increment") or "all_days")
    return [part for span in requested for part in _split(span, increment)]


def _requested(params: dict[str, Any], today: int, first: Callable[[], int]) -> list[Span]:
    ranges = parsed(params.get("time_ranges") or None)
    if ranges is not None:
        if not isinstance(ranges, list) or not ranges:
            raise bad_param("Param time_ranges must be an array.", "time_ranges")
        return [_range(item, "time_ranges") for item in ranges]
    if params.get("time_range"):
        return [_range(parsed(params["time_range"]), "time_range")]
    return [_preset(str(params.get("date_preset") or "last_30d"), today, first)]


def _preset(name: str, today: int, first: Callable[[], int]) -> Span:
    if name in _EVER:
        return min(first(), today), today
    if name not in PRESETS:
        raise bad_param(
            f"date_preset must be one of the following values: {', '.join([*PRESETS, *_EVER])}", "date_preset"
        )
    since, until = PRESETS[name](date.fromordinal(today))
    return since.toordinal(), until.toordinal()


def _range(value: Any, name: str) -> Span:
    if isinstance(value, str):
        value = parsed(value.replace("'", '"'))
    if not isinstance(value, dict) or not {"since", "until"} <= value.keys():
        raise bad_param(f"Param {name} must have since and until", name)
    since, until = (_day(str(value[key]), name) for key in ("since", "until"))
    if since > until:
        raise bad_param(f"Must specify a date range where since is earlier than until: {name}", name)
    return since, until


def _day(text: str, name: str) -> int:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise bad_param(f"Param {name} must have dates of the form YYYY-MM-DD", name) from None


def _refuse_long_ago(since: int, today: int) -> None:
    now = date.fromordinal(today)
    months = now.year * 12 + now.month - 1 - _MONTHS_BACK
    earliest = date(months // 12, months % 12 + 1, min(now.day, 28))
    if since < earliest.toordinal():
        raise GraphError(
            "(#3018) The start date of the time range cannot be beyond 37 months from the current date",
            code=3018,
        )


def _split(span: Span, increment: str) -> list[Span]:
    since, until = span
    if increment == "all_days":
        return [span]
    if increment == "monthly":
        return _months(since, until)
    if not (increment.isascii() and increment.isdigit()) or not 1 <= int(increment[:3]) <= 90:
        raise bad_param(
            "Param time_increment must be an integer of 1 to 90, monthly or all_days", "time_increment"
        )
    step = int(increment)
    return [(start, min(start + step - 1, until)) for start in range(since, until + 1, step)]


def _months(since: int, until: int) -> list[Span]:
    found, start = [], since
    while start <= until:
        first = date.fromordinal(start)
        following = (first.replace(day=28) + timedelta(4)).replace(day=1).toordinal()
        found.append((start, min(following - 1, until)))
        start = following
    return found
