"""What ads spend and bring while the clock moves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import Client

# Rates with which a small budget brings something to count.
CHEAP = {"cpm_minor": 500, "click_rate": 0.02, "cost_per_result_minor": 50}


def seeded(graph: Client, *ad_sets: dict[str, Any], **campaign: Any) -> list[str]:
    """The ids of a campaign's ad sets, delivering from now on."""
    forms = [{"daily_budget_minor": 1000, "rates": CHEAP} | form for form in ad_sets]
    me = graph.open_account(campaigns=[{"ad_sets": forms} | campaign])
    return [each["id"] for each in me["campaigns"][0]["ad_sets"]]


def figures(graph: Client) -> dict[str, Any]:
    return graph.sim(f"state?account={graph.act}")["accounts"][0]


def days(graph: Client, node: str, **params: Any) -> dict[str, str]:
    """Spend by day."""
    rows = graph.get(f"{node}/insights", fields="spend", time_increment="1", limit="500", **params)["data"]
    return {row["date_start"]: row["spend"] for row in rows}


@pytest.fixture
def exact(graph: Client) -> Client:
    """A world in which a day's spend is the budget and results come at once."""
    graph.sim("delivery", {"flex": False, "delays": False})
    return graph


def test_a_whole_day_costs_the_budget(exact: Client):
    (ad_set,) = seeded(exact, {})
    exact.advance(20)  # to midnight in Los Angeles
    exact.advance(48)

    assert days(exact, ad_set, date_preset="last_7d") == {
        "2026-11-23": "9.20",
        "2026-11-24": "10.00",
        "2026-11-25": "10.00",
    }


def test_days_follow_the_clock_of_the_account(exact: Client):
    exact.open_account(
        currency="JPY", timezone="Asia/Tokyo", campaigns=[{"ad_sets": [{"daily_budget_minor": 1000}]}]
    )
    exact.advance(3)  # midnight in Tokyo, still the 23rd everywhere west of it

    assert list(days(exact, exact.act, date_preset="maximum")) == ["2026-11-23"]
    exact.advance(1)
    assert list(days(exact, exact.act, date_preset="maximum")) == ["2026-11-23", "2026-11-24"]


def test_nothing_is_delivered_while_paused(exact: Client):
    (ad_set,) = seeded(exact, {"status": "PAUSED"})
    exact.advance(24)
    assert exact.get(f"{ad_set}/insights", date_preset="maximum") == {"data": []}

    exact.post(ad_set, status="ACTIVE")
    exact.advance(24)
    exact.post(ad_set, status="PAUSED")
    spent = figures(exact)["spend_minor"]
    exact.advance(240)

    assert spent == 999
    assert figures(exact)["spend_minor"] == spent


@pytest.mark.parametrize("status", ["PAUSED", "ARCHIVED", "DELETED"])
def test_a_campaign_stops_its_ad_sets(exact: Client, status: str):
    seeded(exact, {})
    campaign = exact.me["campaigns"][0]["id"]
    exact.post(campaign, status=status)
    exact.advance(48)

    assert figures(exact)["spend_minor"] == 0


def test_a_disabled_account_stops(exact: Client):
    seeded(exact, {})
    exact.sim("accounts", {"ad_account_id": exact.act, "account_status": 2})
    exact.advance(48)

    assert figures(exact)["spend_minor"] == 0


def test_an_ad_set_without_ads_delivers_nothing(exact: Client):
    campaign = exact.campaign()
    exact.ad_set(campaign)
    exact.advance(48)

    assert figures(exact)["spend_minor"] == 0


def test_an_ad_set_begins_and_ends_at_its_times(exact: Client):
    campaign = exact.campaign()
    ad_set = exact.ad_set(
        campaign, start_time="2026-11-25T00:00:00-0800", end_time="2026-11-27T00:00:00-0800"
    )
    exact.ad(ad_set)
    exact.advance(240)

    assert days(exact, ad_set, date_preset="maximum") == {"2026-11-25": "10.00", "2026-11-26": "10.00"}


def test_a_new_budget_counts_from_its_moment(exact: Client):
    (ad_set,) = seeded(exact, {})
    exact.advance(20)
    exact.advance(12)
    exact.post(ad_set, daily_budget=3000)
    exact.advance(36)

    found = days(exact, ad_set, date_preset="maximum")
    assert 10 < float(found["2026-11-24"]) < 30
    assert found["2026-11-25"] == "30.00"


def test_reading_often_changes_nothing(graph: Client):
    def run(hours: list[float]) -> Any:
        graph.sim("reset", {})
        seeded(graph, {}, {"daily_budget_minor": 777})
        for step in hours:
            graph.advance(step)
            graph.get(f"{graph.act}/insights", date_preset="today")
        answer = graph.get(
            f"{graph.act}/insights",
            level="adset",
            date_preset="maximum",
            fields="spend,impressions,clicks,actions",
        )
        return answer["data"]

    assert run([50]) == run([0.5] * 100)


def test_a_day_costs_at_most_175_percent_and_a_week_at_most_7_budgets(graph: Client):
    seeded(graph, *({"name": str(number)} for number in range(20)))
    graph.advance(24 * 29)
    rows = graph.get(
        f"{graph.act}/insights",
        level="adset",
        fields="adset_id,spend",
        time_range={"since": "2026-11-29", "until": "2026-12-19"},
        time_increment="1",
        limit="5000",
    )["data"]
    week = graph.get(
        f"{graph.act}/insights",
        level="adset",
        fields="adset_id,spend",
        time_range={"since": "2026-11-29", "until": "2026-12-19"},
        time_increment="7",
        limit="5000",
    )["data"]

    spend = [float(row["spend"]) for row in rows]
    assert len(spend) == 20 * 21
    assert max(spend) <= 17.5
    assert min(spend) != max(spend)
    assert max(float(row["spend"]) for row in week) <= 70
    assert min(float(row["spend"]) for row in week) > 60


def test_a_campaign_budget_goes_to_those_who_bring_more(exact: Client):
    good, bad = seeded(
        exact,
        {"daily_budget_minor": None},
        {"daily_budget_minor": None, "rates": CHEAP | {"cost_per_result_minor": 200}},
        daily_budget_minor=2000,
    )
    exact.advance(20)
    exact.advance(24)
    day = {"since": "2026-11-24", "until": "2026-11-24"}

    spend = {
        row["adset_id"]: round(float(row["spend"]) * 100)
        for row in exact.get(f"{exact.act}/insights", level="adset", fields="adset_id,spend", time_range=day)[
            "data"
        ]
    }
    assert spend[good] > 3 * spend[bad] > 0
    assert sum(spend.values()) == 2000


def test_results_follow_the_true_rate(exact: Client):
    seeded(exact, {"daily_budget_minor": 100000})
    exact.advance(24 * 10)
    found = figures(exact)["campaigns"][0]["ad_sets"][0]

    assert found["results"] == pytest.approx(found["spend_minor"] / 50, rel=0.05)


def test_conversions_are_reported_late(graph: Client):
    (ad_set,) = seeded(graph, {"daily_budget_minor": 200000})
    graph.advance(20)
    graph.advance(24)
    day = {"since": "2026-11-24", "until": "2026-11-24"}

    def counted() -> int:
        row = graph.get(f"{ad_set}/insights", time_range=day, fields="actions")["data"][0]
        return next(int(each["value"]) for each in row["actions"] if each["action_type"] == "purchase")

    at_midnight = counted()
    graph.post(ad_set, status="PAUSED")
    graph.advance(24)
    a_day_later = counted()
    graph.advance(24 * 28)
    in_the_end = counted()
    graph.advance(24 * 28)

    assert 0.38 < at_midnight / in_the_end < 0.52
    assert 0.5 < a_day_later / in_the_end < 0.7
    assert counted() == in_the_end


def test_things_on_the_platform_are_counted_at_once(graph: Client):
    (ad_set,) = seeded(graph, {"optimization_goal": "LINK_CLICKS"}, objective="OUTCOME_TRAFFIC")
    graph.advance(48)
    fresh = graph.get(f"{ad_set}/insights", date_preset="maximum", fields="actions")["data"][0]["actions"]
    graph.post(ad_set, status="PAUSED")
    graph.advance(24 * 30)

    assert (
        graph.get(f"{ad_set}/insights", date_preset="maximum", fields="actions")["data"][0]["actions"]
        == fresh
    )


def test_audiences_tire_when_switched_on(graph: Client):
    def results(**switches: bool) -> int:
        graph.sim("reset", {"delays": False, **switches})
        seeded(graph, {"daily_budget_minor": 20000})
        graph.advance(24 * 14)
        return int(figures(graph)["campaigns"][0]["ad_sets"][0]["results"])

    assert results(fatigue=True) < results() / 2


def test_weekdays_differ_when_switched_on(graph: Client):
    def spread(**switches: bool) -> float:
        graph.sim("reset", {"delays": False, "flex": False, **switches})
        (ad_set,) = seeded(graph, {"daily_budget_minor": 10_000_000})
        graph.advance(24 * 12)
        rows = graph.get(
            f"{ad_set}/insights", date_preset="last_7d", time_increment="1", fields="actions,spend"
        )["data"]
        counts = [int(row["actions"][-1]["value"]) for row in rows]
        return max(counts) / min(counts)

    assert spread(weekday=True) > 1.2
    assert spread() < 1.05


def test_learning_moves_from_learning_to_success_or_fail(exact: Client):
    good, bad = seeded(
        exact, {"daily_budget_minor": 5000}, {"rates": CHEAP | {"cost_per_result_minor": 5000}}
    )
    exact.advance(1)

    def status(ad_set: str) -> str:
        return str(exact.get(ad_set, fields="learning_stage_info")["learning_stage_info"]["status"])

    assert (status(good), status(bad)) == ("LEARNING", "LEARNING")
    exact.advance(24 * 6)
    assert (status(good), status(bad)) == ("SUCCESS", "LEARNING")
    exact.advance(48)
    assert (status(good), status(bad)) == ("SUCCESS", "FAIL")
    exact.post(good, daily_budget=10000)
    exact.advance(1)
    assert status(good) == "LEARNING"


def test_a_small_step_of_budget_keeps_what_was_learnt(exact: Client):
    (ad_set,) = seeded(exact, {"daily_budget_minor": 5000})
    exact.advance(24 * 6)
    before = exact.get(ad_set, fields="learning_stage_info")["learning_stage_info"]
    exact.post(ad_set, daily_budget=6000)

    assert exact.get(ad_set, fields="learning_stage_info")["learning_stage_info"] == before


def test_the_remaining_budget_shrinks_over_the_day(exact: Client):
    (ad_set,) = seeded(exact, {})
    exact.advance(20)
    assert exact.get(ad_set, fields="budget_remaining")["budget_remaining"] == "1000"
    exact.advance(12)
    assert exact.get(ad_set, fields="budget_remaining")["budget_remaining"] == "669"


def test_the_clock_never_runs_backwards(graph: Client):
    assert "error" in graph.sim("clock", {"now": "2020-01-01T00:00:00Z"})
    assert "error" in graph.sim("clock", {"advance_hours": -1})


def test_what_remains_of_a_lifetime_budget_is_what_was_not_spent_of_it(exact: Client):
    _, ad_set, _ = exact.tree(daily_budget=1000)
    exact.advance(24)
    spent = 1000 - int(exact.get(ad_set, fields="budget_remaining")["budget_remaining"])
    end = exact.sim("clock")["now"][:4] + "-12-24T00:00:00+0000"
    exact.post(ad_set, lifetime_budget=50_000, end_time=end)

    found = exact.get(ad_set, fields="daily_budget,lifetime_budget,budget_remaining")
    total = exact.get(exact.act, fields="amount_spent")["amount_spent"]

    assert spent > 0
    assert (found["daily_budget"], found["lifetime_budget"]) == ("0", "50000")
    assert found["budget_remaining"] == str(50_000 - int(total))


def test_a_page_that_an_account_promotes_is_listed(exact: Client):
    assert exact.get(f"{exact.act}/promote_pages")["data"] == [{"id": exact.me["page_id"]}]
