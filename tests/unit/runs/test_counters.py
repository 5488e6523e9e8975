"""What a try of a step adds to the numbers that others watch."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from orchestrator.platforms.call_counter import CallCounter, CallStats
from orchestrator.runs.counters import Before, Counts, total


def rows(**statuses: str) -> list[Any]:
    """Actions by id, all of one type."""
    kind = SimpleNamespace(action_type="update_budget")
    return [SimpleNamespace(id=int(key[1:]), status=s, action=kind) for key, s in statuses.items()]


HOLDS: list[Any] = [SimpleNamespace(reason="cooldown"), SimpleNamespace(reason="cooldown")]


@pytest.mark.parametrize(
    ("decided", "began", "ended", "counted"),
    [
        pytest.param(False, {"a1": "planned"}, {"a1": "success"}, {"success": 1}, id="first try"),
        pytest.param(
            False, {"a1": "planned"}, {"a1": "planned"}, {"planned": 1}, id="first try of a dry run"
        ),
        pytest.param(True, {"a1": "planned"}, {"a1": "planned"}, {}, id="a dry run tried again"),
        pytest.param(
            True,
            {"a1": "success", "a2": "planned"},
            {"a1": "success", "a2": "failed"},
            {"failed": 1},
            id="the rest",
        ),
        pytest.param(
            True, {"a1": "unknown"}, {"a1": "success"}, {"success": 1}, id="settled at the second try"
        ),
        pytest.param(True, {"a1": "success"}, {"a1": "success"}, {}, id="nothing left to do"),
        pytest.param(False, {}, {}, {}, id="nothing to do"),
    ],
)
def test_an_action_counts_in_the_try_that_gave_it_its_status(
    *, decided: bool, began: dict[str, str], ended: dict[str, str], counted: dict[str, int]
):
    before = Before(decided=decided)
    before.remember(rows(**began))

    added = before.added(rows(**ended), HOLDS)

    assert added.actions == {("update_budget", status): n for status, n in counted.items()}
    assert added.holds == ({} if decided else {"cooldown": 2})


def test_users_add_up():
    one = Before().added(rows(a1="success"), HOLDS)

    assert total([one, Counts(), one]).holds == {"cooldown": 4}
    assert total([one, one]).actions == {("update_budget", "success"): 2}
    assert total([]) == Counts()


def test_waits_are_counted_and_waited():
    counter, waited = CallCounter(), []
    counter.add(CallStats(requests=1, reads=3))

    counter.counting(waited.append)(1.5)

    assert waited == [1.5]
    assert counter.so_far == CallStats(requests=1, reads=3, throttle_waits=1, throttle_wait_s=1.5)
