"""Rows of one report: the ads it covers, grouped by level, cut into days, filtered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from graph_simulator import spec
from graph_simulator.answers.fields import read_fields
from graph_simulator.answers.filters import Condition, holds, read_filtering
from graph_simulator.delivery.ledger import Span
from graph_simulator.delivery.run import delivered
from graph_simulator.errors import GraphError, bad_param
from graph_simulator.insights.breakdowns import Breakdown, read_breakdown, split
from graph_simulator.insights.columns import Row, write
from graph_simulator.insights.dates import spans
from graph_simulator.insights.totals import Totals, total
from graph_simulator.spec.check import parsed
from graph_simulator.state.clock import day_of
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign
from graph_simulator.state.status import GONE, effective
from graph_simulator.state.world import World

Subject = Account | Campaign | AdSet | Ad
_LEVELS = {"AdAccount": "account", "Campaign": "campaign", "AdSet": "adset", "Ad": "ad"}
REPORTED = frozenset(_LEVELS)
_DEFAULT_FIELDS = ("account_id", "campaign_id", "adset_id", "ad_id", "impressions", "spend")
_NO_DATA = {"7d_view", "28d_view"}  # windows without data since January 2026
_MOST_ROWS = 100_000  # ads times days that a synchronous report may cover
_NAMED = {"id", "name", "effective_status", "status", "objective", "optimization_goal"}


@dataclass(frozen=True, slots=True)
class Report:
    """One report as it was requested."""

    subject: Subject
    level: str
    names: tuple[str, ...]
    spans: list[Span]
    conditions: list[Condition]
    windows: tuple[str, ...]
    breakdown: Breakdown | None = None


def read_report(subject: Subject, params: dict[str, Any], now: int) -> Report:
    """Read a report's parameters; ``fields`` may be a comma list or a JSON array.

    Raises:
        GraphError: 100 for whatever is not valid, 3018 for a range that begins too early.
    """
    account = subject.account
    today = day_of(now, account.timezone)
    level = _level(params, _LEVELS[subject.node])
    return Report(
        subject=subject,
        level=level,
        names=_names(params.get("fields"), level),
        spans=spans(params, today, partial(_first_day, account)),
        conditions=read_filtering(params.get("filtering")),
        windows=_windows(params.get("action_attribution_windows")),
        breakdown=read_breakdown(params.get("breakdowns")),
    )


def _first_day(account: Account) -> int:
    days = (ad.ledger.first() for ad in _ads(account) if ad.ledger)
    return min(chain([day_of(account.created, account.timezone)], days))


def _level(params: dict[str, Any], own: str) -> str:
    level = str(params.get("level") or own)
    if level not in _LEVELS.values():
        raise bad_param(f"Param level must be one of {{{', '.join(_LEVELS.values())}}}", "level")
    return level


def _names(value: Any, level: str) -> tuple[str, ...]:
    names = tuple(requested.name for requested in read_fields(value))
    known = spec.fields("AdsInsights")
    for name in names:
        if name not in known:
            raise bad_param(
                f"{name} is not valid for fields param. please check "
                "https://developers.facebook.com/docs/marketing-api/reference/ads-insights/ "
                "for all valid values"
            )
    if names:
        return names
    place = ["account", "campaign", "adset", "ad"].index(level)
    return (*_DEFAULT_FIELDS[: place + 1], "impressions", "spend")


def _windows(value: Any) -> tuple[str, ...]:
    found = parsed(value) if value else []
    found = found if isinstance(found, list) else str(found).split(",")
    return tuple(str(window) for window in found if window not in _NO_DATA)


def rows(report: Report, world: World) -> list[Row]:
    """All rows of a report; a thing without delivery has none."""
    world.record_outcome(report.subject.account)
    metrics = [condition for condition in report.conditions if "." not in condition.field]
    return [row for row in _all_rows(report, world) if all(_metric_fits(each, row) for each in metrics)]


def _all_rows(report: Report, world: World) -> Iterator[Row]:
    now, laws = world.now(), world.laws
    for about, by_ad_set in _groups(report, now):
        ad_sets = tuple(by_ad_set)
        for span in report.spans:
            cells = [(ad_set, delivered(each, span, now, laws)) for ad_set, each in by_ad_set.items()]
            for part, values in split(cells, report.breakdown):
                totals = total(part)
                if totals.delivered:
                    yield Row(about, span, totals, ad_sets, report.windows, values)


def _groups(report: Report, now: int) -> Iterator[tuple[Subject, dict[AdSet, list[Ad]]]]:
    """What rows are about, each with its ads by ad set."""
    found: dict[Subject, dict[AdSet, list[Ad]]] = {}
    for ad in _ads(report.subject):
        if all(_fits(condition, ad, now) for condition in report.conditions):
            found.setdefault(_at_level(ad, report.level), {}).setdefault(ad.ad_set, []).append(ad)
    filters_status = any(
        condition.field == f"{report.level}.effective_status" for condition in report.conditions
    )
    for about, by_ad_set in found.items():
        if about is report.subject or filters_status or _status(about, now) not in GONE:
            yield about, by_ad_set


def _ads(subject: Subject) -> Iterable[Ad]:
    if isinstance(subject, Ad):
        return [subject]
    if isinstance(subject, AdSet):
        return subject.ads
    campaigns = subject.campaigns if isinstance(subject, Account) else [subject]
    return (ad for campaign in campaigns for ad_set in campaign.ad_sets for ad in ad_set.ads)


def _at_level(ad: Ad, level: str) -> Subject:
    if level == "ad":
        return ad
    if level == "adset":
        return ad.ad_set
    return ad.campaign if level == "campaign" else ad.account


def _status(about: Subject, now: int) -> str:
    return "ACTIVE" if isinstance(about, Account) else effective(about, now)


def _fits(condition: Condition, ad: Ad, now: int) -> bool:
    level, _, name = condition.field.partition(".")
    if not name:
        return True
    if level not in _LEVELS.values() or name not in _NAMED:
        raise bad_param(f"Filtering field {condition.field} is invalid", "filtering")
    about = _at_level(ad, level)
    found = _status(about, now) if name == "effective_status" else getattr(about, name, None)
    return holds(condition, found)


def _metric_fits(condition: Condition, row: Row) -> bool:
    if condition.field not in spec.fields("AdsInsights"):
        raise GraphError(f"(#100) Filtering field {condition.field} is invalid", blame=("filtering",))
    found = write(row, [condition.field]).get(condition.field, 0)
    if isinstance(found, list):
        found = found[0].get("value", 0) if found else 0
    return holds(condition, found)


def too_much(report: Report) -> GraphError | None:
    """100/1487534 for a synchronous report over too many ads and days."""
    ads = sum(1 for ad in _ads(report.subject) if ad.ledger)
    if ads * len(report.spans) <= _MOST_ROWS:
        return None
    return GraphError(
        "(#100) Please reduce the amount of data you're asking for, then retry your request",
        subcode=1487534,
        title="Too much data",
        text="Ask for fewer days or objects, or make the report asynchronously.",
    )


def overall(report: Report, found: list[Row]) -> Row | None:
    """All rows together, for the summary of a report."""
    if not found:
        return None
    totals = Totals()
    for row in found:
        totals.add(row.totals)
    span = min(row.span[0] for row in found), max(row.span[1] for row in found)
    ad_sets = tuple(dict.fromkeys(ad_set for row in found for ad_set in row.ad_sets))
    return Row(report.subject.account, span, totals, ad_sets, report.windows)
