"""Trouble on request."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests
from facebook_business.exceptions import FacebookRequestError

from tests.simulator.client import Client


def create(graph: Client) -> requests.Response:
    return graph.raw(
        "POST",
        f"{graph.act}/campaigns",
        name="c",
        objective="OUTCOME_SALES",
        special_ad_categories=[],
        is_adset_budget_sharing_enabled=False,
    )


def count(graph: Client) -> int:
    return len(graph.get(f"{graph.act}/campaigns")["data"])


def fault(graph: Client, kind: str, **more: Any) -> None:
    graph.sim("faults", [{"kind": kind, "method": "POST", "count": 1} | more])


@pytest.mark.parametrize(
    ("kind", "made"),
    [("timeout_before", 0), ("timeout_after", 1), ("reset_before", 0), ("reset_after", 1)],
)
def test_the_connection_ends_without_an_answer(graph: Client, kind: str, made: int):
    fault(graph, kind, seconds=0.05)

    with pytest.raises(requests.ConnectionError):
        create(graph)

    assert count(graph) == made
    entry = next(each for each in graph.sim("requests") if each["fault"])
    assert (entry["fault"], entry["took_effect"], entry["status"]) == (kind, bool(made), None)


def test_a_timeout_lasts_longer_than_the_client_waits(graph: Client):
    fault(graph, "timeout_before")
    url = f"{graph.url}/v26.0/{graph.act}/campaigns"

    with pytest.raises(requests.ReadTimeout):
        requests.post(url, data={"access_token": graph.me["access_token"]}, timeout=0.2)


@pytest.mark.parametrize(
    ("kind", "made", "status", "body"),
    [
        ("html_502", 0, 502, "<html>"),
        ("html_502_after", 1, 502, "<html>"),
        ("empty_200", 0, 200, ""),
        ("empty_200_after", 1, 200, ""),
        ("empty_500", 0, 500, ""),
        ("broken_json", 1, 200, '{"id"'),
    ],
)
def test_the_answer_is_spoilt(graph: Client, kind: str, made: int, status: int, body: str):
    fault(graph, kind)

    answer = create(graph)

    assert (answer.status_code, answer.text[: len(body)]) == (status, body)
    assert bool(answer.text) == bool(body)
    assert count(graph) == made
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(answer.text)


@pytest.mark.parametrize(
    ("kind", "status", "code", "subcode"),
    [
        ("error_1", 500, 1, 99),
        ("error_2", 500, 2, None),
        ("reduce_data", 500, 1, None),
        ("throttle_4", 400, 4, 1504022),
        ("throttle_17", 400, 17, 2446079),
        ("throttle_613", 400, 613, 1487742),
        ("throttle_80000", 400, 80000, 2446079),
        ("throttle_80004", 400, 80004, 2446079),
        ("throttle_1487632", 400, 613, 1487632),
        ("token_460", 400, 190, 460),
        ("token_463", 400, 190, 463),
        ("permission", 403, 200, None),
        ("account_disabled", 403, 200, 1404163),
    ],
)
def test_the_call_is_refused(graph: Client, kind: str, status: int, code: int, subcode: int | None):
    fault(graph, kind)

    answer = create(graph)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("error_subcode")) == (status, code, subcode)
    assert count(graph) == 0
    assert create(graph).status_code == 200


def test_a_slot_of_a_batch_stays_empty_though_it_took_effect(graph: Client):
    fault(graph, "null_batch_slot", path="*/campaigns")
    body = "name=c&objective=OUTCOME_SALES&special_ad_categories=[]&is_adset_budget_sharing_enabled=false"
    call = {"method": "POST", "relative_url": f"{graph.act}/campaigns", "body": body}

    answer = graph.post("", batch=[call, {"method": "GET", "relative_url": "me"}])

    assert (answer[0], answer[1]["code"]) == (None, 200)
    assert count(graph) == 1


def test_an_empty_page_leads_on(graph: Client):
    for _ in range(4):
        graph.campaign()
    first = graph.get(f"{graph.act}/campaigns", limit="2")
    graph.sim("faults", {"kind": "empty_page", "method": "GET", "count": 1})

    empty = requests.get(first["paging"]["next"], timeout=30).json()
    rest = requests.get(empty["paging"]["next"], timeout=30).json()

    assert (empty["data"], len(rest["data"])) == ([], 2)


def test_an_empty_first_page_leads_to_all(graph: Client):
    graph.campaign()
    graph.sim("faults", {"kind": "empty_page", "count": 1})

    assert len(list(graph.sdk().get_campaigns())) == 1


def test_what_was_created_lags_behind(graph: Client):
    fault(graph, "lag", seconds=0.3)
    made = create(graph).json()["id"]

    assert graph.get(made)["error"]["error_subcode"] == 33
    assert count(graph) == 0
    until = time.monotonic() + 10
    while not count(graph):
        assert time.monotonic() < until
    assert graph.get(made) == {"id": made}


def test_a_slow_answer_is_a_good_one(graph: Client):
    fault(graph, "slow", seconds=0.2)

    answer = create(graph)

    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.2


def test_a_fault_strikes_after_n_and_count_times(graph: Client):
    graph.sim("faults", {"kind": "error_2", "after": 1, "count": 2, "path": f"/{graph.act}"})

    assert ["error" in graph.get(graph.act) for _ in range(5)] == [False, True, True, False, False]
    assert [(each["seen"], each["hits"]) for each in graph.sim("faults")] == [(3, 2)]


@pytest.mark.parametrize(
    ("match", "struck"),
    [
        pytest.param({}, True, id="anything"),
        pytest.param({"method": "POST"}, True, id="method"),
        pytest.param({"method": "GET"}, False, id="another method"),
        pytest.param({"path": "*/campaigns"}, True, id="path"),
        pytest.param({"path": "/v26.0/act_*/campaigns"}, True, id="path with version"),
        pytest.param({"path": "*/adsets"}, False, id="another path"),
        pytest.param({"account": "act_1"}, False, id="another account"),
        pytest.param({"probability": 0}, False, id="never"),
        pytest.param({"count": 0}, False, id="not once"),
    ],
)
def test_a_fault_strikes_what_it_matches(graph: Client, match: dict[str, Any], struck: object):
    graph.sim("faults", {"kind": "error_2"} | match)

    assert (create(graph).status_code == 500) == struck


def test_a_fault_can_strike_one_account_alone(graph: Client):
    other = dict(graph.me)
    graph.open_account()
    graph.sim("faults", {"kind": "error_2", "account": other["ad_account_id"]})

    assert create(graph).status_code == 200
    graph.me = other
    assert create(graph).status_code == 500


def test_faults_are_cleared(graph: Client):
    graph.sim("faults", {"kind": "error_1"})

    assert graph.sim("faults", method="DELETE") == []
    assert create(graph).status_code == 200


@pytest.mark.parametrize(
    "rule", [{"kind": "earthquake"}, {}, {"kind": "slow", "where": "x"}, {"kind": "slow", "seconds": "x"}]
)
def test_a_fault_that_is_none_is_refused(graph: Client, rule: dict[str, Any]):
    assert "error" in graph.sim("faults", rule)


def test_the_sdk_sees_a_throttle_as_its_error(graph: Client):
    fault(graph, "throttle_17", method="GET")

    with pytest.raises(FacebookRequestError) as caught:
        graph.sdk().api_get(fields=["name"])

    assert (caught.value.api_error_code(), caught.value.api_error_subcode(), caught.value.http_status()) == (
        17,
        2446079,
        400,
    )


@pytest.mark.parametrize("kind", ["broken_json", "html_502_after", "empty_200_after", "reset_after"])
def test_a_spoilt_slot_does_not_spoil_the_batch(graph: Client, kind: str):
    fault(graph, kind, method="GET", path="/me")
    calls = [
        {"method": "GET", "relative_url": "me", "name": "a", "omit_response_on_success": False},
        {"method": "GET", "relative_url": "{result=a:$.id}"},
    ]

    answer = graph.post("", batch=calls)

    assert len(answer) == 2
    assert answer[1]["code"] == 400
