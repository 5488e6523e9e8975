"""Insights rows of a whole batch of users, counted by goal. Loads pandas.

Meta sends every number as text and leaves out what is zero. What counts for a goal is in ``objectives``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any
from uuid import UUID

import pandas as pd

from orchestrator.domain import money
from orchestrator.platforms.base import InsightReport, InsightRow, InsightSource
from orchestrator.platforms.meta.objectives import CONVERSION_GOALS, PROFILE_VISITS, metric_of

_UNREADABLE = -1
_MAX_COUNT = 2**31 - 1  # of a column of counts
_MOST_PLACES = 15
_LISTS = ("actions", "conversions", "video_thruplay_watched_actions")
_COLUMNS = ("adset_id", "date_start", "spend", "impressions", *_LISTS, PROFILE_VISITS)
_NUMBERS = ["spend_minor", "impressions", "events"]


def insight_reports(sources: Mapping[UUID, InsightSource]) -> dict[UUID, InsightReport]:
    """Turn the readings of many users into neutral rows, all at once.

    Returns:
        For each user a row an Insights row: spend in minor units of the account's currency, half up,
        impressions, and events of the ad set's own goal, exactly. A row that cannot be counted is left out
        and is the ``problem``.
    """
    frame = _frame({str(user): source for user, source in sources.items()})
    frame["spend_minor"] = _spend_minor(frame)
    frame["impressions"] = _whole(frame["impressions"])
    frame["events"] = _events(frame)
    unreadable = frame[(frame[_NUMBERS] < 0).any(axis=1) | _is_undated(frame)]
    problems = _unset_metrics(frame) | _problems(unreadable)
    rows = _rows(frame.drop(unreadable.index))
    return {
        user: InsightReport(
            rows=rows.get(str(user), ()), problem=each.reading.insights_problem or problems.get(str(user))
        )
        for user, each in sources.items()
    }


def _frame(sources: Mapping[str, InsightSource]) -> pd.DataFrame:
    """All rows of all users that belong to an ad set of ours, with what to count in each."""
    parts = [(user, is_daily, rows) for user, each in sources.items() for is_daily, rows in _both(each)]
    frame = pd.DataFrame(list(chain.from_iterable(rows for _, _, rows in parts)), columns=list(_COLUMNS))
    frame["adset_id"] = frame["adset_id"].astype(object)
    frame["user"] = pd.Series([user for user, _, rows in parts for _ in rows], dtype=object)
    frame["is_daily"] = pd.Series([is_daily for _, is_daily, rows in parts for _ in rows], dtype=bool)
    return frame.merge(_wanted(sources), on=["user", "adset_id"], how="inner")


def _both(source: InsightSource) -> tuple[tuple[bool, Sequence[Mapping[str, Any]]], ...]:
    return (False, source.reading.lifetime_rows), (True, source.reading.daily_rows)


def _wanted(sources: Mapping[str, InsightSource]) -> pd.DataFrame:
    wanted = [
        (user, ad_set_id, goal_key, currency, *(metric_of(goal_key, conversions) or ("", "")))
        for user, source in sources.items()
        for currency, conversions in ((source.reading.account.currency, source.assets.conversions),)
        for ad_set_id, goal_key in source.goal_of.items()
    ]
    columns = ["user", "adset_id", "goal_key", "currency", "field", "action_type"]
    return pd.DataFrame(wanted, columns=columns, dtype=object)


def _spend_minor(frame: pd.DataFrame) -> pd.Series[int]:
    """Spend in minor units, exactly: each distinct text is converted once, by ``money``."""
    texts = _texts(frame["spend"])
    minor = pd.Series(0, index=frame.index, dtype="int64")
    for currency, of_currency in texts.groupby(frame["currency"]):
        known = {text: _minor(text, str(currency)) for text in of_currency.unique()}
        minor.loc[of_currency.index] = of_currency.map(known).astype("int64")
    return minor


def _minor(text: str, currency: str) -> int:
    try:
        return money.minor_from_major(text, currency)
    except ValueError:
        return _UNREADABLE


def _events(frame: pd.DataFrame) -> pd.Series[Any]:
    """Events as ``Decimal``: of modelled conversions Meta attributes parts."""
    events = pd.Series(Decimal(0), index=frame.index, dtype=object)
    visits = frame.loc[frame["field"] == PROFILE_VISITS, PROFILE_VISITS]
    events.loc[visits.index] = _exact(visits)
    for name in _LISTS:
        counted = _counted(frame.loc[frame["field"] == name, [name, "action_type"]], name)
        events.loc[counted.index] = counted
    return events


def _counted(rows: pd.DataFrame, name: str) -> pd.Series[Any]:
    """The value of the wanted action type of each row that has it; Meta lists a type once."""
    entries = rows[name].dropna().explode().dropna()
    is_entry = entries.map(lambda entry: isinstance(entry, dict)).astype(bool)
    listed = pd.DataFrame(
        entries[is_entry].tolist(), index=entries[is_entry].index, columns=["action_type", "value"]
    )
    hits = listed[listed["action_type"] == rows["action_type"].reindex(listed.index)]
    junk = pd.Series(Decimal(_UNREADABLE), index=entries[~is_entry].index, dtype=object)
    counted: pd.Series[Any] = pd.concat([_exact(hits["value"]), junk])
    if counted.index.is_unique:
        return counted
    smallest_first = counted.sort_values()
    return smallest_first[~smallest_first.index.duplicated()]


def _exact(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Texts as exact numbers; absent is 0. Each distinct text is read once, by ``_count``."""
    values = _texts(texts)
    known = {text: _count(text) for text in values.unique()}
    return values.map(known).astype(object)


def _count(text: str) -> Decimal:
    """A count as Meta reports it, whole or not, to 15 places; anything else is unreadable."""
    try:
        count = Decimal(text)
    except InvalidOperation:
        return Decimal(_UNREADABLE)
    if not count.is_finite() or not 0 <= count <= _MAX_COUNT:
        return Decimal(_UNREADABLE)
    return round(count, _MOST_PLACES) if int(count.as_tuple().exponent) < -_MOST_PLACES else count


def _whole(texts: pd.Series[Any]) -> pd.Series[int]:
    """Texts as whole numbers; absent is 0, anything else than a count is unreadable."""
    numbers = pd.to_numeric(_texts(texts), errors="coerce").astype("float64")
    return numbers.where(numbers.between(0, _MAX_COUNT), _UNREADABLE).astype("int64")


def _texts(values: pd.Series[Any]) -> pd.Series[str]:
    """Values as Meta's text, the absent ones as ``"0"``."""
    return values.astype(object).where(values.notna(), "0").astype(str)


def _is_undated(frame: pd.DataFrame) -> pd.Series[bool]:
    dates = pd.to_datetime(frame["date_start"], format="%Y-%m-%d", errors="coerce")
    return frame["is_daily"] & dates.isna()


def _unset_metrics(frame: pd.DataFrame) -> dict[str, str]:
    unset = frame[(frame["field"] == "") & frame["goal_key"].isin(CONVERSION_GOALS)]
    return {
        user: f"no conversion is configured for goal {goal_key!r}, so its events cannot be counted: "
        "finish the asset setup"
        for user, goal_key in zip(unset["user"], unset["goal_key"], strict=True)
    }


def _problems(unreadable: pd.DataFrame) -> dict[str, str]:
    rows = zip(unreadable["user"], unreadable["adset_id"], unreadable["date_start"], strict=True)
    return {
        user: f"an Insights row of ad set {ad_set_id} ({day}) cannot be read: read it again"
        for user, ad_set_id, day in rows
    }


def _rows(frame: pd.DataFrame) -> dict[str, list[InsightRow]]:
    dates = {text: date.fromisoformat(text) for text in frame.loc[frame["is_daily"], "date_start"].unique()}
    daily = zip(frame["is_daily"].tolist(), frame["date_start"].tolist(), strict=True)
    days = [dates[day] if is_daily else None for is_daily, day in daily]
    columns = (frame["adset_id"].tolist(), days, *(frame[name].tolist() for name in _NUMBERS))
    rows: dict[str, list[InsightRow]] = {}
    # By columns, because a frame is slow to walk.
    for user, row in zip(frame["user"].tolist(), zip(*columns, strict=True), strict=True):
        rows.setdefault(user, []).append(InsightRow._make(row))
    return rows
