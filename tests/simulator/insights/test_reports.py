"""Asynchronous reports, breakdowns, order, summaries."""

from __future__ import annotations

from typing import Any

import pytest
from facebook_business.adobjects.adreportrun import AdReportRun

from tests.simulator.client import Client

HISTORY = [{"days": 5, "spend_minor": 5000, "impressions": 10007, "clicks": 103, "conversions": 11}]


@pytest.fixture
def past(graph: Client) -> Client:
    """An account with two paused ad sets and five days of history."""
    forms = [{"name": name, "status": "PAUSED", "history": HISTORY} for name in ("a", "b")]
    graph.open_account(campaigns=[{"ad_sets": forms}])
    return graph


def start(graph: Client, **params: Any) -> str:
    asked = {"level": "adset", "date_preset": "last_7d", "fields": ["adset_name", "spend"]}
    answer = graph.post(f"{graph.act}/insights", **(asked | params))
    assert list(answer) == ["report_run_id"]
    return str(answer["report_run_id"])


def test_a_run_goes_through_its_states_as_it_is_polled(past: Client):
    run = start(past)
    states = [past.get(run) for _ in range(6)]

    assert states[0] == {
        "id": run,
        "account_id": past.act[4:],
        "time_ref": 1795435200,
        "async_status": "Job Not Started",
        "async_percent_completion": 0,
        "date_start": "2026-11-16",
        "date_stop": "2026-11-22",
    }
    percents = [each["async_percent_completion"] for each in states]
    assert percents == sorted(percents)
    assert (states[-1]["async_status"], percents[-1]) == ("Job Completed", 100)
    assert states[-1]["time_completed"] >= states[-1]["time_ref"]


def test_a_run_ends_when_the_clock_moves(past: Client):
    run = start(past)
    past.advance(1)

    assert past.get(run, fields="async_status")["async_status"] == "Job Completed"
    rows = past.get(f"{run}/insights")
    assert [(row["adset_name"], row["spend"]) for row in rows["data"]] == [("a", "50.00"), ("b", "50.00")]


def test_a_run_that_is_not_done_has_no_rows(past: Client):
    assert past.get(f"{start(past)}/insights")["error"]["code"] == 2601


def test_rows_of_a_run_come_in_pages(past: Client):
    run = start(past, time_increment="1")
    past.advance(1)

    first = past.get(f"{run}/insights", limit="4")

    assert len(first["data"]) == 4
    assert f"/{run}/insights?" in first["paging"]["next"]


@pytest.mark.parametrize(
    ("kind", "status"), [("report_fails", "Job Failed"), ("report_skipped", "Job Skipped")]
)
def test_a_run_can_end_badly(past: Client, kind: str, status: str):
    past.sim("faults", {"kind": kind, "count": 1})
    run = start(past)
    past.advance(1)

    found = past.get(run)
    assert found["async_status"] == status
    assert ("error_code" in found) == (status == "Job Failed")
    assert past.get(f"{run}/insights")["error"]["code"] == 2601


def test_a_run_is_kept_for_thirty_days(past: Client):
    run = start(past)
    past.advance(24 * 31)

    assert past.get(f"{run}/insights")["error"]["error_subcode"] == 33


def test_a_run_can_be_read_again(past: Client):
    run = start(past)
    past.advance(1)

    assert past.get(f"{run}/insights")["data"] == past.get(f"{run}/insights")["data"]


def test_the_sdk_runs_a_report(past: Client):
    job = past.sdk().get_insights(
        fields=["spend"], params={"level": "campaign", "date_preset": "last_7d"}, is_async=True
    )
    while job.api_get()[AdReportRun.Field.async_status] != "Job Completed":
        pass

    assert [row["spend"] for row in job.get_result()] == ["100.00"]


def test_a_run_is_refused_for_what_a_report_is_refused_for(past: Client):
    assert past.refused(f"{past.act}/insights", date_preset="lifetime") == (100, None)


@pytest.mark.parametrize(
    ("breakdowns", "names"),
    [
        (["age"], {"age"}),
        (["gender"], {"gender"}),
        (["age", "gender"], {"age", "gender"}),
        (["country"], {"country"}),
        (["publisher_platform"], {"publisher_platform"}),
        (["publisher_platform", "device_platform"], {"publisher_platform", "device_platform"}),
    ],
)
def test_a_breakdown_adds_up_to_the_whole(past: Client, breakdowns: list[str], names: set[str]):
    rows = past.get(
        f"{past.act}/insights",
        breakdowns=breakdowns,
        date_preset="last_7d",
        fields="spend,impressions,clicks",
        limit="500",
    )["data"]

    assert all(names <= row.keys() for row in rows)
    assert sum(round(float(row["spend"]) * 100) for row in rows) == 10000
    assert sum(int(row["impressions"]) for row in rows) == 20014
    assert sum(int(row["clicks"]) for row in rows) == 206


def test_breakdowns_that_do_not_go_together_are_refused(past: Client):
    error = past.get(f"{past.act}/insights", breakdowns=["age", "country"])["error"]

    assert (error["code"], error["error_subcode"]) == (2, 1504041)


def test_rows_are_sorted_as_asked(past: Client):
    asked = {"level": "adset", "date_preset": "last_7d", "fields": "adset_name,clicks", "time_increment": "1"}

    def dates(sort: str) -> list[str]:
        rows = past.get(f"{past.act}/insights", **asked, sort=[sort])["data"]
        return [row["adset_name"] + row["clicks"] for row in rows]

    assert dates("adset_name_descending")[0].startswith("b")
    assert dates("clicks_ascending")[0].endswith("20")
    assert past.get(f"{past.act}/insights", **asked, sort=["mood_ascending"])["error"]["code"] == 100


def test_a_summary_adds_up_the_rows(past: Client):
    answer = past.get(
        f"{past.act}/insights",
        level="adset",
        date_preset="last_7d",
        fields="spend,impressions",
        summary=["spend"],
    )

    assert answer["summary"] == {"spend": "100.00", "date_start": "2026-11-16", "date_stop": "2026-11-22"}


def test_a_summary_of_what_was_not_asked_for_is_refused(past: Client):
    error = past.get(f"{past.act}/insights", fields="spend", summary=["clicks"])["error"]

    assert error["message"].startswith(
        "(#100) Cannot include clicks in summary param because they weren't there"
    )


def test_too_much_at_once_is_refused(graph: Client):
    ads = [{"name": str(number), "history": [{"days_ago": 1, "impressions": 1}]} for number in range(110)]
    graph.open_account(campaigns=[{"ad_sets": [{"status": "PAUSED", "ads": ads}]}])
    asked = {
        "level": "ad",
        "time_range": {"since": "2024-01-01", "until": "2026-11-23"},
        "time_increment": "1",
    }

    error = graph.get(f"{graph.act}/insights", **asked)["error"]

    assert (error["code"], error["error_subcode"]) == (100, 1487534)
    assert "report_run_id" in graph.post(f"{graph.act}/insights", **asked)
