"""Numbers as a report writes them: which sign is the decimal one is decided once for the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Literal, NamedTuple

from orchestrator.audit.unusable_report import UnusableReport

DecimalSign = Literal[".", ","]
MAX_AMOUNT = 10**12
NONE = frozenset({"", "-", "--", "–", "—", "n/a", "na", "n.a.", "null", "none", "nan"})
"""The content of an empty cell."""

_NOISE = re.compile(r"[\s'’\u00a0\u202f]")
_SYMBOLS = re.compile(r"^(?:[A-Z]{1,3}\$?|[^\d.,+-]{1,3})|(?:[A-Z]{3}|[^\d.,]{1,3})$")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


class Written(NamedTuple):
    """A number as it is written, with its place. ``is_count``: it can have no decimals."""

    line: int
    text: str
    is_count: bool


def digits(text: str) -> str:
    """Take spaces, apostrophes and the currency's sign off a cell."""
    return _SYMBOLS.sub("", _NOISE.sub("", text))


def decimal_sign(written: Iterable[Written], *, default: DecimalSign) -> DecimalSign:
    """Decide which sign separates decimals in all of these cells.

    ``1,250.50`` and ``1.234,56`` show it, so do two digits behind a sign (``98,70``), a sign that
    occurs twice (``1.234.567``), and three digits behind one where decimals cannot be (``12.345``
    impressions). Where nothing does, it is ``default``.

    Raises:
        UnusableReport: two cells show different signs; both are named.
    """
    seen: dict[DecimalSign, Written] = {}
    for each in written:
        sign = _shown(digits(each.text), is_count=each.is_count)
        if sign is not None:
            seen.setdefault(sign, each)
    if len(seen) == 2:
        one, other = seen["."], seen[","]
        raise UnusableReport(
            f"line {one.line} has {one.text!r} and line {other.line} has {other.text!r}: "
            "write all numbers with one decimal sign"
        )
    return next(iter(seen), default)


def _shown(text: str, *, is_count: bool) -> DecimalSign | None:
    if not _NUMBER.fullmatch(text):
        return None
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return "." if text.rfind(".") > text.rfind(",") else ","
    sign: DecimalSign = "." if points else ","
    if points + commas == 0:
        return None
    other: DecimalSign = "," if points else "."
    if points + commas > 1:
        return other
    return _by_length(len(text) - text.index(sign) - 1, sign, other, is_count=is_count)


def _by_length(behind: int, sign: DecimalSign, other: DecimalSign, *, is_count: bool) -> DecimalSign | None:
    if behind != 3:
        return sign
    return other if is_count else None


def number(text: str | Decimal, sign: DecimalSign) -> Decimal:
    """Read one number from 0 up; a cell that says there was nothing is 0.

    Raises:
        ValueError: it is no such number.
    """
    if isinstance(text, Decimal):
        amount = text
    elif text.strip().lower() in NONE:
        return Decimal(0)
    else:
        amount = _parsed(digits(text), sign)
    if not amount.is_finite() or not 0 <= amount <= MAX_AMOUNT:
        raise ValueError(f"{str(text)!r} is no number from 0 up")
    return amount


def _parsed(text: str, sign: DecimalSign) -> Decimal:
    try:
        return Decimal(text.replace("," if sign == "." else ".", "").replace(sign, "."))
    except InvalidOperation:
        return Decimal("NaN")
