"""The two sides of a gate as text, in the account's currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TypeAlias

from orchestrator.domain import money
from orchestrator.domain.evidence import Gate, Unit, Value
from orchestrator.explain.model import Check

_SIGNS: Mapping[Unit, str] = {"hours": " h", "days": " days", "percent": " %"}
_MOST_PLACES = 6

Number: TypeAlias = int | Fraction


@dataclass(frozen=True, slots=True)
class CheckBuilder:
    """Writes gates for people. Amounts are in minor units of ``currency``."""

    currency: str

    def check(self, name: str, gate: Gate) -> Check:
        """Write a gate called ``name``, with as many digits as it takes to tell its sides apart."""
        have, need = self._texts(number(gate.have, gate.unit), number(gate.need, gate.unit), gate.unit)
        return Check(name=name, have=have, word=gate.operator, need=need, passed=gate.passed, unit=gate.unit)

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


def number(value: Value, unit: Unit) -> Number | str:
    """One side of a gate as a number in its unit; a word as it is."""
    if isinstance(value, timedelta):
        hours = Fraction(value // timedelta(microseconds=1), 3_600_000_000)
        return hours / 24 if unit == "days" else hours
    return Fraction(*value) if isinstance(value, tuple) else value


def rounded(value: Fraction, places: int) -> str:
    """A number, half up, without the zeros that say nothing."""
    scaled = (2 * abs(value.numerator) * 10**places + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{'-' if value < 0 and scaled else ''}{whole:,}{'.' if digits else ''}{digits}"


def _is_told(cost: Fraction, more_places: int) -> bool:
    """Whether a part of a minor unit shows two digits that mean something."""
    return cost.denominator == 1 or abs(cost) * 10**more_places >= 10


def _numbers(have: Fraction, need: Fraction) -> tuple[str, str]:
    """Two numbers, one digit after the point for what is not whole, more to tell different ones apart."""
    whole = have.denominator == need.denominator == 1
    for places in range(0 if whole else 1, _MOST_PLACES):
        texts = (rounded(have, places), rounded(need, places))
        if (texts[0] == texts[1]) == (have == need):
            break
    return texts
