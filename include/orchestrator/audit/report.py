"""A report as values: rows added up per ad and day, with the currency, period and result they are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from orchestrator.audit import date_format, number_format, source
from orchestrator.audit.currency import currency_of
from orchestrator.audit.headings import HEADINGS, TOTAL_WORDS, plain
from orchestrator.audit.number_format import DecimalSign, Written
from orchestrator.audit.source import Line
from orchestrator.audit.table import Table, table
from orchestrator.audit.unusable_report import UnusableReport
from orchestrator.domain import money

ASSUMED_DAYS = 14
"""A report without dates is taken for the last so many whole days."""
_NAMES = ("campaign", "campaign_id", "ad_set", "ad_set_id", "ad", "ad_id")
_COUNTS = ("impressions", "clicks", "results")
_ACTIVE = frozenset(
    map(
        plain,
        (
            *("active", "learning", "active learning", "learning limited", "delivering", "aktiv", "actif"),
            *("activo", "activa", "attivo", "attiva", "ativo", "ativa", "actief", "aktywna", "aktywny"),
            *("アクティブ", "配信中"),
        ),
    )
)
"""Words for delivering, as they are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdDay:
    """What one ad did on one day, or in the whole period where the report has no days.

    ``spend`` is in major units. ``is_active`` is null where the report does not say.
    """

    campaign: str
    campaign_id: str
    ad_set: str
    ad_set_id: str
    ad: str
    ad_id: str
    day: date | None
    impressions: int
    clicks: int
    spend: Decimal
    events: Decimal
    is_active: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that is not counted."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """First and last day; ``assumed`` when the report has no dates."""

    first: date
    last: date
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a file says. ``rows``: lines that were counted; ``notes``: what was assumed or left out."""

    ad_days: tuple[AdDay, ...]
    rows: int
    refused: tuple[RefusedRow, ...]
    currency: str
    period: Period
    indicator: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Forms:
    """How this file writes numbers and dates."""

    sign: DecimalSign
    day_first: bool


def read(path: Path, *, today: date, indicator: str | None = None) -> Report:
    """Read a report.

    Args:
        path: a CSV or .xlsx file.
        today: for a report without dates, which is taken for the days before it.
        indicator: which result to count, where the report has several.

    Raises:
        UnusableReport: in one line, what is wrong and what to change.
    """
    found = table(path.name, source.lines(path), indicator)
    lines, total_lines = _without_totals(found)
    found = replace(found, lines=tuple(lines))
    currency, currency_note = currency_of(found)
    counted, name, result_note = _of_one_result(found, indicator)
    accepted, refused = _ad_days(found, counted)
    if not accepted:
        first = f", the first at line {refused[0].line}: {refused[0].reason}" if refused else ""
        raise UnusableReport(f"{path.name} has no row to count ({len(refused)} refused{first})")
    period = _period(found, accepted, today)
    assumed = f"no dates in the file: taken for {period.first} to {period.last}" if period.assumed else ""
    totals = f"{total_lines} rows of totals left out" if total_lines else ""
    return Report(
        ad_days=tuple(_added_up(accepted)),
        rows=len(accepted),
        refused=tuple(refused),
        currency=currency,
        period=period,
        indicator=name,
        notes=tuple(note for note in (assumed, currency_note, result_note, totals) if note),
    )


def _without_totals(found: Table) -> tuple[list[Line], int]:
    """Leave out rows that add up others: no names, a word for total, or a parent's name and none below."""
    parents = {
        (level, found.text(line, parent))
        for line in found.lines
        for level, parent in (("ad_set", "campaign"), ("ad", "ad_set"))
        if found.text(line, level)
    }
    lines = [line for line in found.lines if not _is_total(found, line, parents)]
    return lines, len(found.lines) - len(lines)


def _is_total(found: Table, line: Line, parents: set[tuple[str, str]]) -> bool:
    names = [text for field in _NAMES if (text := found.text(line, field))]
    if all(plain(name) in TOTAL_WORDS for name in names):
        return True
    for level, parent, below in (("ad_set", "campaign", "ad"), ("ad", "ad_set", "")):
        is_unnamed = level in found.columns and not any(
            found.text(line, field) for field in (level, f"{level}_id", below) if field
        )
        if is_unnamed:
            return (level, found.text(line, parent)) in parents
    return False


def _of_one_result(found: Table, indicator: str | None) -> tuple[list[Line], str, str]:
    """Return the lines of one kind of result, its name, and a note on the others."""
    if "indicator" not in found.columns or (
        indicator and plain(found.heading("results")) == plain(indicator)
    ):
        return list(found.lines), found.heading("results"), ""
    kinds = Counter(
        found.text(line, "indicator")
        for line in found.lines
        if found.text(line, "indicator") and found.text(line, "results").lower() not in number_format.NONE
    )
    if indicator is None and len(kinds) > 1:
        choice = ", ".join(f"{kind!r} ({rows} rows)" for kind, rows in kinds.most_common(10))
        raise UnusableReport(f"{found.name} mixes results: {choice}: choose one with --indicator")
    name = indicator or next(iter(kinds), found.heading("results"))
    if indicator and indicator not in kinds:
        known = ", ".join(map(repr, kinds)) or "none"
        raise UnusableReport(f"{found.name} has no result {indicator!r}; it has: {known}")
    lines = [line for line in found.lines if found.text(line, "indicator") in {"", name}]
    others = len(found.lines) - len(lines)
    return lines, name, f"{others} rows of other results left out" if others else ""


def _ad_days(found: Table, lines: Sequence[Line]) -> tuple[list[AdDay], list[RefusedRow]]:
    forms = _forms(found, lines)
    accepted: list[AdDay] = []
    refused: list[RefusedRow] = []
    for line in lines:
        try:
            accepted.append(_ad_day(found, line, forms))
        except ValueError as problem:
            refused.append(RefusedRow(line=line.number, reason=str(problem)))
    return accepted, refused


def _forms(found: Table, lines: Sequence[Line]) -> _Forms:
    try:
        sign = number_format.decimal_sign(_written(found, lines), default="." if _is_english(found) else ",")
    except UnusableReport as problem:
        raise UnusableReport(f"{found.name}, {problem}") from None
    return _Forms(sign, _is_day_first(found))


def _is_english(found: Table) -> bool:
    """Return whether the spend has an English heading; English is what signs and dates fall back to."""
    return plain(found.heading("spend")) in {plain(name) for name in HEADINGS["spend"][:4]}


def _is_day_first(found: Table) -> bool:
    texts = [text for field in ("day", "from", "to") for text in found.texts(field)]
    return date_format.is_day_first(texts, default=not _is_english(found))


def _written(found: Table, lines: Iterable[Line]) -> Iterator[Written]:
    counts = {"impressions", "clicks"}  # not the results: modelled conversions are fractions
    if money.offset(currency_of(found)[0]) == 1:
        counts.add("spend")
    for line in lines:
        for field in (*_COUNTS, "spend"):
            cell = found.cell(line, field)
            if isinstance(cell, str) and cell:
                yield Written(line.number, cell, field in counts)


def _ad_day(found: Table, line: Line, forms: _Forms) -> AdDay:
    if len(line.cells) > len(found.header):
        raise ValueError(f"{len(line.cells)} cells under {len(found.header)} headings")
    texts = {field: found.text(line, field) for field in _NAMES}
    ad_set = texts["ad_set"] or texts["ad_set_id"]
    if not ad_set:
        raise ValueError("the ad set is empty")
    day = found.cell(line, "day")
    return AdDay(
        **texts | {"ad_set": ad_set, "ad": texts["ad"] or texts["ad_id"] or ad_set},
        day=date_format.day(day, day_first=forms.day_first) if day and isinstance(day, str | date) else None,
        impressions=_whole(found, line, "impressions", forms),
        clicks=_whole(found, line, "clicks", forms),
        spend=_amount(found, line, "spend", forms),
        events=_amount(found, line, "results", forms),
        is_active=_is_active(found, line),
    )


def _amount(found: Table, line: Line, field: str, forms: _Forms) -> Decimal:
    cell = found.cell(line, field)
    if isinstance(cell, date):
        raise ValueError(f"{field} is a date: {cell}")  # noqa: TRY004 - bad input, one row's
    try:
        return number_format.number(cell, forms.sign)
    except ValueError as problem:
        raise ValueError(f"{field} {problem}") from None


def _whole(found: Table, line: Line, field: str, forms: _Forms) -> int:
    amount = _amount(found, line, field, forms)
    if amount != int(amount):
        raise ValueError(f"{field} {found.text(line, field)!r} is no whole number")
    return int(amount)


def _is_active(found: Table, line: Line) -> bool | None:
    """Return whether everything that the row says of delivery is active."""
    said = [
        plain(text)
        for field in ("ad_delivery", "ad_set_delivery", "delivery")
        if (text := found.text(line, field))
    ]
    return all(each in _ACTIVE for each in said) if said else None


def _added_up(rows: Iterable[AdDay]) -> Iterator[AdDay]:
    """Add the rows of one ad and day: a breakdown by age, placement or hour has several."""
    sums: dict[tuple[object, ...], AdDay] = {}
    for row in rows:
        key = (row.campaign_id or row.campaign, row.ad_set_id or row.ad_set, row.ad_id or row.ad, row.day)
        one = sums.get(key)
        sums[key] = row if one is None else _sum(one, row)
    yield from sums.values()


def _sum(one: AdDay, other: AdDay) -> AdDay:
    flags = [flag for flag in (one.is_active, other.is_active) if flag is not None]
    return replace(
        one,
        impressions=one.impressions + other.impressions,
        clicks=one.clicks + other.clicks,
        spend=one.spend + other.spend,
        events=one.events + other.events,
        is_active=any(flags) if flags else None,
    )


def _period(found: Table, rows: Sequence[AdDay], today: date) -> Period:
    """Return the days of the rows, else the reporting period, else the days before ``today``."""
    days = [row.day for row in rows if row.day is not None] or _reporting_days(found)
    if days:
        return Period(first=min(days), last=max(days), assumed=False)
    return Period(first=today - timedelta(days=ASSUMED_DAYS), last=today - timedelta(days=1), assumed=True)


def _reporting_days(found: Table) -> list[date]:
    day_first = _is_day_first(found)
    days = []
    for text in (text for field in ("from", "to") for text in found.texts(field)):
        try:
            days.append(date_format.day(text, day_first=day_first))
        except ValueError as problem:
            raise UnusableReport(f"{found.name}: reporting period: {problem}") from None
    return days
