"""Evidence: the comparisons that decided, as plain values.

A rule yields its gates in the order in which it checks them. The gates up to the first that failed are
the evidence of a hold; the gates that all passed are that of an action. Code that stores or words evidence
takes both sides from here and derives nothing again.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from msgspec import Struct

Unit = Literal["", "minor", "events", "ad sets", "hours", "days", "percent", "o'clock", "impressions"]
Comparison = Literal["at least", "at most", "more than", "less than", "is", "is not", ""]

Ratio: TypeAlias = tuple[int, int]
"""An exact quotient: numerator, and denominator above 0."""

Value: TypeAlias = int | str | timedelta | Ratio

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "at least": operator.ge,
    "at most": operator.le,
    "more than": operator.gt,
    "less than": operator.lt,
    "is": operator.eq,
    "is not": operator.ne,
    "": lambda _have, _need: True,
}


class Gate(Struct, frozen=True, gc=False):
    """One comparison: ``name`` is ``have``, which must be ``operator`` ``need``.

    Both sides are of one type. ``unit`` is theirs: ``minor`` the account's minor unit, ``hours`` and
    ``days`` those of a ``timedelta``, ``percent`` that of a ``Ratio`` (1/10 is 10 %). Without an operator
    it is a figure that a sentence needs beside the comparisons; it compares nothing and always passes.
    A struct, because a plan makes hundreds of them.
    """

    name: str
    have: Value
    operator: Comparison
    need: Value
    unit: Unit = ""

    @property
    def passed(self) -> bool:
        """Whether the comparison holds; quotients are compared exactly."""
        have, need = self.have, self.need
        if type(have) is tuple and type(need) is tuple:
            return _COMPARE[self.operator](have[0] * need[1], need[0] * have[1])
        return _COMPARE[self.operator](have, need)


Evidence: TypeAlias = tuple[Gate, ...]


def figure(name: str, value: Value, unit: Unit = "") -> Gate:
    """A figure beside the comparisons."""
    return Gate(name, value, "", value, unit)


def number(value: Value, unit: Unit) -> int | Fraction | str:
    """One side of a gate as an exact number in its unit; a word as it is."""
    if isinstance(value, timedelta):
        hours = Fraction(value // timedelta(microseconds=1), 3_600_000_000)
        return hours / 24 if unit == "days" else hours
    return Fraction(*value) if isinstance(value, tuple) else value


def first_failed(gates: Iterable[tuple[str, Gate]]) -> tuple[str | None, Evidence]:
    """Check gates in order up to the first that fails.

    Args:
        gates: Each with the reason to hold when it fails, which a figure has not. Taken one by one: what
            follows the first failed gate is never computed.

    Returns:
        The reason of the gate that failed, null when none did, and all gates that were checked.
    """
    checked: list[Gate] = []
    for reason, gate in gates:
        checked.append(gate)
        if reason and not gate.passed:
            return reason, tuple(checked)
    return None, tuple(checked)
