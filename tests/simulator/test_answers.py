"""Fields, expansion, paging, filters: how answers are asked for."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.simulator.client import Client


def campaigns(graph: Client, count: int) -> list[str]:
    forms = [{"name": f"c{number}"} for number in range(count)]
    return [each["id"] for each in graph.open_account(campaigns=forms)["campaigns"]]


def ids(answer: Any) -> list[str]:
    return [each["id"] for each in answer["data"]]


def test_an_empty_edge_is_an_empty_list(graph: Client):
    assert graph.get(f"{graph.act}/campaigns") == {"data": []}


def test_newest_stand_first(graph: Client):
    made = campaigns(graph, 3)

    assert ids(graph.get(f"{graph.act}/campaigns")) == made[::-1]


def test_pages_are_followed_by_their_absolute_next(graph: Client):
    made = campaigns(graph, 5)
    page = graph.get(f"{graph.act}/campaigns", limit="2", fields="name")
    found = page["data"]
    while "next" in page["paging"]:
        assert page["paging"]["next"].startswith(f"{graph.url}/v26.0/{graph.act}/campaigns?")
        page = requests.get(page["paging"]["next"], timeout=30).json()
        found += page["data"]

    assert [each["id"] for each in found] == made[::-1]
    assert found[0] == {"id": made[4], "name": "c4"}


def test_the_last_page_has_cursors_but_no_next(graph: Client):
    campaigns(graph, 2)

    assert list(graph.get(f"{graph.act}/campaigns", limit="2")["paging"]) == ["cursors"]


def test_before_leads_back(graph: Client):
    made = campaigns(graph, 4)[::-1]
    first = graph.get(f"{graph.act}/campaigns", limit="2")
    second = graph.get(f"{graph.act}/campaigns", limit="2", after=first["paging"]["cursors"]["after"])

    back = graph.get(f"{graph.act}/campaigns", limit="2", before=second["paging"]["cursors"]["before"])

    assert (ids(second), ids(back)) == (made[2:], made[:2])


def test_the_default_page_has_25(graph: Client):
    campaigns(graph, 26)

    assert len(graph.get(f"{graph.act}/campaigns")["data"]) == 25


def test_a_summary_counts_all_pages(graph: Client):
    campaigns(graph, 3)

    answer = graph.get(f"{graph.act}/campaigns", limit="1", summary="true")

    assert answer["summary"] == {"total_count": 3}


def test_the_sdk_reads_all_pages(graph: Client):
    made = campaigns(graph, 30)

    assert [each["id"] for each in graph.sdk().get_campaigns()] == made[::-1]


def test_archived_and_deleted_are_left_out_unless_asked_for(graph: Client):
    kept, archived, deleted = campaigns(graph, 3)
    graph.post(archived, status="ARCHIVED")
    graph.delete(deleted)

    assert ids(graph.get(f"{graph.act}/campaigns")) == [kept]
    assert ids(graph.get(f"{graph.act}/campaigns", effective_status=["ARCHIVED", "DELETED"])) == [
        deleted,
        archived,
    ]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        pytest.param(("name", "CONTAIN", "1"), ["c1"], id="contain"),
        pytest.param(("name", "NOT_CONTAIN", "1"), ["c2", "c0"], id="not contain"),
        pytest.param(("name", "EQUAL", "c2"), ["c2"], id="equal"),
        pytest.param(("name", "IN", ["c0", "c2"]), ["c2", "c0"], id="in"),
        pytest.param(("name", "STARTS_WITH", "C"), ["c2", "c1", "c0"], id="case does not matter"),
        pytest.param(("effective_status", "IN", ["PAUSED"]), [], id="status"),
        pytest.param(("created_time", "GREATER_THAN", 1), ["c2", "c1", "c0"], id="time"),
    ],
)
def test_an_edge_is_filtered(graph: Client, condition: tuple[str, str, Any], found: list[str]):
    campaigns(graph, 3)
    field, operator, value = condition
    filtering = [{"field": field, "operator": operator, "value": value}]

    answer = graph.get(f"{graph.act}/campaigns", filtering=filtering, fields="name")

    assert [each["name"] for each in answer["data"]] == found


def test_ad_sets_are_filtered_by_their_campaign(graph: Client):
    one, ad_set, _ = graph.tree()
    graph.tree()
    filtering = [{"field": "campaign.id", "operator": "IN", "value": [one]}]

    assert ids(graph.get(f"{graph.act}/adsets", filtering=filtering)) == [ad_set]


@pytest.mark.parametrize(
    "params",
    [
        pytest.param({"filtering": "x"}, id="filter that is no list"),
        pytest.param({"filtering": [{"field": "name"}]}, id="filter without operator"),
        pytest.param(
            {"filtering": [{"field": "name", "operator": "LIKE", "value": "x"}]}, id="unknown operator"
        ),
        pytest.param(
            {"filtering": [{"field": "mood", "operator": "EQUAL", "value": "x"}]}, id="unknown filter field"
        ),
        pytest.param({"limit": "many"}, id="limit that is no number"),
        pytest.param({"after": "%%%"}, id="cursor that is none"),
        pytest.param({"effective_status": ["HAPPY"]}, id="unknown status"),
        pytest.param({"fields": "mood"}, id="unknown field"),
        pytest.param({"mood": "good"}, id="unknown parameter"),
    ],
)
def test_a_read_is_refused(graph: Client, params: dict[str, Any]):
    graph.campaign()

    assert graph.get(f"{graph.act}/campaigns", **params)["error"]["code"] == 100


def test_a_page_of_more_than_5000_is_too_much(graph: Client):
    answer = graph.raw("GET", f"{graph.act}/campaigns", limit="5001")

    assert (answer.status_code, answer.json()["error"]["code"]) == (500, 1)


@pytest.mark.parametrize(
    "fields", ["name,,id", "adsets{", "adsets{id", "adsets.limit(", "adsets.limit 5", "}", "a" + "{a" * 20]
)
def test_fields_that_cannot_be_read_are_refused(graph: Client, fields: str):
    error = graph.get(graph.act, fields=fields)["error"]

    assert error["code"] == 2500
    assert error["message"].startswith("Syntax error")


def test_edges_expand_with_their_modifiers(graph: Client):
    one = graph.campaign(name="one")
    for name in ("a", "b", "c"):
        graph.ad_set(one, name=name)
    graph.campaign(name="two")
    condition = f'[{{"field":"campaign.id","operator":"IN","value":["{one}"]}}]'

    answer = graph.get(
        graph.act,
        fields=f"currency,campaigns.limit(50).filtering({condition})"
        '{name,adsets.limit(2).effective_status(["ACTIVE","PAUSED"]){name,campaign{name}}}',
    )

    campaign = answer["campaigns"]["data"][0]
    assert (answer["currency"], campaign["name"], len(answer["campaigns"]["data"])) == ("USD", "one", 1)
    assert [(each["name"], each["campaign"]["name"]) for each in campaign["adsets"]["data"]] == [
        ("c", "one"),
        ("b", "one"),
    ]
    rest = requests.get(campaign["adsets"]["paging"]["next"], timeout=30).json()
    assert [(each["name"], each["campaign"]["name"]) for each in rest["data"]] == [("a", "one")]


def test_an_expanded_edge_without_items_is_absent(graph: Client):
    campaign = graph.campaign()

    assert graph.get(campaign, fields="adsets{id}") == {"id": campaign}


def test_a_field_can_have_an_alias(graph: Client):
    campaign = graph.campaign()

    assert graph.get(campaign, fields="name.as(title)") == {"id": campaign, "title": "campaign"}


def test_the_account_reads_as_meta_writes_it(graph: Client):
    answer = graph.get(
        graph.act,
        fields="account_id,account_status,currency,timezone_name,timezone_offset_hours_utc,amount_spent,balance,"
        "spend_cap,min_daily_budget,min_campaign_group_spend_cap,disable_reason",
    )

    assert answer == {
        "id": graph.act,
        "account_id": graph.act[4:],
        "account_status": 1,
        "currency": "USD",
        "timezone_name": "America/Los_Angeles",
        "timezone_offset_hours_utc": -8,
        "amount_spent": "0",
        "balance": "0",
        "spend_cap": "0",
        "min_daily_budget": 100,
        "min_campaign_group_spend_cap": "10000",
        "disable_reason": 0,
    }


def test_me_lists_my_accounts(graph: Client):
    assert ids(graph.get("me/adaccounts")) == [graph.act]


def test_an_unknown_edge_is_an_unknown_path(graph: Client):
    assert graph.get(f"{graph.act}/nonsense")["error"]["code"] == 2500


def test_a_trailing_slash_does_not_matter(graph: Client):
    campaign = graph.campaign()

    assert graph.get(f"{campaign}/") == {"id": campaign}


@pytest.mark.parametrize(
    "path", ["{act}", "{act}/minimum_budgets", "{act}/activities", "{act}/campaignsbylabels", "me"]
)
def test_every_read_knows_its_parameters(graph: Client, path: str):
    assert graph.get(path.format(act=graph.act), mood="good")["error"]["code"] == 100
