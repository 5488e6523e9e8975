"""Figures that go missing or are taken back, and payments that fail, by chance and on request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client

CUSTOM = {"custom_event_type": "OTHER", "custom_event_str": "SmartLinkClicked"}
YESTERDAY = {"days_ago": 1, "spend_minor": 1000, "impressions": 900, "clicks": 30, "conversions": 10}


@pytest.fixture
def past(graph: Client) -> Client:
    """An account whose one ad set brought ten conversions yesterday, paused since."""
    promoted = {"pixel_id": "412345678901234", **CUSTOM}
    ad_set = {"status": "PAUSED", "promoted_object": promoted, "history": [YESTERDAY]}
    graph.open_account(pixel_id="412345678901234", campaigns=[{"ad_sets": [ad_set]}])
    return graph


def row(graph: Client) -> dict[str, Any]:
    fields = "spend,impressions,clicks,conversions,actions"
    found: list[dict[str, Any]] = graph.get(f"{graph.act}/insights", fields=fields, date_preset="maximum")[
        "data"
    ]
    return found[0]


def events(shown: dict[str, Any]) -> str | None:
    return shown["conversions"][0]["value"] if "conversions" in shown else None


def test_a_field_is_missing_until_it_comes_back(past: Client):
    form = {"ad_account_id": past.act, "missing": ["conversions"]}
    assert past.sim("figures", form) == {"missing": ["conversions"]}
    shown = row(past)
    assert (events(shown), shown["spend"]) == (None, "10.00")
    assert any(each["action_type"] == "offsite_conversion.fb_pixel_custom" for each in shown["actions"])

    past.sim("figures", form | {"missing": []})
    assert events(row(past)) == "10"


def test_part_of_a_day_is_taken_back(past: Client):
    ad_set = past.me["campaigns"][0]["ad_sets"][0]["id"]
    form = {"id": ad_set, "days_ago": 1, "taken_back": {"results": 0.4, "spend": 0.25}}

    answer = past.sim("figures", form)["taken_back"]

    assert answer == {"spend": 250, "impressions": 0, "clicks": 0, "link_clicks": 0, "results": 4}
    shown = row(past)
    assert (events(shown), shown["spend"], shown["impressions"]) == ("6", "7.50", "900")
    assert past.get(past.act, fields="amount_spent")["amount_spent"] == "750"


def test_a_day_without_figures_has_none_to_take_back(past: Client):
    ad_set = past.me["campaigns"][0]["ad_sets"][0]["id"]
    answer = past.sim("figures", {"id": ad_set, "days_ago": 2, "taken_back": {"results": 1}})["taken_back"]
    assert set(answer.values()) == {0}
    assert events(row(past)) == "10"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ({"ad_account_id": "act_1", "missing": []}, "there is no ad account act_1"),
        ({"missing": ["songs"]}, "there is no field songs"),
        ({"id": "1", "taken_back": {"results": 0.5}}, "there is no campaign, ad set or ad 1"),
        ({"taken_back": {"results": 1.5}}, "taken_back.results: Input should be less than or equal to 1"),
        ({"taken_back": {"reach": 1}}, "taken_back.reach"),
    ],
)
def test_what_cannot_be_corrected_is_one_line(past: Client, body: dict[str, Any], line: str):
    assert past.sim("figures", body)["error"].startswith(line)


def test_conversions_go_missing_by_chance_and_come_back(past: Client):
    past.sim("delivery", {"missing": 1})
    seen = []
    for _ in range(60):
        past.advance(3)
        seen.append(events(row(past)))

    assert set(seen) == {None, "10"}
    assert 2 <= seen.count(None) <= 50


def test_by_chance_part_of_the_results_of_a_day_is_taken_back(graph: Client):
    rates = {"cpm_minor": 500, "click_rate": 0.02, "cost_per_result_minor": 10}
    graph.sim("delivery", {"delays": False})
    graph.open_account(campaigns=[{"ad_sets": [{"daily_budget_minor": 1000, "rates": rates}]}])
    graph.advance(24)
    graph.sim("clock", {"now": "2026-12-01T12:00:00Z"})
    ad_set = graph.me["campaigns"][0]["ad_sets"][0]["id"]

    def results() -> int:
        found = graph.get(
            f"{ad_set}/insights", fields="results", time_range={"since": "2026-11-23", "until": "2026-11-24"}
        )
        return int(found["data"][0]["results"][0]["values"][0]["value"])

    before = results()
    graph.sim("delivery", {"taken_back": 1})
    assert before * 0.4 <= results() < before * 0.9
    graph.sim("delivery", {"taken_back": 0})
    assert results() == before


def test_a_payment_fails_by_chance_and_the_account_is_settled_again(graph: Client):
    graph.open_account(campaigns=[{"ad_sets": [{"daily_budget_minor": 1000}]}])
    graph.sim("delivery", {"unsettled": 1})
    seen = []
    for _ in range(28 * 4):
        graph.advance(6)
        found = graph.get(graph.act, fields="account_status,amount_spent")
        seen.append((found["account_status"], int(found["amount_spent"])))

    unsettled = [spent for status, spent in seen if status == 3]
    assert {status for status, _ in seen} == {1, 3}
    assert len(unsettled) >= 2
    assert seen[-1][1] > unsettled[-1]


def test_a_status_set_from_outside_stays(graph: Client):
    graph.sim("delivery", {"unsettled": 1})
    graph.sim("accounts", {"ad_account_id": graph.act, "account_status": 7})
    for _ in range(28):
        graph.advance(24)
        assert graph.get(graph.act, fields="account_status")["account_status"] == 7


def test_an_ad_has_issues_by_chance_and_recovers(graph: Client):
    graph.open_account(campaigns=[{"ad_sets": [{"daily_budget_minor": 1000}]}])
    ad = graph.me["campaigns"][0]["ad_sets"][0]["ads"][0]["id"]
    graph.sim("delivery", {"issues": 1})
    seen = []
    for _ in range(56 * 4):
        graph.advance(6)
        found = graph.get(ad, fields="effective_status,issues_info")
        assert (found["effective_status"] == "WITH_ISSUES") == ("issues_info" in found)
        seen.append(found["effective_status"])

    assert {*seen} == {"ACTIVE", "WITH_ISSUES"}
    assert seen.count("WITH_ISSUES") < len(seen) / 4
    while graph.get(ad, fields="effective_status")["effective_status"] == "ACTIVE":
        graph.advance(1)
    graph.sim("delivery", {"issues": 0})
    graph.advance(1)
    assert graph.get(ad, fields="effective_status")["effective_status"] == "ACTIVE"


def test_what_happens_by_chance_is_the_same_however_often_one_looks(graph: Client):
    def spent(steps: int) -> str:
        graph.sim("reset", {"unsettled": 1, "issues": 1, "learning": True, "rising": True})
        graph.open_account(campaigns=[{"ad_sets": [{"daily_budget_minor": 1000}]}])
        for _ in range(steps):
            graph.advance(56 * 24 / steps)
            answer = graph.get(graph.act, fields="amount_spent")
        return str(answer["amount_spent"])

    assert spent(1) == spent(56) == spent(160)
