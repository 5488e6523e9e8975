"""When a reading contradicts what is known: on each boundary, and one step past it."""

from __future__ import annotations

import pytest

from orchestrator.domain.contradiction import contradicts, known_after

POLICY = {"min_events": 3, "keep_bp": 5000}


@pytest.mark.parametrize(
    ("events", "impressions", "known", "expected"),
    [
        pytest.param(0, 9000, 3, True, id="all of the fewest that count are gone"),
        pytest.param(0, 9000, 2, False, id="too few were known"),
        pytest.param(0, 9000, 0, False, id="none was known"),
        pytest.param(0, 0, None, False, id="nothing was stored yet"),
        pytest.param(5, 9000, 10, False, id="half is still there"),
        pytest.param(4, 9000, 10, True, id="less than half is still there"),
        pytest.param(5, 9000, 11, True, id="half of an odd number, rounded down"),
        pytest.param(6, 9000, 11, False, id="more than half of an odd number"),
        pytest.param(11, 9000, 10, False, id="it grew"),
        pytest.param(0, 0, 3, True, id="no delivery where there was some"),
        pytest.param(40_000, 100, None, True, id="more events than impressions"),
        pytest.param(101, 100, 100, True, id="one event more than impressions"),
        pytest.param(100, 100, 100, False, id="as many events as impressions"),
        pytest.param(3, 2, None, True, id="the fewest events that count"),
        pytest.param(2, 1, None, False, id="too few events to tell"),
        pytest.param(0, 0, 0, False, id="no figures at all"),
    ],
)
def test_contradicts(*, events: int, impressions: int, known: int | None, expected: bool) -> None:
    assert contradicts(events, impressions, known, **POLICY) is expected


@pytest.mark.parametrize(
    ("keep_bp", "events", "expected"),
    [(0, 0, False), (10_000, 10, False), (10_000, 9, True), (1, 0, True)],
)
def test_the_part_that_must_still_be_there_is_a_policy(*, keep_bp: int, events: int, expected: bool) -> None:
    assert contradicts(events, 9000, 10, min_events=3, keep_bp=keep_bp) is expected


@pytest.mark.parametrize(
    ("events", "impressions", "known", "expected"),
    [
        pytest.param(4, 9000, None, 4, id="the first reading"),
        pytest.param(0, 0, None, 0, id="a first reading without delivery"),
        pytest.param(5, 9000, 4, 5, id="more than before"),
        pytest.param(5, 9000, 10, 10, id="fewer, by a restatement"),
        pytest.param(4, 9000, 10, 10, id="far fewer contradict"),
        pytest.param(40_000, 100, 4, 4, id="more events than impressions contradict"),
        pytest.param(40_000, 100, None, None, id="and are not what is known of a new one"),
    ],
)
def test_what_is_known_after_a_reading(
    events: int, impressions: int, known: int | None, expected: int | None
) -> None:
    assert known_after(events, impressions, known, **POLICY) == expected
