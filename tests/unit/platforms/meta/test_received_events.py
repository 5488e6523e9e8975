"""Whether a custom event is one that its pixel receives, misspelt."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orchestrator.platforms.meta.received_events import expansion, params, remark

CLICK = "pixel 3 receives SmartLinkClick: every letter counts, correct one of the two"


def stats(**counts: int) -> dict[str, Any]:
    return {"data": [{"data": [{"value": name, "count": count} for name, count in counts.items()]}]}


@pytest.mark.parametrize(
    ("name", "received", "expected"),
    [
        ("smartlinkclick", stats(SmartLinkClick=3), CLICK),
        ("SmartlinkClick", stats(SmartLinkClick=3, PageView=9), CLICK),
        ("Smart Link-Click", stats(SmartLinkClick=3), CLICK),
        ("smart_link_click", stats(SmartLinkClick=3), CLICK),
        (" SmartLinkClick ", stats(SmartLinkClick=3), CLICK),
        ("smartlinkclick", stats(SmartLinkClick=3, SMARTLINKCLICK=2), CLICK),
        # Nothing is wrong with what is received, whatever else is.
        ("SmartLinkClick", stats(SmartLinkClick=3), None),
        ("smartlinkclick", stats(SmartLinkClick=3, smartlinkclick=1), None),
        # A name that is new proves nothing.
        ("SmartLinkClick", stats(), None),
        ("SmartLinkClick", stats(PageView=9, SmartLinkClicked=4, SmartLink=2), None),
        ("---", stats(___=1), None),
        ("", stats(**{"": 1, " ": 1}), None),
    ],
)
def test_only_another_spelling_is_remarked(name: str, received: dict[str, Any], expected: str | None) -> None:
    assert remark(name, "3", received) == expected


def test_of_several_spellings_the_most_frequent_is_named() -> None:
    assert remark("click", "3", stats(CLICK=2, Click=5, cLICK=5)) == (
        "pixel 3 receives cLICK: every letter counts, correct one of the two"
    )


@pytest.mark.parametrize("event", ["Click\n", "<Click>", "Cl\u202eick", "Click!", "-" * 96 + "Click"])
def test_what_anybody_may_have_sent_is_not_repeated(event: str) -> None:
    assert remark("click", "3", stats(**{event: 5})) is None


@pytest.mark.parametrize(
    "broken",
    [
        *(None, [], "text", {}, {"data": None}, {"data": {}}, {"data": ["x", None]}, {"data": [{}]}),
        *({"data": [{"data": [{"value": 7}, {"count": 1}, None]}]}, {"data": [{"data": "Click"}]}),
    ],
)
def test_stats_that_cannot_be_read_say_nothing(broken: Any) -> None:
    assert remark("click", "3", broken) is None


def test_an_event_without_a_count_was_received_all_the_same() -> None:
    assert remark("click", "3", {"data": [{"data": [{"value": "Click"}]}]}) is not None
    assert remark("Click", "3", {"data": [{"data": [{"value": "Click"}, {"value": "click"}]}]}) is None


def test_the_last_days_are_read_in_unix_seconds() -> None:
    since = int(datetime(2026, 11, 18, tzinfo=UTC).timestamp())
    assert since == 1_794_960_000
    assert params(date(2026, 11, 23)) == {"aggregation": "event_total_counts", "start_time": since}
    assert expansion(date(2026, 11, 23)) == ("stats.aggregation(event_total_counts).start_time(1794960000)")


# Meta refuses a time before the last seven days: an account's day is at most one from Greenwich's.
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
@pytest.mark.parametrize(
    "now", [datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)]
)
def test_they_begin_within_seven_days_wherever_the_account_is(zone: str, now: datetime) -> None:
    start = params(now.astimezone(ZoneInfo(zone)).date())["start_time"]

    assert timedelta(days=4) <= now - datetime.fromtimestamp(int(start), UTC) < timedelta(days=7)
