"""Insights rows of a whole batch of users, as windows per ad set. Where pandas lives.

Meta sends every number as text, leaves out what is zero, and sums what must not be summed:
``lead`` already holds its variants, ``video_view`` in ``actions`` is not a thruplay, and all
custom events of a pixel are lumped together in ``actions`` (only ``conversions`` tells them
apart). So each goal counts exactly one action type of one field, as
developers.facebook.com/docs/marketing-api/reference/ads-action-stats names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

import pandas as pd

from orchestrator.domain import money
from orchestrator.domain.model import Day, Lifetime

_UNREADABLE = -1
_LISTS = ("actions", "conversions", "video_thruplay_watched_actions")
_SCALAR = "instagram_profile_visits"
_COLUMNS = ("adset_id", "date_start", "spend", "impressions", *_LISTS, _SCALAR)
_SUMS = ["spend_minor", "impressions", "events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightRows:
    """One user's rows as Meta sent them, and what to count in them.

    ``goal_of`` has the goal of each ad set of ours by Meta's id; rows of others are passed over.
    ``custom_event_str`` is the streams goal's pixel event, ``custom_conversion_id`` the presave's.
    """

    currency: str
    goal_of: Mapping[str, str]
    custom_event_str: str | None
    custom_conversion_id: str | None
    lifetime_rows: Sequence[Mapping[str, Any]]
    daily_rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """One user's evidence by ad set id. An ad set that Insights does not list is not here.

    ``problem`` says why a row could not be counted; the evidence is then not whole.
    """

    lifetimes: Mapping[str, Lifetime] = field(default_factory=dict)
    days: Mapping[str, tuple[Day, ...]] = field(default_factory=dict)
    problem: str | None = None


def windows(rows_by_user: Mapping[str, InsightRows]) -> dict[str, Windows]:
    """Turn the rows of many users into windows, all at once.

    Returns:
        For each user, spend in minor units of the account's currency (each row half up, several
        rows of one ad set and day added), impressions, and events of the ad set's own goal; days
        in order.
    """
    frame = _frame(rows_by_user)
    frame["spend_minor"] = _spend_minor(frame)
    frame["impressions"] = _whole(frame["impressions"])
    frame["events"] = _events(frame)
    unreadable = frame[(frame[_SUMS] < 0).any(axis=1) | _is_undated(frame)]
    problems = _unset_metrics(frame) | _problems(unreadable)
    counted = frame.drop(unreadable.index)
    lifetimes = _lifetimes(counted[~counted["is_daily"]])
    days = _days(counted[counted["is_daily"]])
    return {
        user: Windows(lifetimes=lifetimes.get(user, {}), days=days.get(user, {}), problem=problems.get(user))
        for user in rows_by_user
    }


def metric(goal_key: str, rows: InsightRows) -> tuple[str, str] | None:
    """The field and action type that count for a goal; None when it is not known what to count."""
    known = {
        "virality": ("video_thruplay_watched_actions", "video_view"),
        "followers": (_SCALAR, ""),
        "build_audience": ("actions", "lead"),
        "fan_segmentation": ("actions", "link_click"),
    }
    if rows.custom_event_str:
        known["streams"] = ("conversions", f"offsite_conversion.fb_pixel_custom.{rows.custom_event_str}")
    if rows.custom_conversion_id:
        known["presave"] = ("actions", f"offsite_conversion.custom.{rows.custom_conversion_id}")
    return known.get(goal_key)


def _frame(rows_by_user: Mapping[str, InsightRows]) -> pd.DataFrame:
    """All rows of all users that belong to an ad set of ours, with what to count in each."""
    parts = [(user, is_daily, rows) for user, each in rows_by_user.items() for is_daily, rows in _both(each)]
    frame = pd.DataFrame(list(chain.from_iterable(rows for _, _, rows in parts)), columns=list(_COLUMNS))
    frame["adset_id"] = frame["adset_id"].astype(object)
    frame["user"] = pd.Series([user for user, _, rows in parts for _ in rows], dtype=object)
    frame["is_daily"] = pd.Series([is_daily for _, is_daily, rows in parts for _ in rows], dtype=bool)
    return frame.merge(_wanted(rows_by_user), on=["user", "adset_id"], how="inner")


def _both(rows: InsightRows) -> tuple[tuple[bool, Sequence[Mapping[str, Any]]], ...]:
    return (False, rows.lifetime_rows), (True, rows.daily_rows)


def _wanted(rows_by_user: Mapping[str, InsightRows]) -> pd.DataFrame:
    wanted = [
        (user, ad_set_id, goal_key, rows.currency, *(metric(goal_key, rows) or ("", "")))
        for user, rows in rows_by_user.items()
        for ad_set_id, goal_key in rows.goal_of.items()
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


def _events(frame: pd.DataFrame) -> pd.Series[int]:
    events = pd.Series(0, index=frame.index, dtype="int64")
    visits = frame.loc[frame["field"] == _SCALAR, _SCALAR]
    events.loc[visits.index] = _whole(visits)
    for name in _LISTS:
        counted = _counted(frame.loc[frame["field"] == name, [name, "action_type"]], name)
        events.loc[counted.index] = counted
    return events


def _counted(rows: pd.DataFrame, name: str) -> pd.Series[int]:
    """The value of the wanted action type of each row that has it; Meta lists a type once."""
    entries = rows[name].dropna().explode().dropna()
    is_entry = entries.map(lambda entry: isinstance(entry, dict)).astype(bool)
    listed = pd.DataFrame(
        entries[is_entry].tolist(), index=entries[is_entry].index, columns=["action_type", "value"]
    )
    hits = listed[listed["action_type"] == rows["action_type"].reindex(listed.index)]
    junk = pd.Series(_UNREADABLE, index=entries[~is_entry].index, dtype="int64")
    return pd.concat([_whole(hits["value"]), junk]).groupby(level=0).min()


def _whole(texts: pd.Series[Any]) -> pd.Series[int]:
    """Texts as whole numbers; absent is 0, anything else than a number is unreadable."""
    numbers = pd.to_numeric(_texts(texts), errors="coerce").fillna(_UNREADABLE)
    return numbers.astype("int64").clip(lower=_UNREADABLE)


def _texts(values: pd.Series[Any]) -> pd.Series[str]:
    """Values as Meta's text, the absent ones as ``"0"``."""
    return values.astype(object).where(values.notna(), "0").astype(str)


def _is_undated(frame: pd.DataFrame) -> pd.Series[bool]:
    dates = pd.to_datetime(frame["date_start"], format="%Y-%m-%d", errors="coerce")
    return frame["is_daily"] & dates.isna()


def _unset_metrics(frame: pd.DataFrame) -> dict[str, str]:
    unset = frame[(frame["field"] == "") & frame["goal_key"].isin(["streams", "presave"])]
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


def _lifetimes(frame: pd.DataFrame) -> dict[str, dict[str, Lifetime]]:
    lifetimes: dict[str, dict[str, Lifetime]] = {}
    for (user, ad_set_id), spend, impressions, events in _totals(frame, ["user", "adset_id"]):
        lifetimes.setdefault(user, {})[ad_set_id] = Lifetime(
            spend_minor=spend,
            impressions=impressions,
            events=events,
        )
    return lifetimes


def _days(frame: pd.DataFrame) -> dict[str, dict[str, tuple[Day, ...]]]:
    dates = {text: date.fromisoformat(text) for text in frame["date_start"].unique()}
    days: dict[str, dict[str, list[Day]]] = {}
    for (user, ad_set_id, day), spend, impressions, events in _totals(
        frame, ["user", "adset_id", "date_start"]
    ):
        of_ad_set = days.setdefault(user, {}).setdefault(ad_set_id, [])
        of_ad_set.append(Day(date=dates[day], spend_minor=spend, impressions=impressions, events=events))
    return {user: {key: tuple(each) for key, each in of_user.items()} for user, of_user in days.items()}


def _totals(frame: pd.DataFrame, keys: list[str]) -> list[tuple[Any, int, int, int]]:
    sums = frame.groupby(keys, sort=True, as_index=False)[_SUMS].sum()
    # Columns, because an index of several levels is slow to walk.
    of_group = zip(*(sums[name].tolist() for name in keys), strict=True)
    return list(zip(of_group, *(sums[name].tolist() for name in _SUMS), strict=True))
