"""Every code of Meta's that we know, as the error it is for a read and for a write."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.errors import (
    AccountClosed,
    AuthExpired,
    ObjectThrottled,
    PlatformError,
    ProofRefused,
    Rejected,
    Throttled,
    TooMuchData,
    Transient,
    Unknown,
    VersionExpired,
)
from orchestrator.platforms.meta.error_codes import (
    GraphError,
    classify,
    error_for,
    parse,
    throttle_wait_s,
    without,
)

ROWS = [
    # code, subcode, HTTP status, transient, read, write
    (4, None, 400, False, Throttled, Throttled),
    (4, 1504022, 400, False, Throttled, Throttled),
    (4, 1504039, 400, True, Throttled, Throttled),
    (17, 2446079, 400, False, Throttled, Throttled),
    (17, 1885172, 400, False, ObjectThrottled, ObjectThrottled),
    (32, None, 400, False, Throttled, Throttled),
    (341, None, 400, False, Throttled, Throttled),
    (613, None, 400, False, Throttled, Throttled),
    (613, 1487742, 400, False, Throttled, Throttled),
    (613, 1487632, 400, False, ObjectThrottled, ObjectThrottled),
    (613, 1487225, 400, False, ObjectThrottled, ObjectThrottled),
    (613, 5044001, 400, False, Throttled, Throttled),
    (613, 1996, 400, False, Throttled, Throttled),
    (79999, None, 400, False, Rejected, Rejected),
    (80000, 2446079, 400, False, Throttled, Throttled),
    (80001, None, 400, False, Throttled, Throttled),
    (80002, None, 400, False, Throttled, Throttled),
    (80003, None, 400, False, Throttled, Throttled),
    (80004, 2446079, 400, False, Throttled, Throttled),
    (80005, None, 400, False, Throttled, Throttled),
    (80006, None, 400, False, Throttled, Throttled),
    (80008, None, 400, False, Throttled, Throttled),
    (80009, None, 400, False, Throttled, Throttled),
    (80014, None, 400, False, Throttled, Throttled),
    (80015, None, 400, False, Rejected, Rejected),
    (1, None, 500, False, Transient, Unknown),
    (1, 99, 500, False, Transient, Unknown),
    (1, None, 400, False, Transient, Unknown),
    (2, None, 400, True, Transient, Unknown),
    (2, None, 503, False, Transient, Unknown),
    (2, 1504042, 400, False, Transient, Unknown),
    (2, 1504043, 400, False, Transient, Unknown),
    (2, 1504044, 400, False, Transient, Unknown),
    (2, 1504041, 400, False, Rejected, Rejected),
    (2, 1504038, 400, False, TooMuchData, Unknown),
    (100, 1504018, 400, False, TooMuchData, Unknown),
    (100, 1487534, 400, False, TooMuchData, Unknown),
    (-2, 2490547, 400, False, TooMuchData, Unknown),
    (-3, 1504045, 400, False, TooMuchData, Unknown),
    (-1, None, 400, False, Transient, Unknown),
    (0, None, 400, False, Transient, Unknown),
    (100, None, 400, True, Transient, Unknown),
    (100, 1885272, 500, False, Transient, Unknown),
    (999, None, 502, False, Transient, Unknown),
    (190, None, 401, False, AuthExpired, AuthExpired),
    (190, 458, 400, False, AuthExpired, AuthExpired),
    (190, 459, 400, False, AuthExpired, AuthExpired),
    (190, 460, 400, False, AuthExpired, AuthExpired),
    (190, 463, 400, False, AuthExpired, AuthExpired),
    (190, 464, 400, False, AuthExpired, AuthExpired),
    (190, 467, 400, False, AuthExpired, AuthExpired),
    (190, 492, 400, False, AuthExpired, AuthExpired),
    (102, None, 400, False, AuthExpired, AuthExpired),
    (104, None, 400, False, AuthExpired, AuthExpired),
    (2635, None, 400, False, VersionExpired, VersionExpired),
    (3, None, 400, False, VersionExpired, VersionExpired),
    (12, None, 400, False, VersionExpired, VersionExpired),
    (2500, None, 400, False, VersionExpired, VersionExpired),
    (10, None, 403, False, Rejected, Rejected),
    (199, None, 400, False, Rejected, Rejected),
    (200, None, 403, False, Rejected, Rejected),
    (270, None, 400, False, AccountClosed, AccountClosed),
    (275, None, 400, False, AccountClosed, AccountClosed),
    (294, None, 400, False, Rejected, Rejected),
    (299, None, 400, False, Rejected, Rejected),
    (368, None, 400, False, AccountClosed, AccountClosed),
    (100, 1404163, 400, False, AccountClosed, AccountClosed),
    (1404163, None, 400, False, AccountClosed, AccountClosed),
    (100, 1359188, 400, False, AccountClosed, AccountClosed),
    (1359188, None, 400, False, AccountClosed, AccountClosed),
    (368, 1404078, 400, False, AccountClosed, AccountClosed),
    (100, 2859015, 400, False, AccountClosed, AccountClosed),
    (100, 3191001, 400, False, Rejected, Rejected),
    (100, None, 400, False, Rejected, Rejected),
    (100, 33, 400, False, Rejected, Rejected),
    (100, 1885272, 400, False, Rejected, Rejected),
    (100, 4834011, 400, False, Rejected, Rejected),
    (100, 1870227, 400, False, Rejected, Rejected),
    (100, 1815857, 400, False, Rejected, Rejected),
    (100, 1885621, 400, False, Rejected, Rejected),
    (100, 1885194, 400, False, Rejected, Rejected),
    (100, 3858079, 400, False, Rejected, Rejected),
    (100, 1885272, 200, False, Rejected, Rejected),
    (194, None, 400, False, Rejected, Rejected),
    (300, None, 400, False, Rejected, Rejected),
    (801, None, 400, False, Rejected, Rejected),
    (900, None, 400, False, Rejected, Rejected),
    (960, None, 400, False, Rejected, Rejected),
    (2607, None, 400, False, Rejected, Rejected),
    (2615, None, 400, False, Rejected, Rejected),
    (2641, None, 400, False, Rejected, Rejected),
    (2654, 1713092, 400, False, Rejected, Rejected),
    (2695, None, 400, False, Rejected, Rejected),
    (3018, None, 400, False, Rejected, Rejected),
    (100, 1487007, 400, False, Rejected, Rejected),
    (100, 1487056, 400, False, Rejected, Rejected),
    (100, 1487566, 400, False, Rejected, Rejected),
    (None, None, 502, False, Transient, Unknown),
    (None, None, 400, False, Transient, Unknown),
    (None, None, 200, False, Transient, Unknown),
    (None, None, None, False, Transient, Unknown),
]


@pytest.mark.parametrize(("code", "subcode", "status", "transient", "read", "write"), ROWS)
def test_a_code_is_one_leaf(
    code: int | None,
    subcode: int | None,
    status: int | None,
    transient: bool,  # noqa: FBT001  # a column of the table
    read: type[PlatformError],
    write: type[PlatformError],
):
    graph_error = GraphError(status=status, code=code, subcode=subcode, transient=transient)

    assert classify(graph_error, is_write=False) is read
    assert classify(graph_error, is_write=True) is write


@pytest.mark.parametrize(
    ("code", "status", "message", "read", "write"),
    [
        pytest.param(
            1,
            500,
            "Please reduce the amount of data you're asking for, then retry your request",
            TooMuchData,
            Unknown,
            id="too much, told only in words",
        ),
        pytest.param(
            100,
            400,
            "Invalid appsecret_proof provided in the API argument",
            ProofRefused,
            ProofRefused,
            id="a wrong proof, told only in words",
        ),
        pytest.param(
            100,
            400,
            "(#100) Missing permissions",
            Rejected,
            Rejected,
            id="one object's permissions",
        ),
    ],
)
def test_some_are_told_only_in_words(
    code: int, status: int, message: str, read: type[PlatformError], write: type[PlatformError]
):
    graph_error = GraphError(status=status, code=code, message=message)

    assert classify(graph_error, is_write=False) is read
    assert classify(graph_error, is_write=True) is write


@pytest.mark.parametrize(
    ("code", "subcode", "wait_s"),
    [
        pytest.param(613, 1487632, 3600.0, id="an ad set's budget: an hour"),
        pytest.param(613, 1487225, 3600.0, id="ads by spend: an hour"),
        pytest.param(17, 1885172, 86400.0, id="spend cap: a day"),
        pytest.param(613, 5044001, 1.0, id="mutations a second: one second"),
        pytest.param(17, 2446079, 42.0, id="the score: what the headers say"),
        pytest.param(80004, None, 42.0, id="a quota: what the headers say"),
    ],
)
def test_a_throttle_waits_as_long_as_its_kind(code: int, subcode: int | None, wait_s: float):
    graph_error = GraphError(status=400, code=code, subcode=subcode)

    assert throttle_wait_s(graph_error, 42.0) == wait_s
    error = error_for(graph_error, what="set", is_write=True, wait_s=42.0)
    assert isinstance(error, Throttled)
    assert error.wait_s == wait_s


TOO_LOW = {
    "error": {
        "message": "Invalid parameter",
        "type": "OAuthException",
        "code": 100,
        "error_data": '{"blame_field_specs":[["daily_budget"]]}',
        "error_subcode": 1885272,
        "is_transient": False,
        "error_user_title": "Budget is too low",
        "error_user_msg": "Your ad set budget must be more than $1.00.",
        "fbtrace_id": "AbCdEf123",
    },
}


def test_a_refusal_says_what_meta_says_and_what_to_do():
    error = error_for(parse(400, TOO_LOW), what="create ad set 'x'", is_write=True, wait_s=0.0)

    assert str(error) == (
        "create ad set 'x': Budget is too low: Your ad set budget must be more than $1.00 "
        "(code 100/1885272, field daily_budget, trace AbCdEf123). "
        "Nothing was changed; correct what Meta names, the same request is not sent again."
    )
    assert (type(error), error.code, error.subcode, error.trace) == (Rejected, 100, 1885272, "AbCdEf123")


def test_blame_may_come_as_an_object():
    body = {"error": {"code": 100, "error_data": {"blame_field_specs": [["targeting", "geo_locations"]]}}}

    assert parse(400, body).blame == "field targeting.geo_locations"


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        pytest.param(200, "", "an empty answer (HTTP 200)", id="empty"),
        pytest.param(200, None, "an empty answer (HTTP 200)", id="nothing"),
        pytest.param(None, None, "an empty answer (one part of a batch)", id="part of a batch"),
        pytest.param(
            502,
            "<html>",
            "an answer that is not what the Graph API sends (HTTP 502)",
            id="a web page",
        ),
        pytest.param(200, [1], "an answer that is not what the Graph API sends (HTTP 200)", id="a list"),
        pytest.param(
            200,
            {"error": "no"},
            "an answer that is not what the Graph API sends (HTTP 200)",
            id="odd error",
        ),
        pytest.param(
            200,
            {"success": False},
            "Meta says it did not succeed, without a reason (HTTP 200)",
            id="success: false",
        ),
    ],
)
def test_an_answer_without_a_graph_error_is_described(status: int | None, body: object, problem: str):
    graph_error = parse(status, body)

    assert graph_error.problem == problem
    assert classify(graph_error, is_write=True) is Unknown


@pytest.mark.parametrize("junk", [None, "x", [], {}])
def test_junk_codes_do_not_count_as_a_refusal(junk: Any):
    assert classify(parse(400, {"error": {"code": junk}}), is_write=True) is Unknown


def test_a_quoted_token_is_blanked_out():
    graph_error = GraphError(
        status=400, code=190, message="Malformed access token EAAB1", explanation="EAAB1 is bad"
    )

    error = error_for(without(graph_error, ["EAAB1"]), what="read", is_write=False, wait_s=0.0)

    assert "EAAB1" not in str(error)
    assert str(error).startswith("read: *** is bad (code 190).")
