"""One user's time in one step: when it is up, and how much of it may be waiting."""

from __future__ import annotations

import pytest

from orchestrator.errors import Throttled
from orchestrator.platforms.meta.graph import Call, Graph, Response
from orchestrator.platforms.meta.rate_limit import RateLimiter
from orchestrator.platforms.meta.time_budget import TimeBudget
from tests.unit.platforms.meta.test_graph import ScriptedWire, Time, ok

WRITE = Call(what="write", path=("1",), method="POST")
SHORT_BLOCK = Response(
    status=400,
    headers={"X-Ad-Account-Usage": '{"acc_id_util_pct":100,"reset_time_duration":20}'},
    body={"error": {"code": 17, "error_subcode": 2446079, "message": "User request limit reached"}},
)


def test_nothing_is_sent_once_the_time_is_up():
    time = Time()
    time_budget = TimeBudget(limit_s=600, waits_s=180, clock=time.clock)
    time.now = 599.9
    time_budget.check()

    time.now = 600.0
    with pytest.raises(Throttled, match=r"had 600 s of this step\. Nothing was sent"):
        time_budget.check()


@pytest.mark.parametrize(
    ("waits", "is_refused"),
    [
        pytest.param([180.0], False, id="just as long as allowed"),
        pytest.param([180.1], True, id="one that is too long"),
        pytest.param([60.0, 60.0, 60.0], False, id="several, together as long as allowed"),
        pytest.param([60.0, 60.0, 60.1], True, id="several, together too long"),
        pytest.param([], False, id="none"),
    ],
)
def test_all_waits_together_are_limited(waits: list[float], *, is_refused: bool):
    time_budget = TimeBudget(limit_s=600, waits_s=180)
    *before, last = waits or [0.0]
    for seconds in before:
        time_budget.wait(seconds)

    if is_refused:
        with pytest.raises(Throttled, match="would pass 180 s"):
            time_budget.wait(last)
    else:
        time_budget.wait(last)


def test_a_wait_that_was_refused_is_not_counted():
    time_budget = TimeBudget(limit_s=600, waits_s=10)
    with pytest.raises(Throttled):
        time_budget.wait(11)

    time_budget.wait(10)


def a_graph(wire: ScriptedWire, time: Time, time_budget: TimeBudget) -> Graph:
    return Graph(
        wire,
        RateLimiter(short_wait_s=30.0, clock=time.clock, sleep=time.sleep),
        ["TOKEN"],
        time_budget=time_budget,
    )


def test_each_wait_is_short_but_their_sum_is_not():
    time = Time()
    wire = ScriptedWire(SHORT_BLOCK, ok(id="1"), SHORT_BLOCK, ok(id="1"), SHORT_BLOCK, ok(id="1"))
    graph = a_graph(wire, time, TimeBudget(limit_s=600, waits_s=50, clock=time.clock))
    graph.write(WRITE)
    graph.write(WRITE)

    # 20 s and 20 s: the next 20 s would be too many.
    with pytest.raises(Throttled, match="would pass 50 s"):
        graph.write(WRITE)

    assert len(wire.asked) == 5
    assert time.now == 40.0


def test_a_user_whose_time_is_up_sends_no_more():
    time = Time()
    wire = ScriptedWire(ok(id="1"))
    graph = a_graph(wire, time, TimeBudget(limit_s=600, waits_s=50, clock=time.clock))
    graph.write(WRITE)
    time.now += 600

    for ask in (lambda: graph.write(WRITE), lambda: graph.read(WRITE), lambda: graph.read_many([WRITE])):
        with pytest.raises(Throttled):
            ask()

    assert len(wire.asked) == 1
