"""What one ad has delivered: pieces of time with a rate of spending, and booked history."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import NamedTuple, TypeVar

from graph_simulator.delivery.outcomes import Cell, DayRates, arrivals, cell, delay_seconds, together
from graph_simulator.delivery.pace import WHOLE_DAY, instant_of, passed
from graph_simulator.state.noise import uniform

Span = tuple[int, int]  # first and last day, as ordinals
Each = TypeVar("Each")


class Past(NamedTuple):
    """All booked days: the first and the last, and their sum."""

    first: int
    last: int
    whole: Cell


class Piece(NamedTuple):
    """A stretch within one day at one rate: ``rate`` minor units a whole day would cost."""

    start: int
    end: int
    rate: int


class Reports(NamedTuple):
    """When results are reported: the instants in order, and how many there are up to each."""

    instants: tuple[int, ...]
    counts: tuple[int, ...]

    def by(self, now: int) -> int:
        """How many have been reported by now."""
        index = bisect_right(self.instants, now)
        return self.counts[index - 1] if index else 0


NO_REPORTS = Reports((), ())


@dataclass(slots=True)
class Day:
    """One ad's day: how it was spent, at which rates. Sum and figures are cached until a stretch is added.

    There are as many as ads times days: what most of them have alike is one object.
    """

    number: int
    rates: DayRates
    pieces: tuple[Piece, ...] = ()
    total: int | None = None
    drawn: Cell | None = None
    reports: Reports = NO_REPORTS

    def extend(self, piece: Piece) -> None:
        """Add a stretch; it is joined to the last one when nothing but time has passed between."""
        *before, last = self.pieces or (None,)
        if last and last.end == piece.start and last.rate == piece.rate:
            self.pieces = (*before, Piece(last.start, piece.end, piece.rate))
        else:
            self.pieces = (*self.pieces, piece)
        self.total = self.drawn = None
        self.reports = NO_REPORTS


@dataclass(slots=True)
class AdLedger:
    """One ad's days by ordinal. ``booked`` are days loaded as they were, ``past`` all of them together."""

    days: dict[int, Day] = field(default_factory=dict)
    booked: dict[int, Cell] = field(default_factory=dict)
    past: Past | None = None

    def book(self, number: int, cell: Cell) -> None:
        """Add figures to a day as they are."""
        before = self.booked.get(number)
        self.booked[number] = cell if before is None else before.plus(cell)
        self.past = None

    def accrue(self, number: int, rates: DayRates, piece: Piece) -> None:
        """Add a stretch to its day."""
        day = self.days.get(number)
        if day is None:
            day = self.days[number] = Day(number, rates)
        day.extend(piece)

    def first(self) -> int:
        """The first day on which something was delivered; there must be one."""
        return min(chain(self.days, self.booked))

    def booked_in(self, span: Span) -> list[Cell]:
        """What was booked within a span; a whole past is one cell."""
        if not self.booked:
            return []
        if self.past is None:
            self.past = Past(min(self.booked), max(self.booked), together([*self.booked.values()]))
        (first, last), past = span, self.past
        if first <= past.first and past.last <= last:
            return [past.whole]
        return _between(self.booked, span) if first <= past.last and past.first <= last else []

    def delivered_in(self, span: Span) -> list[Day]:
        """The days of a span that were delivered."""
        return _between(self.days, span)


def _between(found: dict[int, Each], span: Span) -> list[Each]:
    first, last = span
    if last - first < len(found):
        return [found[number] for number in range(first, last + 1) if number in found]
    return [each for number, each in found.items() if first <= number <= last]


def spent(day: Day, timezone: str) -> int:
    """Billionths of minor units spent on a day."""
    if day.total is None:
        day.total = sum(
            piece.rate * (passed(piece.end, day.number, timezone) - passed(piece.start, day.number, timezone))
            for piece in day.pieces
        )
    return day.total


def draw(day: Day, timezone: str, key: tuple[int, ...], *, delayed: bool) -> Cell:
    """Draw the day's figures and when its results are reported; stored on the day."""
    total = spent(day, timezone)
    found = arrivals(total / WHOLE_DAY * day.rates.results_per_minor, key)
    day.reports = _reports(day, timezone, _waits(found, key, delayed=delayed)) if found else NO_REPORTS
    results = day.reports.counts[-1] if found else 0
    day.drawn = cell(total, day.rates, key, results)
    return day.drawn


def _waits(
    found: list[tuple[float, int]], key: tuple[int, ...], *, delayed: bool
) -> list[tuple[float, int, int]]:
    """Each arrival with the seconds until it is reported."""
    return [
        (position, size, delay_seconds(uniform(*key, 31, number)) if delayed else 0)
        for number, (position, size) in enumerate(found)
    ]


def _reports(day: Day, timezone: str, found: list[tuple[float, int, int]]) -> Reports:
    per_minor = day.rates.results_per_minor
    events = sorted(
        (_instant(day, timezone, int(position / per_minor * WHOLE_DAY)) + wait, size)
        for position, size, wait in found
    )
    return Reports(tuple(instant for instant, _ in events), tuple(accumulate(size for _, size in events)))


def _instant(day: Day, timezone: str, amount: int) -> int:
    """When the day's money reached an amount (billionths of minor units)."""
    for piece in day.pieces:
        start = passed(piece.start, day.number, timezone)
        cost = piece.rate * (passed(piece.end, day.number, timezone) - start)
        if amount <= cost:
            return instant_of(start + amount // max(1, piece.rate), day.number, timezone)
        amount -= cost
    return day.pieces[-1].end
