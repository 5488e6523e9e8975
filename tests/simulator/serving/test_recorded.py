"""The simulator's answers beside those of the real API: key by key, type by type."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.client import Client
from tests.simulator.serving import recorded


def shape(value: Any) -> Any:
    """Keys and types: a list has the shape of its first item."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def wording(message: str) -> str:
    """A message without what is different every time."""
    weekdays = "Mon|Tues|Wednes|Thurs|Fri|Satur|Sun"
    time = rf"\b(?:{weekdays})day, \d\d-[A-Z][a-z]{{2}}-\d\d \d\d:\d\d:\d\d P[SD]T"
    return re.sub(r"\d+", "#", re.sub(time, "TIME", message))


def low_budget(graph: Client) -> Any:
    return graph.post(f"{graph.act}/adsets", **graph.ad_set_params(graph.campaign(), daily_budget=1))


def dead(subcode: int) -> Callable[[Client], Any]:
    def ask(graph: Client) -> Any:
        graph.sim("tokens", {"access_token": graph.me["access_token"], "dead": subcode})
        return graph.get(graph.act)

    return ask


def fault(kind: str) -> Callable[[Client], Any]:
    def ask(graph: Client) -> Any:
        graph.sim("faults", {"kind": kind})
        return graph.get(graph.act)

    return ask


ERRORS: dict[str, Callable[[Client], Any]] = {
    "budget too low": low_budget,
    "no such object": lambda graph: graph.get("123"),
    "session expired": dead(463),
    "password changed": dead(460),
    "app removed": dead(458),
    "insights throttled": fault("throttle_80000"),
    "unavailable": fault("error_2"),
    "unknown error": fault("error_1"),
    "too much data": fault("reduce_data"),
}


@pytest.mark.parametrize("name", recorded.ERRORS)
def test_an_error_is_as_it_was_recorded(graph: Client, name: str):
    known = recorded.ERRORS[name]

    answer = ERRORS[name](graph)

    found = answer["error"]
    assert list(answer) == ["error"]
    assert shape(found) == shape(known)
    assert wording(found["message"]) == wording(known["message"])
    assert [found.get(key) for key in ("code", "error_subcode", "type", "is_transient")] == [
        known.get(key) for key in ("code", "error_subcode", "type", "is_transient")
    ]


def read(graph: Client, node: str, known: dict[str, Any]) -> Any:
    return graph.get(node, fields=",".join(known))


def test_a_campaign_reads_as_meta_writes_it(graph: Client):
    campaign = graph.campaign(daily_budget=5000)

    assert shape(read(graph, campaign, recorded.CAMPAIGN_CBO)) == shape(recorded.CAMPAIGN_CBO)


def test_an_ad_set_reads_as_meta_writes_it(graph: Client):
    _, ad_set, _ = graph.tree()
    graph.advance(2)

    assert shape(read(graph, ad_set, recorded.AD_SET)) == shape(recorded.AD_SET)


def test_an_ad_reads_as_meta_writes_it(graph: Client):
    ad_set = graph.ad_set(graph.campaign())
    specs = [{"action.type": ["offsite_conversion"], "fb_pixel": [graph.me["pixel_id"]]}]
    ad = graph.ad(ad_set, tracking_specs=specs)

    assert shape(read(graph, ad, recorded.AD)) == shape(recorded.AD)


def test_an_account_reads_as_meta_writes_it(graph: Client):
    assert shape(read(graph, graph.act, recorded.ACCOUNT)) == shape(recorded.ACCOUNT)


def test_an_insights_row_reads_as_meta_writes_it(graph: Client):
    history = [{"days_ago": 1, "spend_minor": 853, "impressions": 342, "clicks": 14, "conversions": 3}]
    event = {"custom_event_type": "OTHER", "custom_event_str": "SmartLinkClick"}
    form = {"status": "PAUSED", "history": history, "promoted_object": event | {"pixel_id": "9"}}
    graph.open_account(campaigns=[{"ad_sets": [form]}])
    names = [name for name in recorded.INSIGHTS_ROW if not name.startswith("date_")]

    answer = graph.get(
        f"{graph.act}/insights",
        level="adset",
        fields=",".join(names),
        date_preset="last_3d",
        action_attribution_windows=["7d_click"],
    )

    assert shape(answer["data"][0]) == shape(recorded.INSIGHTS_ROW)


def test_a_page_reads_as_meta_writes_it(graph: Client):
    graph.campaign()
    graph.campaign()

    assert shape(graph.get(f"{graph.act}/campaigns", limit="1", summary="true")) == shape(recorded.PAGE)


def test_a_copy_answers_as_metas(graph: Client):
    _, ad_set, _ = graph.tree()

    assert shape(graph.post(f"{ad_set}/copies")) == shape(recorded.COPY)


def test_a_report_run_reads_as_metas(graph: Client):
    run = graph.post(f"{graph.act}/insights", date_preset="last_7d")["report_run_id"]
    graph.advance(1)

    answer = graph.get(run)
    assert {key: answer[key] for key in sorted(answer)} == {
        key: answer[key] for key in sorted(recorded.REPORT_RUN)
    }
    assert shape(answer) == shape(recorded.REPORT_RUN)


def test_minimum_budgets_read_as_metas(graph: Client):
    assert shape(graph.get(f"{graph.act}/minimum_budgets")["data"][0]) == shape(recorded.MINIMUM_BUDGET)


def test_a_debugged_token_reads_as_metas(graph: Client):
    app = graph.sim("app")
    answer = graph.get(
        "debug_token",
        access_token=f"{app['app_id']}|{app['app_secret']}",
        input_token=graph.me["access_token"],
    )

    assert shape(answer) == {"data": shape(recorded.TOKEN)}


def test_a_batch_slot_reads_as_metas(graph: Client):
    answer = graph.post("", batch=[{"method": "GET", "relative_url": "me"}])

    assert shape(answer) == [shape(recorded.BATCH_SLOT)]


@pytest.mark.parametrize("name", recorded.HEADERS)
def test_a_usage_header_reads_as_metas(graph: Client, name: str):
    answer = graph.raw("GET", f"{graph.act}/insights")

    assert shape(json.loads(answer.headers[name])) == shape(recorded.HEADERS[name])


def test_the_use_case_header_reads_as_metas(graph: Client):
    value = json.loads(graph.raw("GET", graph.act).headers["X-Business-Use-Case-Usage"])

    assert shape(value) == {graph.act[4:]: [shape(recorded.USE_CASE)]}
