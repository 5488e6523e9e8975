"""What a pixel received, and whether interests can be targeted: alone, by expansion, and by the SDK."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_business.adobjects.adspixel import AdsPixel
from facebook_business.adobjects.targetingsearch import TargetingSearch

from tests.simulator.client import US, Client

KNOWN, RETIRED, NEVER = "6003139266461", "6003020622093", "77"
TOTALS = {"aggregation": "event_total_counts"}


def receive(graph: Client, **events: int) -> None:
    graph.sim("assets", {"id": graph.me["pixel_id"], "received": events})


def received(graph: Client, **params: Any) -> dict[str, int]:
    found = graph.get(f"{graph.me['pixel_id']}/stats", **TOTALS, **params)["data"]
    return {each["value"]: each["count"] for part in found for each in part["data"]}


def test_a_pixel_that_received_nothing_has_no_stats(graph: Client):
    assert graph.get(f"{graph.me['pixel_id']}/stats", **TOTALS) == {"data": []}


def test_a_pixel_counts_its_events_by_their_exact_names(graph: Client):
    receive(graph, SmartLinkClick=3)
    receive(graph, smartlinkclick=2, SmartLinkClick=1)

    assert graph.get(f"{graph.me['pixel_id']}/stats", **TOTALS)["data"] == [
        {
            "start_time": "2026-11-16T12:00:00+0000",
            "aggregation": "event_total_counts",
            "data": [{"value": "SmartLinkClick", "count": 4}, {"value": "smartlinkclick", "count": 2}],
        }
    ]


# Received at noon on 23 November: seven days later still, a second after that no more.
@pytest.mark.parametrize(("seconds", "expected"), [(7 * 86400, {"Click": 1}), (7 * 86400 + 1, {})])
def test_a_pixel_forgets_after_seven_days(graph: Client, seconds: int, expected: dict[str, int]):
    receive(graph, Click=1)
    graph.sim("clock", {"advance_seconds": seconds})

    assert received(graph) == expected


@pytest.mark.parametrize(
    ("params", "refused"),
    [
        ({"start_time": 1_795_435_200 - 7 * 86400}, False),
        ({"start_time": 1_795_435_200 - 7 * 86400 - 1}, True),
        ({"start_time": "2026-11-20T00:00:00+0000"}, False),
        ({"start_time": "yesterday"}, True),
        ({"start_time": 1_795_435_200, "end_time": 1_795_435_199}, True),
        ({"aggregation": "event"}, True),
        ({"aggregation": "evens"}, True),
        ({"since": "2026-11-20"}, True),
    ],
)
def test_stats_take_what_the_edge_takes(graph: Client, params: dict[str, Any], *, refused: bool):
    assert graph.sim("clock")["now"].startswith("2026-11-23T12:00:00")
    answer = graph.get(f"{graph.me['pixel_id']}/stats", **(TOTALS | params))

    assert (answer.get("error", {}).get("code") == 100) is refused


def test_results_of_ads_are_events_of_their_pixel(graph: Client):
    history = [{"days_ago": 1, "spend_minor": 900, "impressions": 900, "clicks": 30, "conversions": 6}]
    pixel = {"pixel_id": graph.me["pixel_id"]}
    other = {"custom_conversion_id": graph.me["custom_conversion_id"]}
    events: tuple[dict[str, str], ...] = (
        pixel | {"custom_event_type": "OTHER", "custom_event_str": "SmartLinkClicked"},
        pixel | {"custom_event_type": "COMPLETE_REGISTRATION"},
        other,
    )
    ad_sets = [
        {"name": "s", "status": "PAUSED", "promoted_object": each, "history": history} for each in events
    ]
    form = {"ad_account_id": graph.act, "campaigns": [{"name": "c", "ad_sets": ad_sets}]}
    graph.sim("seed", {"accounts": [form]})

    assert received(graph) == {"SmartLinkClicked": 6, "CompleteRegistration": 6}


def test_a_pixel_that_is_gone_has_no_stats(graph: Client):
    graph.sim("assets", {"id": graph.me["pixel_id"], "is_gone": True})

    error = graph.get(f"{graph.me['pixel_id']}/stats", **TOTALS)["error"]
    assert (error["code"], error["error_subcode"]) == (100, 33)


def test_only_pixels_receive(graph: Client):
    page = graph.me["page_id"]
    assert graph.sim("assets", {"id": page, "received": {"Click": 1}}) == {
        "error": f"there is no such asset {page}"
    }


def test_both_are_expanded_in_one_read_of_the_account(graph: Client):
    receive(graph, SmartLinkClick=3)
    graph.sim("assets", {"id": RETIRED, "is_gone": True})
    stats = "stats.aggregation(event_total_counts).start_time(1795089600)"
    interests = f"targetingvalidation.id_list([{KNOWN},{RETIRED},{NEVER}]).limit(3){{id,valid}}"

    answer = graph.get(graph.act, fields=f"id,adspixels.limit(100){{id,{stats}}},{interests}")

    (pixel,) = answer["adspixels"]["data"]
    assert pixel["stats"]["data"][0]["data"] == [{"value": "SmartLinkClick", "count": 3}]
    assert answer["targetingvalidation"]["data"] == [
        {"id": KNOWN, "valid": True},
        {"id": RETIRED, "valid": False},
    ]


def test_a_wrong_expansion_refuses_the_whole_read(graph: Client):
    for fields in ("targetingvalidation.ids([1]){id}", "targetingvalidation.id_list([6003139266461]){fame}"):
        assert graph.get(graph.act, fields=f"id,{fields}")["error"]["code"] == 100


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"id_list": [int(KNOWN)]}, [(KNOWN, True)]),
        ({"targeting_list": [{"type": "interests", "id": KNOWN}]}, [(KNOWN, True)]),
        ({"targeting_list": [{"type": "behaviors", "id": KNOWN}]}, []),
        ({"id_list": [int(NEVER)]}, []),
        ({}, []),
    ],
)
def test_interests_are_validated_for_an_account(
    graph: Client, params: dict[str, Any], expected: list[tuple[str, bool]]
):
    found = graph.get(f"{graph.act}/targetingvalidation", fields="valid", **params)["data"]
    assert [(each["id"], each["valid"]) for each in found] == expected


@pytest.mark.parametrize("params", [{"id_list": ["x"]}, {"name_list": ["Golf"]}, {"q": "Golf"}])
def test_a_validation_takes_what_the_edge_takes(graph: Client, params: dict[str, Any]):
    assert graph.get(f"{graph.act}/targetingvalidation", **params)["error"]["code"] == 100


def test_a_search_says_of_each_interest_whether_it_is_valid(graph: Client):
    graph.sim("assets", {"id": RETIRED, "is_gone": True})
    wanted = {"type": "adinterestvalid", "interest_fbid_list": [KNOWN, RETIRED, NEVER]}

    found = graph.get("search", **wanted)["data"]

    assert [(each["id"], each["valid"]) for each in found] == [
        (int(KNOWN), True),
        (RETIRED, False),
        (NEVER, False),
    ]
    graph.sim("assets", {"id": RETIRED, "is_gone": False})
    assert graph.get("search", **wanted)["data"][1]["valid"] is True


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"type": "adinterestvalid"},
        {"type": "adfame", "interest_fbid_list": [KNOWN]},
        {"type": "adinterest", "q": "Golf"},
        {"type": "adinterestvalid", "interest_list": ["Golf"]},
        {"type": "adinterestvalid", "interest_fbid_list": [KNOWN], "ids": [KNOWN]},
    ],
)
def test_a_search_takes_what_is_simulated(graph: Client, params: dict[str, Any]):
    assert graph.get("search", **params)["error"]["code"] == 100


def test_a_retired_interest_is_targeted_no_more(graph: Client):
    params = graph.ad_set_params(graph.campaign(), targeting=US | {"interests": [{"id": RETIRED}]})
    assert "id" in graph.post(f"{graph.act}/adsets", **params)
    graph.sim("assets", {"id": RETIRED, "is_gone": True})
    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 1487079)


def test_the_sdk_reads_all_three(graph: Client):
    receive(graph, SmartLinkClick=3)
    account = graph.sdk()
    api = account.get_api_assured()
    kind = TargetingSearch.TargetingSearchTypes.interest_validate

    (part,) = AdsPixel(graph.me["pixel_id"], api=api).get_stats(params=TOTALS)
    (valid,) = account.get_targeting_valid_a_t_i_on(fields=["valid"], params={"id_list": [int(KNOWN)]})
    search = {"type": kind, "interest_fbid_list": [NEVER]}

    assert part["data"][0]["value"] == "SmartLinkClick"
    assert valid["valid"] is True
    assert api.call("GET", ("search",), search).json() == {"data": [{"id": NEVER, "valid": False}]}
