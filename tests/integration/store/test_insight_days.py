"""Days of a reading that contradicts, and days whose events are not whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from orchestrator.domain.model import Day
from orchestrator.domain.records import DailyRow
from orchestrator.store import Store
from tests.integration.store.conftest import Rows

DAY = date(2026, 11, 20)


def a_day(
    user: UUID, figures: tuple[int, int, int], *, ad_set: str = "11", part: str | None = None
) -> DailyRow:
    spend_minor, impressions, events = figures
    day = Day(date=DAY, spend_minor=spend_minor, impressions=impressions, events=events)
    return DailyRow(
        user_id=user, ad_set_id=ad_set, day=day, part_events=None if part is None else Decimal(part)
    )


def stored(rows: Rows, user: UUID) -> dict[str, tuple[int, int, Decimal]]:
    found = rows.all("select * from ads_insights_daily where user_id = %(user)s order by adset_id", user=user)
    return {row["adset_id"]: (row["spend_minor"], row["impressions"], row["events"]) for row in found}


@pytest.mark.parametrize(
    ("kept", "read", "now"),
    [
        pytest.param((100, 50, 4), (300, 90, 0), (300, 90, 4), id="events gone, spend grown"),
        pytest.param((100, 50, 4), (80, 40, 3), (100, 50, 4), id="all lower"),
        pytest.param((100, 50, 4), (100, 50, 5), (100, 50, 5), id="one more"),
        pytest.param((100, 50, 4), (100, 50, 50), (100, 50, 50), id="as many events as impressions"),
        pytest.param((100, 50, 4), (100, 50, 51), (100, 50, 4), id="one above the impressions"),
        pytest.param((100, 50, 0), (0, 0, 0), (100, 50, 0), id="no delivery any more"),
    ],
)
def test_a_reading_that_contradicts_lowers_no_day(
    store: Store,
    rows: Rows,
    kept: tuple[int, int, int],
    read: tuple[int, int, int],
    now: tuple[int, int, int],
):
    user = rows.user()
    store.insight_days.save([a_day(user, kept), a_day(user, (1, 1, 1), ad_set="12")])

    store.insight_days.save([], doubted=[a_day(user, read), a_day(user, (7, 7, 0), ad_set="13")])

    assert stored(rows, user) == {"11": now, "12": (1, 1, 1), "13": (7, 7, 0)}


def test_parts_of_an_event_add_up_exactly_and_are_rounded_for_the_rules(store: Store, rows: Rows):
    user = rows.user()
    store.insight_days.save(
        [a_day(user, (100, 50, 1), part="0.9"), a_day(user, (100, 50, 3), ad_set="12", part="2.75")]
    )
    store.insight_days.save([], doubted=[a_day(user, (100, 50, 1), part="0.5")])

    found = store.insight_days.stored_days({user: (DAY, DAY)})[user]

    assert rows.one(
        "select sum(events) as events from ads_insights_daily where user_id = %(user)s", user=user
    ) == {"events": Decimal("3.65")}
    assert {ad_set: day.events for ad_set, (day,) in found.items()} == {"11": 1, "12": 3}


@pytest.mark.parametrize("events", ["-0.1", "2147483648", "'NaN'", "'Infinity'"])
def test_what_is_no_count_is_not_stored(rows: Rows, events: str):
    with pytest.raises(psycopg.errors.CheckViolation):
        rows.run(
            "insert into ads_insights_days (user_id, day, adset_ids, spend_minor, impressions, events)"
            f" values (%(user)s, '2026-11-20', '{{11}}', '{{1}}', '{{1}}', array[{events}::numeric])",
            user=rows.user(),
        )


def test_a_snapshot_keeps_the_parts_that_it_rounds(store: Store, rows: Rows):
    user = rows.user()
    first, second = rows.run_of(user, status="success", ended_at="now"), rows.run_of(user)
    parts = {("11", DAY): Decimal("0.9"), ("12", DAY): Decimal("2.75")}

    store.snapshots.save({first: {}, second: {}}, part_events={first: parts, second: {}})
    store.snapshots.save({first: {}}, part_events={first: {}})

    assert store.snapshots.part_events([first, second]) == {first: parts}

    store.snapshots.save({first: {}}, part_events={first: {}}, completed=True)

    assert store.snapshots.part_events([first, second]) == {}
