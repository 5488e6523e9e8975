"""Copies: what they carry, what they refuse, how they are found again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client


def test_a_shallow_copy_names_what_was_copied(graph: Client):
    _, ad_set, _ = graph.tree()

    answer = graph.post(f"{ad_set}/copies")

    made = answer["copied_adset_id"]
    assert answer == {
        "copied_adset_id": made,
        "ad_object_ids": [{"ad_object_type": "ad_set", "source_id": ad_set, "copied_id": made}],
    }
    assert graph.get(made, fields="name,status,source_adset_id,daily_budget") == {
        "id": made,
        "name": "ad set - Copy",
        "status": "PAUSED",
        "source_adset_id": ad_set,
        "daily_budget": "1000",
    }


def test_a_deep_copy_brings_the_ads(graph: Client):
    _, ad_set, ad = graph.tree()

    answer = graph.post(f"{ad_set}/copies", deep_copy=True)

    assert [(row["ad_object_type"], row["source_id"]) for row in answer["ad_object_ids"]] == [
        ("ad_set", ad_set),
        ("ad", ad),
    ]
    copied = graph.get(f"{answer['copied_adset_id']}/ads", fields="name,source_ad_id,effective_status")[
        "data"
    ]
    assert [(each["name"], each["source_ad_id"], each["effective_status"]) for each in copied] == [
        ("ad", ad, "PENDING_REVIEW")
    ]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        pytest.param({}, ("ad set - Copy", "ad"), id="default"),
        pytest.param({"rename_suffix": " [k:1]"}, ("ad set [k:1]", "ad"), id="suffix on the top"),
        pytest.param(
            {"rename_strategy": "DEEP_RENAME", "rename_prefix": "x ", "rename_suffix": " y"},
            ("x ad set y", "x ad y"),
            id="deep",
        ),
        pytest.param({"rename_strategy": "NO_RENAME", "rename_suffix": " y"}, ("ad set", "ad"), id="none"),
    ],
)
def test_copies_are_named(graph: Client, options: dict[str, str], names: tuple[str, str]):
    _, ad_set, _ = graph.tree()

    made = graph.post(f"{ad_set}/copies", deep_copy=True, rename_options=options)["copied_adset_id"]

    answer = graph.get(made, fields="name,ads{name}")
    assert (answer["name"], answer["ads"]["data"][0]["name"]) == names


def test_into_cbo_the_budget_is_dropped(graph: Client):
    _, ad_set, _ = graph.tree()
    cbo = graph.campaign(daily_budget=5000)

    made = graph.post(f"{ad_set}/copies", campaign_id=cbo)["copied_adset_id"]

    answer = graph.get(made, fields="campaign_id,daily_budget,bid_strategy")
    assert answer == {
        "id": made,
        "campaign_id": cbo,
        "daily_budget": "0",
        "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
    }


def test_out_of_cbo_there_is_no_budget_to_bring(graph: Client):
    ad_set = graph.ad_set(graph.campaign(daily_budget=5000), daily_budget=None, bid_strategy=None)

    assert graph.refused(f"{ad_set}/copies", campaign_id=graph.campaign()) == (100, None)


def test_into_cbo_with_another_goal_is_refused(graph: Client):
    _, ad_set, _ = graph.tree()
    cbo = graph.campaign(daily_budget=5000)
    graph.ad_set(
        cbo, daily_budget=None, bid_strategy=None, optimization_goal="LINK_CLICKS", promoted_object=None
    )

    assert graph.refused(f"{ad_set}/copies", campaign_id=cbo) == (100, None)


def ad_set_with_ads(graph: Client, count: int) -> str:
    ads = [{"name": f"ad {number}"} for number in range(count)]
    form: dict[str, Any] = {"daily_budget_minor": 500, "ads": ads}
    me = graph.open_account(campaigns=[{"ad_sets": [form]}])
    return str(me["campaigns"][0]["ad_sets"][0]["id"])


def test_three_ads_can_be_copied_at_once(graph: Client):
    ad_set = ad_set_with_ads(graph, 3)

    assert len(graph.post(f"{ad_set}/copies", deep_copy=True)["ad_object_ids"]) == 4


def test_four_ads_are_too_many_to_copy_at_once(graph: Client):
    ad_set = ad_set_with_ads(graph, 4)

    error = graph.post(f"{ad_set}/copies", deep_copy=True)["error"]

    assert (error["code"], error["error_subcode"], error["type"]) == (100, 1885194, "FacebookApiException")
    assert "copied_adset_id" in graph.post(f"{ad_set}/copies", deep_copy=False)


def test_a_copy_is_made_whole_or_not_at_all(graph: Client):
    form = {"daily_budget_minor": 500, "targeting": {"geo_locations": {"countries": ["US"]}}}
    me = graph.open_account(campaigns=[{"ad_sets": [form]}])
    campaign = me["campaigns"][0]["id"]

    assert graph.refused(f"{campaign}/copies", deep_copy=True) == (100, 1870227)
    assert len(graph.get(f"{graph.act}/campaigns")["data"]) == 1


def test_a_campaign_copy_brings_its_ad_sets_when_deep(graph: Client):
    campaign, _, _ = graph.tree()

    answer = graph.post(f"{campaign}/copies", deep_copy=True, status_option="INHERITED_FROM_SOURCE")

    assert [row["ad_object_type"] for row in answer["ad_object_ids"]] == ["campaign", "ad_set", "ad"]
    made = graph.get(answer["copied_campaign_id"], fields="status,source_campaign_id,adsets{status}")
    assert (made["status"], made["source_campaign_id"]) == ("ACTIVE", campaign)
    assert [each["status"] for each in made["adsets"]["data"]] == ["ACTIVE"]


def test_an_ad_can_be_copied_into_another_ad_set(graph: Client):
    campaign, _, ad = graph.tree()
    target = graph.ad_set(campaign)

    answer = graph.post(f"{ad}/copies", adset_id=target, rename_options={"rename_suffix": " 2"})

    assert list(answer) == ["copied_ad_id"]
    assert graph.get(answer["copied_ad_id"], fields="name,adset_id,source_ad_id,status") == {
        "id": answer["copied_ad_id"],
        "name": "ad 2",
        "adset_id": target,
        "source_ad_id": ad,
        "status": "PAUSED",
    }


def test_copies_are_listed_at_their_source(graph: Client):
    _, ad_set, _ = graph.tree()
    made = graph.post(f"{ad_set}/copies")["copied_adset_id"]

    assert graph.get(f"{ad_set}/copies") == {
        "data": [{"id": made}],
        "paging": graph.get(f"{ad_set}/copies")["paging"],
    }


def test_a_copy_is_read_back_when_asked(graph: Client):
    _, ad_set, _ = graph.tree()

    answer = graph.post(f"{ad_set}/copies", fields="name,status")

    assert (answer["name"], answer["status"], "id" in answer) == ("ad set - Copy", "PAUSED", False)


def test_someone_elses_campaign_is_no_target(graph: Client):
    _, ad_set, _ = graph.tree()
    mine = dict(graph.me)
    graph.open_account()
    other = graph.campaign()
    graph.me = mine

    assert graph.refused(f"{ad_set}/copies", campaign_id=other) == (100, 33)


def test_a_deleted_ad_set_cannot_be_copied(graph: Client):
    _, ad_set, _ = graph.tree()
    graph.delete(ad_set)

    assert graph.refused(f"{ad_set}/copies") == (100, None)
