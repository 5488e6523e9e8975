"""Comparisons with both sides as text, in the account's currency and the goal's own events."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any, TypeAlias

from orchestrator.domain import money
from orchestrator.explain.model import Check, Unit, Word

_HOLDS: Mapping[Word, Callable[[Any, Any], bool]] = {
    "at least": operator.ge,
    "at most": operator.le,
    "more than": operator.gt,
    "less than": operator.lt,
    "is": operator.eq,
    "is not": operator.ne,
}
_SIGNS: Mapping[Unit, str] = {"hours": " h", "days": " days", "percent": " %"}
_MOST_PLACES = 6

Number: TypeAlias = int | Fraction
Sides: TypeAlias = tuple[Number, Word, Number] | tuple[str, Word, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Makes checks. Amounts are in minor units of ``currency``."""

    currency: str

    def count(self, name: str, have: int, word: Word, need: int, unit: Unit = "") -> Check:
        """Compare two whole numbers."""
        return self.told(name, (have, word, need), unit)

    def amount(self, name: str, have: Number, word: Word, need: Number) -> Check:
        """Compare two amounts of money, or two costs of one event."""
        return self.told(name, (have, word, need), "minor")

    def hours(self, name: str, have: timedelta, word: Word, need: timedelta) -> Check:
        """Compare two spans of time, in hours."""
        return self.told(name, (_hours(have), word, _hours(need)), "hours")

    def days(self, name: str, have: timedelta, word: Word, need: timedelta) -> Check:
        """Compare two spans of time, in days."""
        return self.told(name, (_hours(have) / 24, word, _hours(need) / 24), "days")

    def percent(self, name: str, have: Fraction, word: Word, need: Fraction) -> Check:
        """Compare two shares; ``1/10`` is 10 %."""
        return self.told(name, (100 * have, word, 100 * need), "percent")

    def hour(self, name: str, have: int, word: Word, need: int) -> Check:
        """Compare hours of the day."""
        return self.told(name, (have, word, need), "o'clock")

    def fact(self, name: str, have: str, word: Word, need: str) -> Check:
        """Compare two words: a state, a switch."""
        return self.told(name, (have, word, need), "")

    def switch(self, name: str, *, is_on: bool) -> Check:
        """Compare one of the user's switches with on."""
        return self.fact(name, "on" if is_on else "off", "is", "on")

    def told(self, name: str, sides: Sides, unit: Unit) -> Check:
        """Compare two sides in one unit, with as many digits as it takes to tell them apart."""
        have, word, need = sides
        texts = self._texts(have, need, unit)
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

    def prices(self, *costs: Number) -> list[str]:
        """Write amounts with the digits that tell different ones apart, and two that mean something."""
        for more in range(_MOST_PLACES):
            texts = [self._price(Fraction(cost), more) for cost in costs]
            if len(set(texts)) == len(set(costs)) and all(_is_told(Fraction(cost), more) for cost in costs):
                break
        return texts

    def text(self, minor: int) -> str:
        """Write an amount."""
        return money.text(minor, self.currency)

    def number(self, number: Fraction) -> str:
        """Write a number with two digits after the point at most."""
        return _rounded(number, 2)

    def _texts(self, have: Number | str, need: Number | str, unit: Unit) -> list[str]:
        if isinstance(have, str) or isinstance(need, str):
            return [str(have), str(need)]
        if unit == "minor":
            return self.prices(have, need)
        if unit == "o'clock":
            return [f"{int(side):02d}:00" for side in (have, need)]
        return [f"{text}{_SIGNS.get(unit, '')}" for text in _numbers(Fraction(have), Fraction(need))]

    def _price(self, cost: Fraction, more_places: int) -> str:
        if cost.denominator == 1 and not more_places:
            return money.text(cost.numerator, self.currency)
        sign = "-" if cost < 0 else ""
        return sign + money.fraction_text(abs(cost), self.currency, more_places=more_places)


def _is_told(cost: Fraction, more_places: int) -> bool:
    """Whether a part of a minor unit shows two digits that mean something."""
    return cost.denominator == 1 or abs(cost) * 10**more_places >= 10


def _raw(side: Number | str) -> int | str:
    if not isinstance(side, Fraction):
        return side
    if side.denominator == 1:
        return side.numerator
    return f"{'-' if side < 0 else ''}{money.decimal_text(abs(side.numerator), side.denominator)}"


def _hours(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 3_600_000_000)


def _numbers(have: Fraction, need: Fraction) -> tuple[str, str]:
    """Two numbers, one digit after the point for what is not whole, more to tell different ones apart."""
    whole = have.denominator == need.denominator == 1
    for places in range(0 if whole else 1, _MOST_PLACES):
        texts = (_rounded(have, places), _rounded(need, places))
        if (texts[0] == texts[1]) == (have == need):
            break
    return texts


def _rounded(number: Fraction, places: int) -> str:
    """A number, half up, without the zeros that say nothing."""
    scaled = (2 * abs(number.numerator) * 10**places + number.denominator) // (2 * number.denominator)
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{'-' if number < 0 and scaled else ''}{whole:,}{'.' if digits else ''}{digits}"
