"""What goes wrong by itself: figures that go missing or are taken back, a payment that fails.

All is drawn from the seed. A chance is a part of 1: of an account's weeks (figures missing), of its months
(unsettled), of an ad's days (results taken back).
"""

from __future__ import annotations

from typing import NamedTuple

from graph_simulator.state.clock import HOUR
from graph_simulator.state.noise import uniform

UNSETTLED = 3
DAY = 24 * HOUR
MISSING_FIELDS = ("conversions", "cost_per_conversion")


class Kind(NamedTuple):
    """One kind of mishap: its key, at most one a period, and how long it lasts, in seconds."""

    key: int
    period: int
    shortest: int
    longest: int


FIGURES_MISSING = Kind(111, 7 * DAY, 6 * HOUR, 3 * DAY)
PAYMENT_FAILED = Kind(112, 28 * DAY, 12 * HOUR, 3 * DAY)


class Spell(NamedTuple):
    """From when to when."""

    start: int
    end: int

    def covers(self, instant: int) -> bool:
        """Whether it lasts then."""
        return self.start <= instant < self.end


NEVER = Spell(0, 0)


def spell(kind: Kind, chance: float, seed: int, number: str, now: int) -> Spell:
    """The spell of the present period in one account; ``NEVER`` when it is spared."""
    if not chance:
        return NEVER
    period = now // kind.period
    key = (seed, kind.key, int(number), period)
    if uniform(*key, 1) >= chance:
        return NEVER
    length = kind.shortest + int(uniform(*key, 2) * (kind.longest - kind.shortest))
    start = period * kind.period + int(uniform(*key, 3) * (kind.period - length))
    return Spell(start, start + length)


def taken_back(results: int, chance: float, now: int, day_end: int, key: tuple[int, ...]) -> int:
    """How many of an ad's results of a day have been taken back; ``day_end`` is when the day ended."""
    if not chance or uniform(*key, 113) >= chance:
        return 0
    if now < day_end + int(uniform(*key, 114) * 5 * DAY):
        return 0
    return int(results * (0.1 + 0.5 * uniform(*key, 115)))
