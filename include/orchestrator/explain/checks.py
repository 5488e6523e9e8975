"""The two sides of a gate as text, in the account's currency."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from orchestrator.domain import money
from orchestrator.domain.evidence import Gate, Unit, number
from orchestrator.explain.items import Check

_SIGNS: Mapping[Unit, str] = {"hours": " h", "days": " days", "percent": " %"}
_MOST_PLACES = 6


class CheckBuilder(NamedTuple):
    """Writes gates for people. Amounts are in minor units of ``currency``."""

    currency: str

    def check(self, name: str, gate: Gate) -> Check:
        """Write a gate called ``name``, with as many digits as distinguish its sides."""
        have, need = self._texts(number(gate.have, gate.unit), number(gate.need, gate.unit), gate.unit)
        return Check(
            name=name, have=have, operator=gate.operator, need=need, passed=gate.passed, unit=gate.unit
        )

    def figure(self, gate: Gate) -> str:
        """Write a figure for a sentence, a number of ad sets with its noun."""
        value = number(gate.have, gate.unit)
        if gate.unit not in {"percent", "ad sets"} or isinstance(value, str):
            return self._texts(value, value, gate.unit)[0]
        noun = " %" if gate.unit == "percent" else " ad set" if value == 1 else " ad sets"
        return f"{_rounded(Fraction(value), 2)}{noun}"

    def _texts(self, have: int | Fraction | str, need: int | Fraction | str, unit: Unit) -> list[str]:
        if isinstance(have, str) or isinstance(need, str):
            return [str(have), str(need)]
        if unit == "minor":
            return money.prices(self.currency, have, need)
        if unit == "o'clock":
            return [f"{int(side):02d}:00" for side in (have, need)]
        return [f"{text}{_SIGNS.get(unit, '')}" for text in _numbers(Fraction(have), Fraction(need))]


def _numbers(have: Fraction, need: Fraction) -> tuple[str, str]:
    """Two numbers, one digit after the point for what is not whole, more to distinguish different ones."""
    whole = have.denominator == need.denominator == 1
    for places in range(0 if whole else 1, _MOST_PLACES):
        texts = (_rounded(have, places), _rounded(need, places))
        if (texts[0] == texts[1]) == (have == need):
            break
    return texts


def _rounded(value: Fraction, places: int) -> str:
    """A number, half up, without the zeros that say nothing."""
    scaled = (2 * abs(value.numerator) * 10**places + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(scaled, 10**places)
    digits = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{'-' if value < 0 and scaled else ''}{whole:,}{'.' if digits else ''}{digits}"
