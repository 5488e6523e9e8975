"""Graph batches."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from facebook_business.adobjects.campaign import Campaign

from tests.simulator.client import Client


def batch(graph: Client, *calls: dict[str, Any]) -> list[Any]:
    answer = graph.post("", batch=list(calls))
    return [each and (each["code"], json.loads(each["body"])) for each in answer]


def get(path: str, **more: Any) -> dict[str, Any]:
    return {"method": "GET", "relative_url": path} | more


CAMPAIGN = {
    "name": "c",
    "objective": "OUTCOME_SALES",
    "special_ad_categories": "[]",
    "is_adset_budget_sharing_enabled": "false",
}


def test_answers_stand_in_the_order_of_the_calls(graph: Client):
    answer = batch(graph, get(f"{graph.act}?fields=currency"), get("123"), get(f"/v26.0/{graph.act}"))

    assert [each[0] for each in answer] == [200, 400, 200]
    assert answer[0][1] == {"currency": "USD", "id": graph.act}
    assert answer[1][1]["error"]["error_subcode"] == 33


def test_a_slot_has_code_headers_and_body_as_text(graph: Client):
    (slot,) = graph.post("", batch=[get(graph.act)])

    assert list(slot) == ["code", "headers", "body"]
    assert {"name", "value"} == set(slot["headers"][0])
    assert slot["body"] == f'{{"id":"{graph.act}"}}'


def test_51_calls_are_too_many(graph: Client):
    assert len(batch(graph, *[get(graph.act)] * 50)) == 50
    assert graph.refused("", batch=[get(graph.act)] * 51) == (100, None)


def test_a_call_can_use_what_an_earlier_one_made(graph: Client):
    create = {
        "method": "POST",
        "name": "made",
        "relative_url": f"{graph.act}/campaigns",
        "body": urlencode(CAMPAIGN),
    }

    answer = batch(graph, create, get("{result=made:$.id}?fields=name"))

    assert answer[0] is None
    assert answer[1][1]["name"] == "c"


def test_a_named_call_is_shown_when_asked(graph: Client):
    create = {
        "method": "POST",
        "name": "made",
        "relative_url": f"{graph.act}/campaigns",
        "body": urlencode(CAMPAIGN),
    }

    answer = batch(graph, create | {"omit_response_on_success": False}, get("{result=made:$.id}"))

    assert answer[0][1] == answer[1][1]


def test_what_depends_on_a_failure_is_aborted(graph: Client):
    answer = batch(
        graph, get("123", name="parent"), get("{result=parent:$.id}"), get("me", depends_on="parent")
    )

    assert [each[1]["error"]["code"] for each in answer] == [100, 960, 960]


def test_a_body_may_be_an_object_and_the_name_that_of_the_thing(graph: Client):
    body = CAMPAIGN | {"special_ad_categories": []}
    call = {
        "method": "POST",
        "relative_url": f"{graph.act}/campaigns",
        "name": "Summer: 10 % off",
        "body": body,
    }

    assert batch(graph, call)[0][0] == 200


def test_the_sdk_batches(graph: Client):
    one, two = graph.campaign(name="one"), graph.campaign(name="two")
    api = graph.sdk()._api
    names: list[str] = []
    calls = api.new_batch()
    for campaign in (one, two):
        Campaign(campaign, api=api).api_get(
            fields=["name"], batch=calls, success=lambda answer: names.append(answer.json()["name"])
        )
    calls.execute()

    assert names == ["one", "two"]


def test_no_batch_at_all_is_refused(graph: Client):
    assert graph.refused("", batch=[]) == (100, None)
    assert graph.refused("", batch="x") == (100, None)
    assert graph.refused("", batch=[{"method": "GET"}]) == (100, None)


def test_a_batch_needs_a_good_token(graph: Client):
    graph.me["access_token"] = "EAAG"

    assert graph.refused("", batch=[get("me")]) == (190, None)


def test_a_call_may_have_a_token_of_its_own(graph: Client):
    other = dict(graph.me)
    graph.open_account()

    answer = batch(
        graph, get(f"{other['ad_account_id']}?access_token={other['access_token']}"), get(graph.act)
    )

    assert [each[0] for each in answer] == [200, 200]


def test_every_call_of_a_batch_is_in_the_journal(graph: Client):
    batch(graph, get(graph.act), get("me"))

    found = graph.sim("requests")[-3:]
    assert [(each["path"], each["batch"] is None) for each in found] == [
        ("/", True),
        (f"/{graph.act}", False),
        ("/me", False),
    ]
    assert {each["batch"] for each in found[1:]} == {found[0]["id"]}
