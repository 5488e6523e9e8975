"""Which days of Insights a run reads, and when all of them are due."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from orchestrator.snapshot import restatement

AT_MIDNIGHT = UUID(int=24)
AT_FIVE = UUID(int=5)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("user", "restated_at", "now", "due"),
    [
        pytest.param(AT_MIDNIGHT, None, at(23, 12), True, id="never read"),
        pytest.param(AT_MIDNIGHT, at(22, 23, 59), at(23, 0), True, id="read the day before"),
        pytest.param(AT_MIDNIGHT, at(23, 0), at(23, 0), False, id="read by this very run"),
        pytest.param(AT_MIDNIGHT, at(23, 0), at(23, 23, 59), False, id="read today"),
        pytest.param(AT_FIVE, at(23, 4, 59), at(23, 5), True, id="its own day begins at five"),
        pytest.param(AT_FIVE, at(23, 5), at(24, 4, 59), False, id="and ends before five"),
        pytest.param(AT_FIVE, at(23, 12), at(23, 6), False, id="a run of an earlier time"),
        pytest.param(AT_FIVE, at(10, 12), at(23, 4), True, id="not read for long"),
    ],
)
def test_all_days_are_read_once_a_day_from_the_users_own_hour(
    user: UUID, restated_at: datetime | None, now: datetime, *, due: bool
):
    assert restatement.is_due(restated_at, now, user) is due


def test_the_users_of_four_runs_a_day_fall_due_in_different_runs():
    users = [UUID(int=n) for n in range(24)]
    due = [sum(restatement.is_due(at(22, 20), at(23, hour), u) for u in users) for hour in (0, 6, 12, 18)]

    assert due == [4, 10, 16, 22]


def test_what_is_read_and_what_was_kept_are_nine_days_without_a_gap():
    assert restatement.first_day(date(2026, 11, 23), 28, due=False) == date(2026, 11, 21)
    assert restatement.stored_days(date(2026, 11, 23)) == (date(2026, 11, 15), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("restated_days", "first"),
    [
        pytest.param(28, date(2026, 10, 26), id="four weeks"),
        pytest.param(3, date(2026, 11, 20), id="three days"),
    ],
)
def test_when_due_all_days_that_may_be_restated_are_read(restated_days: int, first: date):
    assert restatement.first_day(date(2026, 11, 23), restated_days, due=True) == first


def test_today_is_the_accounts_day():
    assert restatement.today(at(23, 4), "America/New_York") == date(2026, 11, 22)
