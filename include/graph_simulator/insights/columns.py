"""The fields of an Insights row: every number a string, what has no value absent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from graph_simulator.answers.ad_set_fields import attribution_setting
from graph_simulator.delivery.ledger import Span
from graph_simulator.insights.totals import Totals, indicator
from graph_simulator.state import money
from graph_simulator.state.clock import written, written_day
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign


class Row(NamedTuple):
    """One row before it is written: what it is about, its days, its sums, the values it is broken down to."""

    about: Account | Campaign | AdSet | Ad
    span: Span
    totals: Totals
    ad_sets: tuple[AdSet, ...]
    windows: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    @property
    def account(self) -> Account:
        """The account of the row."""
        return self.about.account

    @property
    def campaign(self) -> Campaign | None:
        """The campaign of the row, below account level."""
        if isinstance(self.about, Account):
            return None
        return self.about if isinstance(self.about, Campaign) else self.about.campaign

    @property
    def ad_set(self) -> AdSet | None:
        """The ad set of the row, at ad set and ad level."""
        if isinstance(self.about, Ad):
            return self.about.ad_set
        return self.about if isinstance(self.about, AdSet) else None

    @property
    def ad(self) -> Ad | None:
        """The ad of the row, at ad level."""
        return self.about if isinstance(self.about, Ad) else None


def number(value: float) -> str:
    """Six decimals, no zeros at the end: "0.609286", "2.1325"."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _count(value: int) -> str | None:
    return str(value) if value else None


def _spend(row: Row) -> float:
    return row.totals.spend / money.offset(row.account.currency)


def _per(amount: float, count: float) -> str | None:
    return number(amount / count) if count else None


def _by_window(value: int, row: Row) -> dict[str, int]:
    """How a count falls into attribution windows; views are counted for website conversions only."""
    site = any("view" in attribution_setting(ad_set) for ad_set in row.ad_sets)
    views = value * 15 // 100 if site else 0
    clicks = value - views
    parts = {"1d_view": views, "7d_click": clicks, "28d_click": clicks, "default": value}
    return parts | {"1d_click": clicks * 85 // 100 if site else clicks}


def _action(kind: str, value: int, row: Row) -> dict[str, str]:
    counted = {"action_type": kind, "value": str(value)}
    if row.windows:
        parts = _by_window(value, row)
        counted |= {window: str(parts[window]) for window in row.windows if parts.get(window)}
    return counted


def _actions(counts: dict[str, int], row: Row) -> list[dict[str, str]] | None:
    return [_action(kind, counts[kind], row) for kind in sorted(counts) if counts[kind]] or None


def _costs(counts: Iterable[tuple[str, int]], row: Row) -> list[dict[str, str]] | None:
    return [_cost(kind, value, row) for kind, value in sorted(counts) if value] or None


def _cost(kind: str, value: int, row: Row) -> dict[str, str]:
    counted = _action(kind, value, row)
    spend = _spend(row)
    return {
        name: part if name == "action_type" else number(spend / int(part)) for name, part in counted.items()
    }


def _one(kind: str, value: int, row: Row) -> list[dict[str, str]] | None:
    return [_action(kind, value, row)] if value else None


def _results(row: Row, *, cost: bool) -> list[dict[str, Any]] | None:
    names = sorted({indicator(ad_set) for ad_set in row.ad_sets})
    if len(names) != 1:
        return None
    value = row.totals.reach if names[0] == "reach" else row.totals.results
    if not value:
        return [{"indicator": names[0]}]
    text = number(_spend(row) / value) if cost else str(value)
    return [{"indicator": names[0], "values": [{"value": text, "attribution_windows": ["default"]}]}]


def _setting(row: Row) -> str | None:
    settings = {attribution_setting(ad_set) for ad_set in row.ad_sets}
    return settings.pop() if len(settings) == 1 else "multiple"


def _link_rate(row: Row) -> list[dict[str, str]] | None:
    rate = _per(row.totals.link_clicks * 100, row.totals.impressions)
    return [{"action_type": "link_click", "value": rate}] if rate and row.totals.link_clicks else None


def _of(part: Callable[[Row], Any], name: str) -> Callable[[Row], Any]:
    return lambda row: getattr(part(row), name, None)


def _when(name: str) -> Callable[[Row], str]:
    def day(row: Row) -> str:
        about = row.about
        instant = about.created if isinstance(about, Account) else getattr(about, name)
        return written(instant, row.account.timezone)[:10]

    return day


COLUMNS: dict[str, Callable[[Row], Any]] = {
    "account_currency": lambda row: row.account.currency,
    "account_id": lambda row: row.account.number,
    "account_name": lambda row: row.account.name,
    "actions": lambda row: _actions(row.totals.actions, row),
    "ad_id": _of(lambda row: row.ad, "id"),
    "ad_name": _of(lambda row: row.ad, "name"),
    "adset_id": _of(lambda row: row.ad_set, "id"),
    "adset_name": _of(lambda row: row.ad_set, "name"),
    "attribution_setting": _setting,
    "buying_type": _of(lambda row: row.campaign, "buying_type"),
    "campaign_id": _of(lambda row: row.campaign, "id"),
    "campaign_name": _of(lambda row: row.campaign, "name"),
    "clicks": lambda row: str(row.totals.clicks),
    "conversions": lambda row: _actions(row.totals.conversions, row),
    "cost_per_action_type": lambda row: _costs(row.totals.actions.items(), row),
    "cost_per_conversion": lambda row: _costs(row.totals.conversions.items(), row),
    "cost_per_inline_link_click": lambda row: _per(_spend(row), row.totals.link_clicks),
    "cost_per_result": lambda row: _results(row, cost=True),
    "cost_per_thruplay": lambda row: _costs([("video_view", row.totals.thruplays)], row),
    "cpc": lambda row: _per(_spend(row), row.totals.clicks),
    "cpm": lambda row: _per(_spend(row) * 1000, row.totals.impressions),
    "cpp": lambda row: _per(_spend(row) * 1000, row.totals.reach),
    "created_time": _when("created"),
    "ctr": lambda row: _per(row.totals.clicks * 100, row.totals.impressions),
    "frequency": lambda row: _per(row.totals.impressions, row.totals.reach),
    "impressions": lambda row: str(row.totals.impressions),
    "inline_link_click_ctr": lambda row: _per(row.totals.link_clicks * 100, row.totals.impressions),
    "inline_link_clicks": lambda row: _count(row.totals.link_clicks),
    "inline_post_engagement": lambda row: _count(row.totals.actions.get("post_engagement", 0)),
    "instagram_profile_visits": lambda row: _count(row.totals.profile_visits),
    "objective": _of(lambda row: row.campaign, "objective"),
    "optimization_goal": _of(lambda row: row.ad_set, "optimization_goal"),
    "outbound_clicks": lambda row: _one("outbound_click", row.totals.link_clicks, row),
    "reach": lambda row: str(row.totals.reach),
    "results": lambda row: _results(row, cost=False),
    "spend": lambda row: money.major(row.totals.spend, row.account.currency),
    "updated_time": _when("updated"),
    "video_thruplay_watched_actions": lambda row: _one("video_view", row.totals.thruplays, row),
    "website_ctr": _link_rate,
}


def write(row: Row, names: Iterable[str]) -> dict[str, Any]:
    """The row as the wire has it; the days always come with it."""
    shown: dict[str, Any] = {}
    for name in names:
        column = COLUMNS.get(name)
        value = column(row) if column else None
        if value is not None:
            shown[name] = value
    shown |= row.values
    shown["date_start"], shown["date_stop"] = map(written_day, row.span)
    return shown
