"""What people and the platform did by themselves, as a preview and a run decide on it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
import pytest

from demo import demo_users
from orchestrator.runs.preview import Preview, preview
from tests.integration.runs.conftest import NOW, Workbench
from tests.integration.runs.evidence.test_readings import control, person_does, the_test
from tests.integration.runs.test_explain import command

BO = demo_users.BO
"""Four ACTIVE tests of 5.00 for virality, two of which are winners; 20.00 a day of at most 100.00."""
RISES = {"promote_winner", "create_campaign", "create_adset", "resume_adset", "resume_campaign"}


def previewed(town: Workbench) -> Preview:
    return preview(town.resources, BO.user_id, now=town.now)


def decided(one: Preview, kind: str) -> Counter[tuple[str, str]]:
    return Counter((i.action_type, i.reason) for i in one.items if i.kind == kind)


def raised(one: Preview) -> list[tuple[str, int | None]]:
    return [
        (i.action_type, i.after_minor)
        for i in one.items
        if i.kind == "action" and (i.action_type in RISES or (i.after_minor or 0) > (i.before_minor or 0) > 0)
    ]


@pytest.mark.people(BO)
def test_without_any_of_it_the_winners_are_promoted(town: Workbench) -> None:
    assert [name for name, _ in raised(previewed(town))].count("promote_winner") == 2


@pytest.mark.people(BO)
def test_what_has_ended_frees_its_place_and_wins_nothing(town: Workbench) -> None:
    for ad_set in town.ad_sets("Bo"):
        person_does(town, "set_end", ad_set["id"], end=int(NOW.timestamp()))
    one = previewed(town)

    assert decided(one, "action")["pause_adset", "ended"] == 4
    assert raised(one) == []

    town.run("live")
    assert {a["status"] for a in town.ad_sets("Bo")} == {"PAUSED"}


@pytest.mark.people(BO)
def test_what_only_one_rejected_ad_has_is_paused_and_not_promoted(town: Workbench) -> None:
    best = the_test(town, "broad chorus")
    control(town, "review", {"ad_id": best["ads"][0]["id"], "verdict": "DISAPPROVED"})
    one = previewed(town)

    paused = [i.adset_id for i in one.items if (i.kind, i.reason) == ("action", "cannot_deliver")]
    promoted = {i.adset_id for i in one.items if (i.kind, i.action_type) == ("action", "promote_winner")}
    assert paused == [best["id"]]
    assert best["id"] not in promoted


@pytest.mark.people(BO)
@pytest.mark.parametrize("status", [2, 3, 7, 8, 100, 101])
def test_an_account_that_may_not_deliver_gets_no_rise_and_is_told(town: Workbench, status: int) -> None:
    change_account(town, account_status=status)
    one = previewed(town)

    assert raised(one) == []
    assert decided(one, "hold")["promote_winner", "breaker_account"] == 2

    town.run("live")
    assert [a.action.action_type for a in town.actions("live") if a.action.action_type in RISES] == []
    assert "breaker_account" in held(town, "live", "promote", "promote_winner")


@pytest.mark.people(BO)
@pytest.mark.parametrize("status", [1, 9])
def test_an_account_that_may_goes_on(town: Workbench, status: int) -> None:
    change_account(town, account_status=status)

    assert len(raised(previewed(town))) > 0


def change_account(town: Workbench, **change: Any) -> None:
    control(town, "accounts", {"ad_account_id": town.accounts["Bo"].ad_account_id, **change})


@pytest.mark.people(BO)
@pytest.mark.parametrize(("left", "promoted"), [(1, 2), (0, 0), (-500, 0)])
def test_a_spending_limit_that_is_reached_holds_every_rise(town: Workbench, left: int, promoted: int) -> None:
    spent = 4 * 6 * 500
    person_does(town, "set_spending_limit", town.accounts["Bo"].ad_account_id, spend_cap_minor=spent + left)
    one = previewed(town)

    assert [name for name, _ in raised(one)].count("promote_winner") == promoted
    assert decided(one, "hold")["promote_winner", "breaker_spending_limit"] == 2 - promoted


@pytest.mark.people(demo_users.CY)
def test_days_under_a_spending_limit_are_told_once_it_is_used_up(town: Workbench) -> None:
    """One minor unit is left: nothing more is delivered, though all of it reads active."""
    account = town.accounts["Cy"].ad_account_id
    spent = sum(a["spend_minor"] for a in town.ad_sets("Cy"))
    person_does(town, "set_spending_limit", account, spend_cap_minor=spent + 1)

    for day in range(4):
        town.run(f"day {day}")
        town.later(24)

    assert {a["status"] for a in town.ad_sets("Cy")} == {"ACTIVE"}
    assert held(town, "day 3", "scale", "update_budget") == {"too_few_events"}
    said = command(town, "why", demo_users.CY.user_id).stdout
    told = "Did not raise anything on the ad account", "$0.00 are left of the account's spending limit"
    assert [each for each in told if each not in said] == []
    found = preview(town.resources, demo_users.CY.user_id, now=town.now)
    assert [i.title for i in found.items if i.reason == "breaker_spending_limit"] == [
        "Would not raise anything on the ad account"
    ]


def held(town: Workbench, run_key: str, step: str, action_type: str) -> set[str]:
    """The reasons for which a run held the actions of one type."""
    (run,) = town.resources.store.runs.of_batch(run_key, 0)
    decisions = town.resources.store.action_log.decisions_by_step(run.run_id)
    holds = decisions[step].get("holds", ())
    return {hold["reason"] for hold in holds if hold["action_type"] == action_type}


@pytest.mark.people(BO)
def test_what_a_person_paused_below_an_ad_set_does_not_come_back_as_a_copy(town: Workbench) -> None:
    best = the_test(town, "broad chorus")
    town.simulator.act("pause", best["ads"][0]["id"])
    town.later(48)
    assert [i.adset_id for i in previewed(town).items if i.reason == "cannot_deliver"] == [best["id"]]

    town.run("live")

    assert [a["id"] for a in town.ad_sets("Bo") if a["source_id"] == best["id"]] == []
    (kept,) = [a for a in town.ad_sets("Bo") if a["id"] == best["id"]]
    assert (kept["status"], kept["ads"][0]["status"]) == ("PAUSED", "PAUSED")


@pytest.mark.people(BO)
def test_a_duplicate_by_hand_counts_and_nothing_rises_past_the_cap(town: Workbench) -> None:
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute("update user_ads_modes set max_daily_budget = 27.00")
    copy = person_does(town, "duplicate", the_test(town, "broad chorus")["id"], daily_budget_minor=8000)
    one = previewed(town)

    assert raised(one) == []
    assert [i.adset_id for i in one.items if i.reason == "not_ours"] == [copy]

    town.run("live")
    (left,) = [a for a in town.ad_sets("Bo") if a["id"] == copy]
    assert (left["status"], left["daily_budget_minor"]) == ("ACTIVE", 8000)
    assert [a.action.action_type for a in town.actions("live") if a.action.action_type in RISES] == []


@pytest.mark.people(BO)
def test_a_budget_moved_to_the_campaign_is_left_and_counted(town: Workbench) -> None:
    (campaign,) = town.campaigns("Bo")
    person_does(town, "move_budget_to_campaign", campaign["id"], daily_budget_minor=6000)
    one = previewed(town)

    assert decided(one, "hold")["update_budget", "budget_moved"] == 1
    assert raised(one) == []

    town.run("live")
    assert town.campaigns("Bo")[0]["daily_budget_minor"] == 6000
