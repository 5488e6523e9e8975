"""What is repeated, what is not, and how pages are followed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from orchestrator.errors import PlatformError, Rejected, Throttled, TooMuchData, Transient, Unknown
from orchestrator.platforms.meta.graph import Call, Graph, Response
from orchestrator.platforms.meta.rate_limit import RateLimiter

READ = Call(what="read", path=("1",), params={"limit": 100})
WRITE = Call(what="write", path=("1",), method="POST")
GONE = Response(status=None, problem="no readable answer (ConnectionError)")
BUSY = Response(status=500, body={"error": {"code": 1, "message": "An unknown error occurred"}})
NOT_FOUND = Response(status=400, body={"error": {"code": 100, "error_subcode": 33, "message": "Unsupported"}})
TOO_MUCH = Response(status=500, body={"error": {"code": 1, "message": "Please reduce the amount of data"}})
PER_SECOND = Response(status=400, body={"error": {"code": 613, "error_subcode": 5044001}})
SCORE = Response(
    status=400,
    headers={"X-Ad-Account-Usage": '{"acc_id_util_pct":100,"reset_time_duration":240}'},
    body={"error": {"code": 17, "error_subcode": 2446079, "message": "User request limit reached"}},
)


class ScriptedWire:
    """Answers in order, and remembers what was asked."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asked: list[Any] = []

    def one(self, call: Call) -> Response:
        self.asked.append(call)
        return self.answers.pop(0)

    def batch(self, calls: Sequence[Call]) -> Response:
        self.asked.append(list(calls))
        return self.answers.pop(0)


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def a_graph(wire: ScriptedWire, time: Time | None = None) -> Graph:
    time = time or Time()
    return Graph(wire, RateLimiter(short_wait_s=30.0, clock=time.clock, sleep=time.sleep), ["TOKEN"])


def ok(**body: Any) -> Response:
    return Response(status=200, body=body)


def slot(code: int, body: object) -> dict[str, Any]:
    return {"code": code, "headers": [], "body": body if isinstance(body, str) else json.dumps(body)}


def page(*ids: str, after: str | None = None) -> dict[str, Any]:
    nodes = [{"id": each} for each in ids]
    if after is None:
        return {"data": nodes, "paging": {"cursors": {"before": "b", "after": "last"}}}
    return {"data": nodes, "paging": {"cursors": {"after": after}, "next": f"https://x/y?after={after}"}}


@pytest.mark.parametrize(
    "passing",
    [
        pytest.param(GONE, id="no connection"),
        pytest.param(BUSY, id="an unknown error"),
        pytest.param(NOT_FOUND, id="not yet seen everywhere"),
        pytest.param(PER_SECOND, id="too many a second"),
        pytest.param(Response(status=502, body="<html>"), id="a web page"),
        pytest.param(Response(status=200, body=""), id="nothing"),
    ],
)
def test_a_read_is_tried_again_after(passing: Response):
    wire = ScriptedWire(passing, passing, ok(id="1"))

    assert a_graph(wire).read(READ) == {"id": "1"}
    assert wire.asked == [READ, READ, READ]


@pytest.mark.parametrize(
    ("answer", "error"),
    [pytest.param(GONE, Transient, id="no connection"), pytest.param(NOT_FOUND, Rejected, id="not found")],
)
def test_a_read_gives_up_after_three(answer: Response, error: type[PlatformError]):
    wire = ScriptedWire(answer, answer, answer)

    with pytest.raises(error):
        a_graph(wire).read(READ)
    assert len(wire.asked) == 3


@pytest.mark.parametrize(
    "unsure",
    [
        pytest.param(GONE, id="no connection"),
        pytest.param(BUSY, id="an unknown error"),
        pytest.param(Response(status=502, body="<html>"), id="a web page"),
        pytest.param(Response(status=200, body=""), id="nothing"),
        pytest.param(Response(status=200, body={"success": False}), id="success: false"),
        pytest.param(Response(status=500, body={"id": "1"}), id="an id with an error status"),
        pytest.param(Response(status=200, body=[]), id="a list"),
    ],
)
def test_a_write_is_never_repeated_after(unsure: Response):
    wire = ScriptedWire(unsure)

    with pytest.raises(Unknown, match="read back before anything is repeated"):
        a_graph(wire).write(WRITE)
    assert wire.asked == [WRITE]


def test_a_refused_write_is_not_repeated():
    wire = ScriptedWire(NOT_FOUND)

    with pytest.raises(Rejected):
        a_graph(wire).write(WRITE)
    assert wire.asked == [WRITE]


def test_a_write_is_repeated_after_a_short_throttle_and_its_wait():
    wire, time = ScriptedWire(PER_SECOND, ok(id="1")), Time()

    assert a_graph(wire, time).write(WRITE) == {"id": "1"}
    assert time.now == 1.0


def test_after_a_long_throttle_nothing_more_is_sent():
    wire = ScriptedWire(SCORE)
    graph = a_graph(wire)

    with pytest.raises(Throttled) as first:
        graph.write(WRITE)
    with pytest.raises(Throttled, match="no room for 240 s"):
        graph.read(READ)

    assert first.value.wait_s == 240.0
    assert wire.asked == [WRITE]


def test_one_object_s_throttle_leaves_the_account_free():
    hourly = Response(status=400, body={"error": {"code": 613, "error_subcode": 1487632}})
    wire = ScriptedWire(hourly, ok(id="1"))
    graph = a_graph(wire)

    with pytest.raises(Throttled) as refused:
        graph.write(WRITE)

    assert refused.value.wait_s == 3600.0
    assert graph.write(WRITE) == {"id": "1"}


def test_no_message_holds_the_token():
    quoting = Response(status=400, body={"error": {"code": 190, "message": "Malformed access token TOKEN"}})

    with pytest.raises(PlatformError) as error:
        a_graph(ScriptedWire(quoting)).read(READ)
    assert "TOKEN" not in str(error.value)
    assert "***" in str(error.value)


def test_a_batch_is_one_request_and_a_slot_that_failed_in_passing_is_read_alone():
    whole = Response(
        status=200,
        body=[
            slot(200, {"id": "1"}),
            None,
            slot(500, BUSY.body),
            slot(400, {"error": {"code": 100}}),
            slot(200, "<"),
        ],
    )
    wire = ScriptedWire(whole, ok(id="2"), ok(id="3"), ok(id="5"))
    calls = [Call(what=f"read {n}", path=(str(n),)) for n in range(1, 6)]

    first, second, third, fourth, fifth = a_graph(wire).read_many(calls)

    assert (first, second, third, fifth) == ({"id": "1"}, {"id": "2"}, {"id": "3"}, {"id": "5"})
    assert isinstance(fourth, Rejected)
    assert wire.asked == [calls, calls[1], calls[2], calls[4]]


def test_a_name_with_half_a_character_in_a_batch_is_read():
    wire = ScriptedWire(Response(status=200, body=[slot(200, '{"name": "a\\ud83d b"}')]))

    assert a_graph(wire).read_many([READ]) == [{"name": "a\ud83d b"}]


def test_a_name_with_half_a_character_is_read_in_a_batch():
    wire = ScriptedWire(Response(status=200, body=[slot(200, '{"name": "a\\ud83d b"}')]))

    assert a_graph(wire).read_many([READ]) == [{"name": "a\ud83d b"}]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(GONE, id="no answer"),
        pytest.param(Response(status=502, body="<html>"), id="a web page"),
        pytest.param(Response(status=200, body=[None, None, None]), id="too many slots"),
        pytest.param(BUSY, id="an error for the whole"),
    ],
)
def test_a_batch_that_failed_as_a_whole_is_sent_again(broken: Response):
    wire = ScriptedWire(broken, Response(status=200, body=[slot(200, {"id": "1"})]))

    assert a_graph(wire).read_many([READ]) == [{"id": "1"}]


def test_a_slot_that_stays_broken_is_its_own_error():
    wire = ScriptedWire(Response(status=200, body=[None]), GONE, GONE, GONE)

    (error,) = a_graph(wire).read_many([READ])

    assert isinstance(error, Transient)


def test_a_batch_costs_as_many_points_as_it_has_parts():
    time = Time()
    graph = a_graph(ScriptedWire(*[Response(status=200, body=[slot(200, {"id": "1"})] * 3)] * 21), time)
    graph.read_many([READ, READ, READ])
    time.now = 275.0

    for _ in range(20):
        graph.read_many([READ, READ, READ])

    assert time.now == 300.0


def test_the_headers_of_a_slot_are_heard():
    full = [{"name": "X-Ad-Account-Usage", "value": '{"acc_id_util_pct":100,"reset_time_duration":200}'}]
    whole = Response(status=200, body=[{"code": 200, "headers": full, "body": "{}"}])
    graph = a_graph(ScriptedWire(whole))
    graph.read_many([READ])

    with pytest.raises(Throttled, match="no room for 200 s"):
        graph.read(READ)


@pytest.mark.parametrize("headers", [None, "x", ["x"], [{}], {"name": "x"}])
def test_odd_headers_do_not_cost_an_answer(headers: Any):
    whole = Response(status=200, body=[{"code": 200, "headers": headers, "body": "{}"}])

    assert a_graph(ScriptedWire(whole)).read_many([READ]) == [{}]


def test_pages_are_followed_through_an_empty_one_to_the_end():
    wire = ScriptedWire(ok(**page("1", after="A")), ok(**page(after="B")), ok(**page("2")))

    assert [node["id"] for node in a_graph(wire).nodes(READ)] == ["1", "2"]
    assert [call.params.get("after") for call in wire.asked] == [None, "A", "B"]


def test_an_empty_page_that_leads_back_to_itself_is_asked_for_again():
    wire = ScriptedWire(ok(**page("1", after="A")), ok(**page(after="A")), ok(**page("2")))

    assert [node["id"] for node in a_graph(wire).nodes(READ)] == ["1", "2"]


def test_an_empty_first_page_is_asked_for_again():
    wire = ScriptedWire(ok(data=[], paging={"next": "https://graph/1?limit=5"}), ok(**page("2")))

    assert [node["id"] for node in a_graph(wire).nodes(READ)] == ["2"]
    assert wire.asked == [READ, READ]


def test_a_first_page_at_hand_is_not_read_again():
    wire = ScriptedWire(ok(**page("2")))

    assert [node["id"] for node in a_graph(wire).nodes(READ, page("1", after="A"))] == ["1", "2"]
    assert len(wire.asked) == 1


def test_the_next_page_may_be_named_in_its_address_only():
    first = {"data": [{"id": "1"}], "paging": {"next": "https://graph/v26.0/1/x?access_token=T&after=A%3D"}}
    wire = ScriptedWire(ok(**first), ok(**page("2")))

    assert [node["id"] for node in a_graph(wire).nodes(READ)] == ["1", "2"]
    assert wire.asked[1].params == {"limit": 100, "after": "A="}


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        pytest.param([page("1", after="A"), page("2", after="A")], "turn in a circle", id="a circle"),
        pytest.param([{"paging": {}}], "a page without its list", id="no list"),
        pytest.param([{"data": [1]}], "a page without its list", id="a list of something else"),
        pytest.param(
            [{"data": [{}], "paging": {"next": "https://graph/1"}}],
            "turn in a circle",
            id="back to the start",
        ),
        pytest.param([page("1", after="A")] + [page(after="A")] * 4, "turn in a circle", id="empty for ever"),
    ],
)
def test_pages_that_cannot_be_followed_are_said_to_be_incomplete(pages: list[dict[str, Any]], problem: str):
    wire = ScriptedWire(*[ok(**each) for each in pages])

    with pytest.raises(Transient, match=problem):
        list(a_graph(wire).nodes(READ))


def test_a_page_that_is_too_much_is_halved():
    wire = ScriptedWire(TOO_MUCH, TOO_MUCH, ok(**page("1", after="A")), ok(**page("2")))

    assert [node["id"] for node in a_graph(wire).nodes(READ)] == ["1", "2"]
    assert [call.params["limit"] for call in wire.asked] == [100, 50, 25, 25]


def test_a_page_cannot_be_halved_for_ever():
    wire = ScriptedWire(*[TOO_MUCH] * 4)

    with pytest.raises(TooMuchData):
        list(a_graph(wire).nodes(READ))
    assert [call.params["limit"] for call in wire.asked] == [100, 50, 25, 12]
