"""Comparisons with both sides as text, in the account's currency and the goal's own events."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from orchestrator import money
from orchestrator.explain.nouns import Check, Unit, Word

_HOLDS: Mapping[Word, Callable[[Any, Any], bool]] = {
    "at least": operator.ge,
    "at most": operator.le,
    "more than": operator.gt,
    "less than": operator.lt,
    "is": operator.eq,
    "is not": operator.ne,
}
_MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """Makes checks. Amounts are in minor units of ``currency``."""

    currency: str

    def count(self, name: str, have: int, word: Word, need: int, unit: Unit = "") -> Check:
        """Compare two whole numbers."""
        texts = (f"{have:,}", f"{need:,}")
        return _check(name, (have, word, need), texts, unit)

    def amount(self, name: str, have: int, word: Word, need: int) -> Check:
        """Compare two amounts of money."""
        texts = (money.text(have, self.currency), money.text(need, self.currency))
        return _check(name, (have, word, need), texts, "minor")

    def price(self, name: str, have: Fraction, word: Word, need: Fraction, of: str = "") -> Check:
        """Compare two costs of one event, with as many digits as it takes to tell them apart.

        ``of`` says where the needed one comes from: ``90 % of $0.42``.
        """
        mine, theirs = self.prices(have, need)
        return _check(name, (have, word, need), (mine, f"{theirs} ({of})" if of else theirs), "minor")

    def prices(self, *costs: Fraction) -> list[str]:
        """Write costs of one event, with as many digits as it takes to tell different ones apart."""
        for more in range(_MOST_PLACES):
            texts = [money.fraction_text(cost, self.currency, more_places=more) for cost in costs]
            if len(set(texts)) == len(set(costs)):
                break
        return texts

    def hours(self, name: str, have: timedelta, word: Word, need: timedelta) -> Check:
        """Compare two spans of time, in hours."""
        return _check(
            name, (_hours(have), word, _hours(need)), _told(_hours(have), _hours(need), " h"), "hours"
        )

    def percent(self, name: str, have: Fraction, word: Word, need: Fraction) -> Check:
        """Compare two shares; ``1/10`` is 10 %."""
        sides = (100 * have, word, 100 * need)
        return _check(name, sides, _told(100 * have, 100 * need, " %"), "percent")

    def days(self, name: str, have: timedelta, word: Word, need: timedelta) -> Check:
        """Compare two spans of time, in days."""
        sides = (_hours(have) / 24, word, _hours(need) / 24)
        return _check(name, sides, _told(sides[0], sides[2], " days"), "days")

    def clock(self, name: str, have: datetime, word: Word, need: int) -> Check:
        """Compare the time of day with a full hour."""
        texts = (have.strftime("%H:%M"), f"{need:02d}:00")
        return _check(name, (have.hour, word, need), texts, "o'clock")

    def fact(self, name: str, have: str, word: Word, need: str) -> Check:
        """Compare two words: a state, a switch."""
        return _check(name, (have, word, need), (have, need), "")

    def switch(self, name: str, *, is_on: bool) -> Check:
        """Compare one of the user's switches with on."""
        return self.fact(name, "on" if is_on else "off", "is", "on")

    def number(self, number: Fraction) -> str:
        """Write a number with two digits after the point at most."""
        return _rounded(number, 2)

    def text(self, minor: int) -> str:
        """Write an amount."""
        return money.text(minor, self.currency)


def _check(name: str, sides: tuple[Any, Word, Any], texts: tuple[str, str], unit: Unit) -> Check:
    have, word, need = sides
    return Check(
        name=name,
        have=texts[0],
        word=word,
        need=texts[1],
        passed=_HOLDS[word](have, need),
        unit=unit,
        have_raw=_raw(have),
        need_raw=_raw(need),
    )


def _raw(side: int | str | Fraction) -> int | str:
    if not isinstance(side, Fraction):
        return side
    sign = "-" if side < 0 else ""
    return (
        side.numerator
        if side.denominator == 1
        else sign + money.decimal_text(abs(side.numerator), side.denominator)
    )


def _hours(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 3_600_000_000)


def _told(have: Fraction, need: Fraction, unit: str) -> tuple[str, str]:
    """Two numbers with one unit, with as many digits as it takes to tell different ones apart."""
    for places in range(_MOST_PLACES):
        texts = (_rounded(have, places), _rounded(need, places))
        if (texts[0] == texts[1]) == (have == need) and (places or have.denominator == 1):
            break
    return f"{texts[0]}{unit}", f"{texts[1]}{unit}"


def _rounded(number: Fraction, places: int) -> str:
    """A number, half up, without the zeros that say nothing."""
    scaled = (2 * abs(number.numerator) * 10**places + number.denominator) // (2 * number.denominator)
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{'-' if number < 0 and scaled else ''}{whole:,}{'.' if digits else ''}{digits}"
