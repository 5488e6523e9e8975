"""Accounts with a past, and worlds that are the same again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client


def test_an_account_can_be_chosen_whole(graph: Client):
    me = graph.open_account(
        ad_account_id="act_5551234567",
        name="Aurora",
        currency="EUR",
        timezone="Europe/Paris",
        access_token="EAAGx",
    )

    assert (me["ad_account_id"], me["currency"], me["access_token"]) == ("act_5551234567", "EUR", "EAAGx")
    assert graph.get("act_5551234567", fields="name,timezone_name") == {
        "id": "act_5551234567",
        "name": "Aurora",
        "timezone_name": "Europe/Paris",
    }


def test_an_account_can_be_filled_later(graph: Client):
    graph.sim("seed", {"accounts": [{"ad_account_id": graph.act, "campaigns": [{"name": "c"}]}]})

    assert [each["name"] for each in graph.get(f"{graph.act}/campaigns", fields="name")["data"]] == ["c"]


def test_history_is_booked_on_its_days(graph: Client):
    history = [
        {"date": "2026-11-20", "spend_minor": 100, "impressions": 1000},
        {"days_ago": 1, "spend_minor": 50, "impressions": 10},
        {"days": 2, "spend_minor": 5, "impressions": 3},
    ]
    graph.open_account(campaigns=[{"ad_sets": [{"status": "PAUSED", "history": history}]}])

    rows = graph.get(
        f"{graph.act}/insights", date_preset="last_7d", time_increment="1", fields="spend,impressions"
    )

    assert [(row["date_start"], row["spend"], row["impressions"]) for row in rows["data"]] == [
        ("2026-11-20", "1.00", "1000"),
        ("2026-11-21", "0.03", "2"),
        ("2026-11-22", "0.52", "11"),
    ]


def test_rows_of_an_export_become_campaigns(graph: Client):
    rows = [
        {
            "campaign": "A",
            "ad_set": "x",
            "ad": "1",
            "impressions": 1000,
            "clicks": 10,
            "spend": 12.34,
            "conversions": 3,
        },
        {
            "campaign": "A",
            "ad_set": "x",
            "ad": "2",
            "impressions": 500,
            "clicks": 5,
            "spend": 0.5,
            "conversions": 0,
        },
        {"campaign": "B", "ad_set": "y", "impressions": 7, "clicks": 0, "spend": 0, "conversions": 0},
    ]
    me = graph.open_account(rows=rows, row_defaults={"days": 10})

    found = graph.get(
        f"{graph.act}/insights", level="ad", date_preset="maximum", fields="ad_name,spend,impressions"
    )
    assert [(row["ad_name"], row["spend"], row["impressions"]) for row in found["data"]] == [
        ("1", "12.34", "1000"),
        ("2", "0.50", "500"),
        ("Ad 3", "0.00", "7"),
    ]
    assert [each["name"] for each in me["campaigns"]] == ["A", "B"]
    ad_set = graph.get(me["campaigns"][0]["ad_sets"][0]["id"], fields="daily_budget,created_time")
    assert ad_set["daily_budget"] == "129"


def test_true_rates_follow_the_history_unless_chosen(graph: Client):
    history = [
        {"days": 10, "spend_minor": 100_000, "impressions": 100_000, "clicks": 1000, "conversions": 500}
    ]
    forms = [{"history": history}, {"history": history, "rates": {"cost_per_result_minor": 50}}]
    graph.open_account(campaigns=[{"ad_sets": forms}])

    found = graph.sim(f"state?account={graph.act}")["accounts"][0]["campaigns"][0]["ad_sets"]

    assert found[0]["rates"]["cost_per_result_minor"] == pytest.approx(200, rel=0.05)
    assert found[1]["rates"]["cost_per_result_minor"] == pytest.approx(50)
    assert found[0]["rates"]["cpm_minor"] == pytest.approx(1000)


def test_a_market_sets_the_price_of_what_is_created_later(graph: Client):
    graph.open_account(market={"cost_per_result_minor": 80, "result_sigma": 0})
    campaign = graph.campaign()
    for _ in range(20):
        graph.ad_set(campaign)

    found = graph.sim(f"state?account={graph.act}")["accounts"][0]["campaigns"][0]["ad_sets"]
    costs = sorted(each["rates"]["cost_per_result_minor"] for each in found)
    assert 40 < costs[10] < 160


@pytest.mark.parametrize(
    "account",
    [
        pytest.param({"mood": "good"}, id="unknown name"),
        pytest.param({"currency": "dollars"}, id="currency that is none"),
        pytest.param({"timezone": "Mars/Olympus"}, id="time zone that is none"),
        pytest.param(
            {"campaigns": [{"ad_sets": [{"history": [{"spend_minor": 1}]}]}]}, id="history without a day"
        ),
        pytest.param({"campaigns": [{"ad_sets": [{"daily_budget_minor": 0}]}]}, id="budget of nothing"),
    ],
)
def test_a_seed_that_makes_no_sense_loads_nothing(graph: Client, account: dict[str, Any]):
    before = len(graph.sim("accounts"))

    assert "error" in graph.sim("seed", {"accounts": [{"name": "good"}, account]})
    assert len(graph.sim("accounts")) == before


def story(graph: Client, **setup: Any) -> list[Any]:
    """Everything a small day's work is answered, byte by byte."""
    graph.sim("reset", setup)
    graph.open_account()
    graph.tree()
    graph.advance(40)
    asked = [
        graph.raw(
            "GET",
            f"{graph.act}/insights",
            level="adset",
            date_preset="maximum",
            fields="spend,actions,clicks",
        ),
        graph.raw("GET", f"{graph.act}/adsets", fields="name,created_time,learning_stage_info"),
        graph.raw("GET", "nonsense"),
    ]
    return [graph.me, *[(answer.status_code, answer.content) for answer in asked], graph.sim("requests")]


def test_the_same_seed_and_requests_give_the_same_bytes(graph: Client):
    assert story(graph) == story(graph)


def test_another_seed_gives_another_world(graph: Client):
    assert story(graph, seed=1) != story(graph, seed=2)


def test_a_reset_names_what_it_does_not_know(graph: Client):
    assert "mood" in graph.sim("reset", {"mood": "good"})["error"]


def test_a_reset_begins_with_what_is_asked(graph: Client):
    graph.sim("reset", {"accounts": 3, "now": "2027-01-01T00:00:00Z"})

    assert graph.sim("ready") == {"ready": True, "now": "2027-01-01T00:00:00Z", "accounts": 3}


def test_the_state_adds_up(graph: Client):
    graph.tree()
    graph.tree()
    graph.advance(100)

    account = graph.sim(f"state?account={graph.act}")["accounts"][0]
    row = graph.get(f"{graph.act}/insights", date_preset="maximum", fields="spend,impressions")["data"][0]

    assert round(float(row["spend"]) * 100) == account["spend_minor"]
    assert account["spend_minor"] == sum(
        ad["spend_minor"]
        for each in account["campaigns"]
        for ad_set in each["ad_sets"]
        for ad in ad_set["ads"]
    )
    assert graph.get(graph.act, fields="amount_spent")["amount_spent"] == str(account["spend_minor"])


def test_the_journal_can_be_asked_for_writes_alone(graph: Client):
    graph.campaign()
    graph.get(graph.act)

    assert [each["path"] for each in graph.sim("requests?took_effect=true")] == [f"/{graph.act}/campaigns"]
    assert graph.sim("requests", method="DELETE") == {"requests": 0}
    assert graph.sim("requests") == []


def test_budgets_ends_limits_and_reviews_are_seeded(graph: Client):
    ads = [{"name": name, "review": name} for name in ("APPROVED", "PENDING", "DISAPPROVED")]
    end = "2026-12-01T08:00:00Z"
    lifetime = {"lifetime_budget_minor": 9000, "end": end}
    forms = [{"ad_sets": [{**lifetime, "ads": ads}]}, {**lifetime, "ad_sets": [{}]}]
    graph.open_account(spend_cap_minor=50000, has_payment=True, campaigns=forms)
    abo, cbo = (each["id"] for each in graph.me["campaigns"])

    assert graph.get(graph.act, fields="spend_cap")["spend_cap"] == "50000"
    (ad_set,) = graph.get(f"{abo}/adsets", fields="lifetime_budget,end_time,daily_budget")["data"]
    assert ad_set["lifetime_budget"] == "9000"
    assert ad_set["end_time"] == "2026-12-01T00:00:00-0800"
    found = graph.get(cbo, fields="lifetime_budget,stop_time,bid_strategy")
    assert (found["lifetime_budget"], found["stop_time"]) == ("9000", "2026-12-01T00:00:00-0800")
    statuses = {
        each["name"]: each["effective_status"]
        for each in graph.get(f"{abo}/ads", fields="name,effective_status")["data"]
    }
    assert statuses == {"APPROVED": "ACTIVE", "PENDING": "PENDING_REVIEW", "DISAPPROVED": "DISAPPROVED"}
    graph.advance(1)
    assert len(graph.get(f"{abo}/ads", effective_status=["ACTIVE"])["data"]) == 2
