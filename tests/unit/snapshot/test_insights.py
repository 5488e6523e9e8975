"""A platform's rows as windows an ad set."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from orchestrator.domain.model import Day, Lifetime
from orchestrator.platforms.base import InsightReport, InsightRow
from orchestrator.snapshot.insights import InsightWindows, windows

ONE, TWO = UUID(int=1), UUID(int=2)
READ_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)


def windows_of(*rows: InsightRow, problem: str | None = None) -> InsightWindows:
    return windows({ONE: InsightReport(rows, problem)}, READ_AT)[ONE]


def test_rows_of_one_ad_set_add_up() -> None:
    told = windows_of(InsightRow("11", None, 1, 1, 1), InsightRow("11", None, 1, 2, 2))

    assert told.lifetimes == {"11": Lifetime(spend_minor=2, impressions=3, events=3)}
    assert told.days == {}


def test_days_are_in_order_and_apart_from_the_lifetime() -> None:
    told = windows_of(
        InsightRow("11", SECOND, 200, 20, 0),
        InsightRow("11", FIRST, 100, 10, 3),
        InsightRow("11", None, 600, 342, 0),
        InsightRow("11", SECOND, 300, 30, 0),
        InsightRow("12", FIRST, 700, 70, 0),
    )

    assert told == InsightWindows(
        lifetimes={"11": Lifetime(spend_minor=600, impressions=342, events=0)},
        days={
            "11": (
                Day(date=FIRST, spend_minor=100, impressions=10, events=3),
                Day(date=SECOND, spend_minor=500, impressions=50, events=0),
            ),
            "12": (Day(date=FIRST, spend_minor=700, impressions=70, events=0),),
        },
        read_at=READ_AT,
    )


def test_rows_that_are_not_whole_were_not_read() -> None:
    told = windows_of(InsightRow("11", None, 1, 1, 1), problem="read insights: busy")

    assert told.read_at is None
    assert set(told.lifetimes) == {"11"}


def test_users_do_not_mix() -> None:
    told = windows(
        {
            ONE: InsightReport((InsightRow("11", None, 1, 1, 1),), None),
            TWO: InsightReport((InsightRow("11", None, 2, 2, 2),), "one is missing"),
        },
        READ_AT,
    )

    assert told[ONE].lifetimes["11"].spend_minor == 1
    assert (told[TWO].lifetimes["11"].spend_minor, told[TWO].read_at) == (2, None)
    assert windows({}, READ_AT) == {}


@pytest.mark.parametrize(
    ("parts", "counted"),
    [
        pytest.param(["0.4"], 0, id="less than a half"),
        pytest.param(["0.5"], 1, id="a half"),
        pytest.param(["0.9"], 1, id="nearly one"),
        pytest.param(["2.75"], 3, id="nearly three"),
        pytest.param(["1.5"], 2, id="a half above an odd one"),
        pytest.param(["2.5"], 3, id="a half above an even one"),
        pytest.param(["0.4", "0.4", "0.4"], 1, id="added up before they are rounded"),
        pytest.param(["0.1", "0.2", "0.2"], 1, id="exactly a half in all"),
    ],
)
def test_events_are_added_up_exactly_and_rounded_once(parts: list[str], counted: int) -> None:
    told = windows_of(*(InsightRow("11", None, 1, 1, Decimal(each)) for each in parts))

    assert told.lifetimes["11"].events == counted
    assert told.part_events == {}


def test_days_keep_the_parts_that_they_round() -> None:
    told = windows_of(
        InsightRow("11", FIRST, 1, 1, Decimal("0.9")),
        InsightRow("11", SECOND, 1, 1, Decimal("0.5")),
        InsightRow("11", SECOND, 1, 1, Decimal("0.5")),
        InsightRow("12", FIRST, 1, 1, Decimal("2.25")),
    )

    assert [(d.date, d.events) for d in told.days["11"]] == [(FIRST, 1), (SECOND, 1)]
    assert told.part_events == {("11", FIRST): Decimal("0.9"), ("12", FIRST): Decimal("2.25")}
