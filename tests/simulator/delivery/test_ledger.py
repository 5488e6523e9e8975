"""What one ad's ledger adds up, and that nothing it keeps outlives a change."""

from __future__ import annotations

import pytest

from graph_simulator.delivery.ledger import AdLedger, Piece, draw, spent
from graph_simulator.delivery.outcomes import Cell, DayRates
from graph_simulator.delivery.pace import WHOLE_DAY
from graph_simulator.state.clock import day_start

DAY = 739943  # 2026-11-23
CHEAP = DayRates(cpm_minor=500, click_rate=0.02, results_per_minor=0.1)


@pytest.mark.parametrize(
    ("span", "found"),
    [
        pytest.param((10, 14), [Cell(7, 70, 5, 3, 1)], id="the whole past is one sum"),
        pytest.param((1, 999), [Cell(7, 70, 5, 3, 1)], id="and so is more than all of it"),
        pytest.param((10, 13), [Cell(3, 30, 2, 1, 0)], id="without the last day"),
        pytest.param((11, 14), [Cell(4, 40, 3, 2, 1)], id="without the first day"),
        pytest.param((14, 14), [Cell(4, 40, 3, 2, 1)], id="one day"),
        pytest.param((11, 13), [], id="between the days"),
        pytest.param((1, 9), [], id="before them"),
        pytest.param((15, 999), [], id="after them"),
    ],
)
def test_booked_days_are_found_in_a_span(span: tuple[int, int], found: list[Cell]):
    ledger = AdLedger()
    ledger.book(10, Cell(3, 30, 2, 1, 0))
    ledger.book(14, Cell(4, 40, 3, 2, 1))

    assert ledger.booked_in(span) == found


def test_a_day_booked_after_a_look_counts():
    ledger = AdLedger()
    ledger.book(10, Cell(3, 30, 2, 1, 0))
    assert ledger.booked_in((1, 999)) == [Cell(3, 30, 2, 1, 0)]

    ledger.book(10, Cell(1, 10, 1, 1, 1))
    ledger.book(12, Cell(4, 40, 3, 2, 1))

    assert ledger.booked_in((1, 999)) == [Cell(8, 80, 6, 4, 2)]


def test_a_stretch_added_after_a_look_counts():
    noon, night = day_start(DAY, "UTC") + 12 * 3600, day_start(DAY + 1, "UTC")
    ledger = AdLedger()
    ledger.accrue(DAY, CHEAP, Piece(day_start(DAY, "UTC"), noon, 1000))
    (day,) = ledger.delivered_in((DAY, DAY))
    morning = draw(day, "UTC", (0, 1, DAY), delayed=False)
    assert morning.spend == spent(day, "UTC") // WHOLE_DAY == 331  # 313 of 945 parts of a day are before noon

    ledger.accrue(DAY, CHEAP, Piece(noon, night, 2000))

    assert day.drawn is None
    assert spent(day, "UTC") // WHOLE_DAY == 1668
