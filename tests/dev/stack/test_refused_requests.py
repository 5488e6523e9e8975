"""Requests that were wrong, and builds that were sent again, are found in a log that has them."""

from __future__ import annotations

from typing import Any

import pytest

from stack.refused_requests import RefusedRequests

INVALID: dict[str, Any] = {"error": {"code": 100, "error_subcode": 1885183, "message": "Invalid parameter"}}
LIMITED: dict[str, Any] = {"error": {"code": 17, "message": "Too many", "is_transient": True}}
ABSENT: dict[str, Any] = {"error": {"code": 100, "error_subcode": 33, "message": "Unsupported"}}


def a_request(path: str = "/act_1/adsets", day: str = "23T12:00", answer: Any = None, **more: Any) -> Any:
    return {
        "id": 7,
        "at": f"2026-11-{day}:00+00:00",
        "method": "POST",
        "path": path,
        "params": {"name": more.pop("name", "US · clip [k:a1]")},
        "account": "act_1",
        "status": 400 if answer else 200,
        "answer": answer or {"id": "1"},
        "fault": None,
    } | more


@pytest.mark.parametrize(
    ("request_", "count"),
    [
        pytest.param(a_request(answer=INVALID), 1, id="a build that is wrong"),
        pytest.param(a_request("/11", answer=INVALID), 1, id="an update that is wrong"),
        pytest.param(a_request("/11", answer=INVALID, method="GET"), 1, id="a read that is wrong"),
        pytest.param(a_request(answer=INVALID, fault="refusal"), 0, id="a fault's refusal"),
        pytest.param(a_request(answer=LIMITED), 0, id="a rate limit"),
        pytest.param(a_request(answer=ABSENT), 0, id="an object that a person removed"),
        pytest.param(a_request(answer="<html>"), 0, id="no answer of the Graph's"),
        pytest.param(a_request(), 0, id="taken"),
    ],
)
def test_a_request_is_wrong_when_the_platform_itself_says_so(request_: Any, count: int):
    refused = RefusedRequests()
    refused.add([request_])
    assert len(refused.wrong) == count


@pytest.mark.parametrize(
    ("again", "count"),
    [
        pytest.param(a_request(day="23T18:00", name="US · clip [k:b2]"), 1, id="by another action"),
        pytest.param(a_request(day="26T11:59"), 1, id="a minute before it may be"),
        pytest.param(a_request(day="26T12:00"), 0, id="when it may be"),
        pytest.param(a_request(name="DE · clip [k:b2]"), 0, id="another test"),
        pytest.param(a_request("/act_1/campaigns"), 0, id="another kind"),
        pytest.param(a_request(account="act_2"), 0, id="another account"),
        pytest.param(a_request(method="GET"), 0, id="a read"),
    ],
)
@pytest.mark.parametrize("fault", [None, "refusal"])
def test_a_build_is_repeated_when_the_same_was_refused_so_lately(again: Any, count: int, fault: str | None):
    refused = RefusedRequests()
    refused.add([a_request(answer=INVALID, fault=fault)])
    refused.add([again])
    assert len(refused.repeated) == count


def test_one_creative_is_tried_in_each_test_that_it_is_part_of():
    def creative(key: str, answer: Any = None) -> Any:
        return a_request("/act_1/adcreatives", name=f"clip [k:{key}]", answer=answer)

    refused = RefusedRequests()
    refused.add([a_request(), creative("a1", INVALID)])
    refused.add([a_request(name="DE · clip [k:b2]"), creative("b2")])
    assert refused.repeated == []
    refused.add([a_request(name="US · clip [k:c3]"), creative("c3")])
    assert len(refused.repeated) == 1


def test_what_passes_by_itself_may_be_sent_again():
    refused = RefusedRequests()
    refused.add([a_request(answer=LIMITED), a_request()])
    assert refused.repeated == []
