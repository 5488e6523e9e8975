"""What money leads to: impressions, clicks and results of one ad on one day.

Each number only grows with the money of the day and depends on nothing else but its key, so a
day can be read at any moment, as often as one likes, and ends with the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

from graph_simulator.delivery.pace import WHOLE_DAY
from graph_simulator.state.noise import exponential, lognormal, uniform

_DRAWN_SINGLY = 400  # results a day that come by chance; the rest are spaced evenly
_PACKETS_FROM = 1000  # results a day after which several are grouped
_LINK_SHARE = 0.72  # clicks that lead out of the platform
_AUDIENCE = 180_000  # people one ad set can reach


class Cell(NamedTuple):
    """One ad on one day. ``results`` are those of the goal, before any delay."""

    spend: int
    impressions: int
    clicks: int
    link_clicks: int
    results: int

    def plus(self, other: Cell) -> Cell:
        """Both together."""
        return together([self, other])


EMPTY = Cell(0, 0, 0, 0, 0)


def together(cells: Sequence[Cell]) -> Cell:
    """The sum of any number of cells."""
    if len(cells) < 2:
        return cells[0] if cells else EMPTY
    return Cell(*map(sum, zip(*cells, strict=True)))


class DayRates(NamedTuple):
    """One day's rates of one ad: cost of a thousand impressions, clicks per one, results per minor unit."""

    cpm_minor: float
    click_rate: float
    results_per_minor: float


def cell(billionths: int, rates: DayRates, key: tuple[int, ...], results: int) -> Cell:
    """The figures that so much money (billionths of minor units) has bought."""
    spend = billionths / WHOLE_DAY
    impressions = int(spend / rates.cpm_minor * 1000 + uniform(*key, 11))
    clicks = int(impressions * rates.click_rate * lognormal(1, 0.15, *key, 12) + uniform(*key, 13))
    link_clicks = int(clicks * _LINK_SHARE + uniform(*key, 14))
    return Cell(billionths // WHOLE_DAY, impressions, clicks, min(link_clicks, clicks), results)


def arrivals(expected: float, key: tuple[int, ...]) -> list[tuple[float, int]]:
    """The results of a day: the expected count at which they happen, and how many happen there.

    A Poisson process for the first 400, evenly spaced after that and, past the first thousand, in
    packets that double in size, so that a great day costs little more than a small one. Where a
    result lies depends on its number alone: a day that grows never takes a result back.
    """
    found: list[tuple[float, int]] = []
    at, count = 0.0, 0
    while count < _DRAWN_SINGLY:
        at += exponential(*key, 22, count)
        if at > expected:
            return found
        found.append((at, 1))
        count += 1
    left, size = int(expected - at), 1
    while left > 0:
        size = _packet(count)
        found.append((at + 1, min(size, left)))
        at, left, count = at + size, left - size, count + size
    return found


def _packet(count: int) -> int:
    """The size of a group of results after so many: one up to the thousandth, then 2, 4, 8."""
    return 1 if count < _PACKETS_FROM else 1 << (count // _PACKETS_FROM).bit_length()


def delay_seconds(share: float) -> int:
    """How long after its click a conversion is reported, for a share of 0 to 1 of all conversions.

    35 % come within an hour, half within a day, the last after four weeks.
    """
    if share < 0.35:
        return int(share / 0.35 * 3600)
    low, high, lower, upper = (0.35, 0.5, 1, 24) if share < 0.5 else (0.5, 1, 24, 672)
    part = (share - low) / (high - low)
    return int(3600 * exp(log(lower) + part * log(upper / lower)))


def reach(impressions: int) -> int:
    """How many people saw so many impressions of one ad set."""
    return (
        min(impressions, max(1, round(_AUDIENCE * (1 - exp(-impressions / _AUDIENCE)) / 1.08)))
        if impressions
        else 0
    )
