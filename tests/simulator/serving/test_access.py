"""Versions, tokens, proofs, and what went in v26."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
import requests

from tests.simulator.client import Client


def ask(graph: Client, path: str, method: str = "GET", **more: Any) -> tuple[int, dict[str, Any]]:
    answer = requests.request(method, f"{graph.url}{path}", timeout=30, **more)
    return answer.status_code, answer.json()


def token(graph: Client, **more: str) -> dict[str, str]:
    return {"access_token": graph.me["access_token"]} | more


@pytest.mark.parametrize(
    ("version", "code"),
    [("v24.0", 2635), ("v19.0", 2635), ("v25.0", None), ("v26.0", None), ("v27.0", None), ("v28.0", 2500)],
)
def test_versions_that_are_gone_are_refused(graph: Client, version: str, code: int | None):
    _, answer = ask(graph, f"/{version}/{graph.act}", params=token(graph))

    assert answer.get("error", {}).get("code") == code


def test_without_a_token_there_is_no_answer(graph: Client):
    status, answer = ask(graph, f"/v26.0/{graph.act}")

    assert (status, answer["error"]["code"]) == (400, 104)


def test_a_token_of_nobody_is_refused(graph: Client):
    status, answer = ask(graph, f"/v26.0/{graph.act}", params={"access_token": "EAAG"})

    assert (status, answer["error"]["code"], answer["error"]["type"]) == (400, 190, "OAuthException")


@pytest.mark.parametrize("place", ["query", "form", "json", "header"])
def test_a_token_may_come_in_every_way(graph: Client, place: str):
    campaign = graph.campaign()
    more: dict[str, Any] = {
        "query": {"params": token(graph, name="x")},
        "form": {"data": token(graph, name="x")},
        "json": {"json": token(graph, name="x")},
        "header": {"headers": {"Authorization": f"Bearer {graph.me['access_token']}"}, "data": {"name": "x"}},
    }[place]

    assert ask(graph, f"/v26.0/{campaign}", "POST", **more) == (200, {"success": True})
    assert graph.get(campaign, fields="name")["name"] == "x"


def test_the_proof_is_checked(graph: Client):
    secret = graph.sim("app")["app_secret"]
    good = hmac.new(secret.encode(), graph.me["access_token"].encode(), hashlib.sha256).hexdigest()

    assert ask(graph, f"/v26.0/{graph.act}", params=token(graph, appsecret_proof=good))[0] == 200
    status, answer = ask(graph, f"/v26.0/{graph.act}", params=token(graph, appsecret_proof="0" * 64))
    assert (status, answer["error"]["code"], answer["error"]["type"]) == (400, 100, "GraphMethodException")


def test_a_missing_proof_is_refused_only_when_required(graph: Client):
    assert "error" not in graph.get(graph.act)
    graph.sim("reset", {"require_proof": True})
    graph.open_account()

    assert (
        graph.get(graph.act)["error"]["message"]
        == "API calls from the server require an appsecret_proof argument"
    )
    assert dict(graph.sdk().api_get(fields=["currency"])) == {"currency": "USD", "id": graph.act}


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467])
def test_a_dead_token_says_why(graph: Client, subcode: int):
    graph.sim("tokens", {"access_token": graph.me["access_token"], "dead": subcode})

    error = graph.get(graph.act)["error"]
    assert (error["code"], error["error_subcode"]) == (190, subcode)
    graph.sim("tokens", {"access_token": graph.me["access_token"], "dead": None})
    assert graph.get(graph.act) == {"id": graph.act}


def test_a_token_expires_with_the_clock(graph: Client):
    graph.sim("tokens", {"access_token": graph.me["access_token"], "expires": "2026-11-24T00:00:00Z"})
    assert "error" not in graph.get(graph.act)
    graph.advance(12)

    assert graph.get(graph.act)["error"]["error_subcode"] == 463


def test_someone_elses_account_is_forbidden_and_their_objects_do_not_exist(graph: Client):
    campaign, account = graph.campaign(), graph.act
    graph.open_account()

    answer = graph.raw("GET", account)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, 200)
    error = graph.get(campaign)["error"]
    assert (error["code"], error["error_subcode"], error["type"]) == (100, 33, "GraphMethodException")
    assert error["message"].startswith(f"Unsupported get request. Object with ID '{campaign}' does not exist")


def test_one_token_can_have_two_accounts(graph: Client):
    one = graph.act
    graph.open_account(access_token=graph.me["access_token"])

    assert {each["id"] for each in graph.get("me/adaccounts")["data"]} == {one, graph.act}
    assert "error" not in graph.get(one)


@pytest.mark.parametrize(
    "path",
    [pytest.param("/v26.0/?ids=1,2", id="ids on the root"), pytest.param("/v26.0/?ids=me", id="ids of me")],
)
def test_ids_on_the_root_are_gone(graph: Client, path: str):
    status, answer = ask(graph, path, params=token(graph))

    assert (status, answer["error"]["code"]) == (400, 100)


def test_date_format_is_gone(graph: Client):
    assert graph.get(graph.act, date_format="U")["error"]["code"] == 100


def test_pretty_and_debug_are_ignored(graph: Client):
    assert graph.get(graph.act, pretty="1", debug="all") == {"id": graph.act}


def test_the_id_may_be_repeated_as_a_parameter(graph: Client):
    campaign = graph.campaign()

    assert graph.post(campaign, id=campaign, name="x") == {"success": True}


def test_a_get_may_have_an_empty_json_body(graph: Client):
    status, answer = ask(graph, f"/v26.0/{graph.act}", params=token(graph), json={})

    assert (status, answer) == (200, {"id": graph.act})


def test_a_post_may_stand_for_a_get(graph: Client):
    _, answer = ask(graph, f"/v26.0/{graph.act}", "POST", data=token(graph, method="GET", fields="currency"))

    assert answer == {"currency": "USD", "id": graph.act}


def test_the_secret_stays_out_of_the_journal(graph: Client):
    graph.get(graph.act)

    assert graph.me["access_token"] not in json.dumps(graph.sim("requests"))


def test_a_disabled_account_can_be_read_but_not_changed(graph: Client):
    campaign = graph.campaign()
    graph.sim("accounts", {"ad_account_id": graph.act, "account_status": 2, "disable_reason": 1})

    assert graph.get(graph.act, fields="account_status,disable_reason") == {
        "id": graph.act,
        "account_status": 2,
        "disable_reason": 1,
    }
    assert graph.refused(campaign, name="x") == (200, 1404163)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "[" * 5000])
def test_json_that_is_none_is_no_answer_for_ever(graph: Client, number: str):
    body = f'{{"access_token": "{graph.me["access_token"]}", "daily_budget": {number}}}'
    status, answer = ask(
        graph, f"/v26.0/{graph.campaign()}", "POST", data=body, headers={"content-type": "application/json"}
    )

    assert (status, answer["error"]["code"]) == (400, 104)
    assert graph.sim("requests")[-1]["status"] == 400


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "tomorrow", "99999999999"])
def test_a_time_has_to_be_one(graph: Client, time: str):
    params = graph.ad_set_params(graph.campaign(), start_time=time)

    assert graph.refused(f"{graph.act}/adsets", **params) == (100, None)
