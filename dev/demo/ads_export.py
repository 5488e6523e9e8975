"""Read an export of real ads: CSV, one row an ad, totals without dates. Pure but for opening the file.

Column names are matched whatever their case and punctuation; Meta's own report headings and
those of the well-known Kaggle file are known. A wrong header is one problem; a wrong row is
refused with its line number, and the others are read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from orchestrator.domain import money
from stack.errors import StackError

# Each field's headings, the best first: a name before an id.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "campaign": ("campaign", "campaign name", "campaign ID", "xyz_campaign_id"),
    "ad_set": ("ad set", "ad set name", "ad group", "ad set ID", "fb_campaign_id"),
    "ad": ("ad", "ad name", "ad ID"),
    "impressions": ("impressions",),
    "clicks": ("clicks", "clicks (all)", "link clicks"),
    "spend": ("spend", "spent", "amount spent", "cost"),
    "conversions": ("conversions", "results", "total_conversion", "approved_conversion"),
}
OPTIONAL = frozenset({"ad"})
MOST_ADS = 5_000  # of one ad account [Meta: Marketing API, limits]
_CURRENCY = re.compile(r"\(([A-Z]{3})\)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdRow:
    """One ad's totals. ``spend_minor`` in the export's currency."""

    campaign: str
    ad_set: str
    ad: str
    impressions: int
    clicks: int
    spend_minor: int
    conversions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that was left out."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a file says. ``columns``: by field, the heading it was read from."""

    rows: tuple[AdRow, ...]
    refused: tuple[Refused, ...]
    columns: Mapping[str, str]
    currency: str


def read(path: Path) -> Export:
    """Read a file.

    Raises:
        StackError: in one line, when it cannot be opened, its header lacks a column, or no row is good.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(path.name, list(_cells(file.read())))
    except OSError as problem:
        raise StackError(f"{path}: {problem.strerror}: give a CSV file, one row an ad") from None
    except (UnicodeDecodeError, csv.Error) as problem:
        raise StackError(f"{path} is no CSV text in UTF-8 ({problem}): export it again as CSV") from None


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells; the delimiter is the header's most frequent one."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _read(name: str, lines: Sequence[tuple[int, list[str]]]) -> Export:
    if not lines:
        raise StackError(f"{name} is empty: the first line must name the columns")
    header = lines[0][1]
    columns = _columns(name, header)
    currency = _currency(name, columns["spend"])
    rows: dict[tuple[str, str, str], AdRow] = {}
    refused: list[Refused] = []
    for line, cells in lines[1:]:
        try:
            row = _row(line, _named(header, columns, cells), currency)
            if (row.campaign, row.ad_set, row.ad) in rows:
                raise ValueError(f"ad {row.ad} of ad set {row.ad_set} was there before")  # noqa: TRY301
            rows[row.campaign, row.ad_set, row.ad] = row
        except ValueError as problem:
            refused.append(Refused(line=line, reason=str(problem)))
    _check(name, rows.values(), refused)
    return Export(rows=tuple(rows.values()), refused=tuple(refused), columns=columns, currency=currency)


def _check(name: str, rows: Iterable[AdRow], refused: Sequence[Refused]) -> None:
    count = sum(1 for _ in rows)
    if not count:
        first = f", the first at line {refused[0].line}: {refused[0].reason}" if refused else ""
        raise StackError(f"{name} has no good row ({len(refused)} refused{first})")
    if count > MOST_ADS:
        raise StackError(f"{name} has {count} ads, and an ad account holds {MOST_ADS}: give a part of it")


def _columns(name: str, header: Sequence[str]) -> dict[str, str]:
    by_plain = {_plain(heading): heading for heading in reversed(header)}
    found = {
        field: next((by_plain[known] for known in map(_plain, headings) if known in by_plain), None)
        for field, headings in HEADINGS.items()
    }
    missing = [field for field, heading in found.items() if heading is None and field not in OPTIONAL]
    if missing:
        wanted = " and ".join(f"{field} (one of: {', '.join(HEADINGS[field])})" for field in missing)
        raise StackError(f"{name}: no column for {wanted}; its header is: {', '.join(header)}")
    return {field: heading for field, heading in found.items() if heading is not None}


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _CURRENCY.sub("", heading).lower())


def _currency(name: str, heading: str) -> str:
    marked = _CURRENCY.search(heading)
    currency = marked.group(1) if marked else "USD"
    if currency not in money.CURRENCIES:
        raise StackError(f"{name}: {heading}: {currency} is no currency of an ad account")
    return currency


def _named(header: Sequence[str], columns: Mapping[str, str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise ValueError(f"{len(cells)} cells under {len(header)} headings")
    by_heading = dict(zip(header, cells, strict=True))
    return {field: by_heading[heading] for field, heading in columns.items()}


def _row(line: int, cells: Mapping[str, str], currency: str) -> AdRow:
    for field in ("campaign", "ad_set"):
        if not cells[field]:
            raise ValueError(f"{field.replace('_', ' ')} is empty")
    row = AdRow(
        campaign=cells["campaign"],
        ad_set=cells["ad_set"],
        ad=cells.get("ad") or f"line {line}",
        impressions=_whole("impressions", cells["impressions"]),
        # Meta's exports leave a count empty when it is none.
        clicks=_whole("clicks", cells["clicks"] or "0"),
        spend_minor=money.minor_from_major(_amount("spend", cells["spend"]), currency),
        conversions=_whole("conversions", cells["conversions"] or "0"),
    )
    if row.clicks > row.impressions:
        raise ValueError(f"{row.clicks} clicks on {row.impressions} impressions")
    return row


def _whole(field: str, text: str) -> int:
    amount = _amount(field, text)
    if amount != int(amount):
        raise ValueError(f"{field} {text!r} is no whole number")
    return int(amount)


def _amount(field: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount > 10**12:
        raise ValueError(f"{field} {text!r} is no number from 0 up")
    return amount
