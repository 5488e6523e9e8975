"""Learning costs, a higher budget costs, and a copy is its own ad set."""

from __future__ import annotations

from typing import Any

import pytest

from graph_simulator.answers.view import View
from graph_simulator.delivery.costs import affordable, learned
from graph_simulator.seed import load
from graph_simulator.seed_form import AccountForm
from graph_simulator.state.world import Setup, World
from graph_simulator.writes import update
from tests.simulator.client import Client

RATES = {"cpm_minor": 500, "click_rate": 0.02, "cost_per_result_minor": 2}
CREATED = "2026-11-20T08:00:00Z"


@pytest.mark.parametrize(
    ("results", "part"), [(0, 0.7), (1, 0.706), (25, 0.85), (49, 0.994), (50, 1.0), (51, 1.0)]
)
def test_what_has_learned_brings_more(results: int, part: float):
    assert learned(results) == pytest.approx(part)


@pytest.mark.parametrize(
    ("minor", "currency", "part"),
    [(0, "USD", 1.0), (1000, "USD", 1.0), (2000, "USD", 0.9013), (8000, "USD", 0.732), (3000, "JPY", 0.9013)],
)
def test_more_money_a_day_brings_less_for_each(minor: int, currency: str, part: float):
    assert affordable(minor, currency) == pytest.approx(part, abs=1e-4)


def cost_of_a_day(graph: Client, ad_set: str, day: str) -> float:
    found = graph.get(f"{ad_set}/insights", fields="spend,results", time_range={"since": day, "until": day})[
        "data"
    ][0]
    return float(found["spend"]) * 100 / int(found["results"][0]["values"][0]["value"])


def delivering(graph: Client, budget: int = 1000, **switches: Any) -> str:
    """An ad set that begins to deliver, in a world where a day's spend is the budget."""
    graph.sim("delivery", {"flex": False, "delays": False} | switches)
    form = {"daily_budget_minor": budget, "rates": RATES}
    me = graph.open_account(timezone="UTC", campaigns=[{"ad_sets": [form]}])
    return str(me["campaigns"][0]["ad_sets"][0]["id"])


def parts_by_day(edits: dict[int, int]) -> list[float]:
    """The part of its results that an ad set of 20 results a day brings, on six days; budgets by day."""
    world = World(Setup(accounts=0, flex=False, delays=False, learning=True))
    rates = {"cpm_minor": 500, "click_rate": 0.02, "cost_per_result_minor": 50}
    form = {"timezone": "UTC", "campaigns": [{"ad_sets": [{"daily_budget_minor": 1000, "rates": rates}]}]}
    load(world, AccountForm.model_validate(form))
    (account,) = world.accounts
    ad_set = account.campaigns[0].ad_sets[0]
    for day in range(6):
        world.record_outcome(account)
        if day in edits:
            view = View(world, world.now(), account.token, "", world.users[account.token])
            update.ad_set(view, ad_set, {"daily_budget": edits[day]})
        world.clock.advance(86400)
    world.record_outcome(account)
    (ad,) = ad_set.ads
    assert ad.ledger is not None
    return [day.rates.results_per_minor * 50 for day in ad.ledger.days.values()]


def test_an_ad_set_learns_by_its_results_and_an_edit_starts_it_again():
    smoothly = parts_by_day({})
    assert smoothly[0] == pytest.approx(0.7)
    assert smoothly == sorted(smoothly)
    assert smoothly[5] == pytest.approx(1.0)

    edited = parts_by_day({5: 3000})
    assert edited[:6] == smoothly[:6]
    assert edited[6] < 0.95

    assert parts_by_day({5: 1100})[6] == pytest.approx(1.0)


def test_a_small_edit_starts_nothing_again(graph: Client):
    ad_set = delivering(graph, learning=True)
    graph.advance(24 * 2)
    before = graph.get(ad_set, fields="learning_stage_info")["learning_stage_info"]
    graph.post(ad_set, daily_budget=1200)
    assert graph.get(ad_set, fields="learning_stage_info")["learning_stage_info"] == before


def test_learning_costs_nothing_unless_switched_on(graph: Client):
    ad_set = delivering(graph)
    graph.advance(24)
    assert cost_of_a_day(graph, ad_set, "2026-11-23") == pytest.approx(2, rel=0.1)


def test_four_times_the_budget_makes_results_dearer(graph: Client):
    costs = {}
    for budget in (1000, 4000):
        graph.sim("reset", {})
        ad_set = delivering(graph, budget, rising=True)
        graph.advance(24 * 2)
        costs[budget] = cost_of_a_day(graph, ad_set, "2026-11-24")
    assert costs[1000] == pytest.approx(2, rel=0.1)
    assert costs[4000] == pytest.approx(2 * 4**0.15, rel=0.1)


def rates_of(graph: Client) -> list[dict[str, float]]:
    (account,) = graph.sim(f"state?account={graph.act}")["accounts"]
    return [each["rates"] for campaign in account["campaigns"] for each in campaign["ad_sets"]]


def test_copies_have_rates_of_their_own_near_their_source_s(graph: Client):
    ad_set = delivering(graph, twins=True)
    for _ in range(30):
        assert "copied_adset_id" in graph.post(f"{ad_set}/copies")

    source, *copies = rates_of(graph)
    found = [each["cost_per_result_minor"] / source["cost_per_result_minor"] for each in copies]
    assert len(set(found)) == 30
    assert 0.75 < sorted(found)[15] < 1.25
    assert 0.3 < min(found) < 0.95
    assert 1.05 < max(found) < 3


def test_a_copy_is_its_source_s_twin_unless_switched_on(graph: Client):
    ad_set = delivering(graph)
    graph.post(f"{ad_set}/copies")
    source, copied = rates_of(graph)
    assert copied == source


def test_review_judges_every_copy_anew(graph: Client):
    graph.sim("reset", {"rejections": 0.5})
    graph.open_account()
    _, ad_set, ad = graph.tree()
    graph.sim("review", {"ad_id": ad, "verdict": "DISAPPROVED"})
    copies = [graph.post(f"{ad_set}/copies", deep_copy=True)["copied_adset_id"] for _ in range(16)]

    def statuses() -> list[str]:
        shown = [graph.get(f"{each}/ads", fields="effective_status")["data"] for each in copies]
        return [ads[0]["effective_status"] for ads in shown]

    assert statuses() == ["PENDING_REVIEW"] * 16
    graph.advance(1)
    judged = statuses()
    assert 3 <= judged.count("DISAPPROVED") <= 13
    assert judged.count("PAUSED") + judged.count("ADSET_PAUSED") == 16 - judged.count("DISAPPROVED")
