"""How a report that is too large is divided, and what is made of how it ends."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.errors import TooMuchData, Transient
from orchestrator.platforms.meta import reports
from orchestrator.platforms.meta.graph import Call, Response
from tests.unit.platforms.meta.test_graph import ScriptedWire, Time, a_graph, ok, page


def asked(*ids: str, since: str | None = None, until: str | None = None) -> Call:
    params: dict[str, Any] = {
        "fields": "adset_id,spend",
        "filtering": [
            {"field": "campaign.id", "operator": "IN", "value": list(ids)},
            {"field": "adset.effective_status", "operator": "IN", "value": ["ACTIVE"]},
        ],
        "limit": 500,
    }
    period = {"time_range": {"since": since, "until": until}} if since else {"date_preset": "maximum"}
    return Call(what="read insights", path=("act_1", "insights"), params=params | period)


def days(call: Call) -> tuple[str, str]:
    return call.params["time_range"]["since"], call.params["time_range"]["until"]


@pytest.mark.parametrize(
    ("since", "until", "first", "second"),
    [
        pytest.param(
            "2026-11-01",
            "2026-11-02",
            ("2026-11-01", "2026-11-01"),
            ("2026-11-02", "2026-11-02"),
            id="two days",
        ),
        pytest.param(
            "2026-11-01", "2026-11-03", ("2026-11-01", "2026-11-02"), ("2026-11-03", "2026-11-03"), id="three"
        ),
        pytest.param(
            "2026-10-26", "2026-11-23", ("2026-10-26", "2026-11-09"), ("2026-11-10", "2026-11-23"), id="29"
        ),
    ],
)
def test_days_are_divided_without_a_gap(
    since: str, until: str, first: tuple[str, str], second: tuple[str, str]
):
    halves = reports.halves(asked("1", "2", since=since, until=until))

    assert [days(half) for half in halves] == [first, second]
    assert {tuple(half.params["filtering"][0]["value"]) for half in halves} == {("1", "2")}


@pytest.mark.parametrize(
    "period",
    [
        pytest.param({}, id="of all time"),
        pytest.param({"since": "2026-11-01", "until": "2026-11-01"}, id="of one day"),
    ],
)
def test_what_has_no_two_days_is_divided_by_campaigns(period: dict[str, str]):
    halves = reports.halves(asked("1", "2", "3", **period))

    assert [half.params["filtering"][0]["value"] for half in halves] == [["1"], ["2", "3"]]
    assert [half.params["filtering"][1]["value"] for half in halves] == [["ACTIVE"], ["ACTIVE"]]


def test_one_campaigns_one_day_cannot_be_divided():
    with pytest.raises(TooMuchData, match="campaign 1 even by itself"):
        reports.halves(asked("1", since="2026-11-01", until="2026-11-01"))


STARTED, RUNNING = ok(report_run_id="77"), ok(async_status="Job Running", async_percent_completion=40)
ALMOST = ok(async_status="Job Completed", async_percent_completion=99)
DONE = ok(async_status="Job Completed", async_percent_completion=100)
FAILED, SKIPPED = ok(async_status="Job Failed"), ok(async_status="Job Skipped")
ROWS = Response(status=200, body=page("a", "b"))
TOO_MUCH = Response(
    status=400, body={"error": {"code": 100, "error_subcode": 1487534, "message": "Too much"}}
)


def test_a_report_is_read_only_when_it_is_done_and_whole():
    time, wire = Time(), ScriptedWire(STARTED, RUNNING, ALMOST, DONE, ROWS)

    found = reports.rows(a_graph(wire, time), asked("1"))

    assert [row["id"] for row in found] == ["a", "b"]
    assert [(call.method, call.path) for call in wire.asked] == [
        ("POST", ("act_1", "insights")),
        *[("GET", ("77",))] * 3,
        ("GET", ("77", "insights")),
    ]
    assert wire.asked[0].params["fields"] == ["adset_id", "spend"]
    assert "limit" not in wire.asked[0].params
    assert time.now == 2.5


@pytest.mark.parametrize("ended", [pytest.param(FAILED, id="failed"), pytest.param(SKIPPED, id="skipped")])
def test_a_report_that_fails_is_started_three_times_and_then_divided(ended: Response):
    attempts = [STARTED, ended] * 3
    wire = ScriptedWire(*attempts, STARTED, DONE, ROWS, STARTED, DONE, ROWS)

    found = reports.rows(a_graph(wire), asked("1", "2"))

    assert [row["id"] for row in found] == ["a", "b", "a", "b"]
    begun = [call.params["filtering"][0]["value"] for call in wire.asked if call.method == "POST"]
    assert begun == [["1", "2"]] * 3 + [["1"], ["2"]]


def test_a_report_that_is_refused_as_too_large_is_divided_at_once():
    wire = ScriptedWire(TOO_MUCH, STARTED, DONE, ROWS, TOO_MUCH)

    with pytest.raises(TooMuchData, match="campaign 2 even by itself"):
        reports.rows(a_graph(wire), asked("1", "2"))


def test_a_report_that_is_not_done_in_time_is_for_later():
    wire = ScriptedWire(STARTED, *[RUNNING] * reports.LOOKS)

    with pytest.raises(Transient, match="not done yet"):
        reports.rows(a_graph(wire), asked("1"))


def test_a_report_without_an_id_is_for_later():
    with pytest.raises(Transient, match="without saying which"):
        reports.rows(a_graph(ScriptedWire(ok(success=True))), asked("1"))
