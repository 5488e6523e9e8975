"""Whoever owns a budget: it is counted, and where a person moved it, it is left to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrator import rules
from tests.unit.rules.worlds import (
    D1,
    D2,
    actions,
    ad_set,
    ago,
    copy,
    day,
    did,
    goal,
    holds,
    learning,
    paused,
    plan,
    plan_full,
    scaling,
    settings,
    template,
    thresholds,
    world,
)

MOVED = learning("1", daily_budget_minor=900)
LIFETIME = learning("1", lifetime_daily_minor=900)


def live(*things: Any) -> int:
    return rules.initial_state(world(*things), thresholds()).live_minor


@pytest.mark.parametrize(
    ("things", "minor"),
    [
        pytest.param([learning(), ad_set(budget=70)], 70, id="its ad sets"),
        pytest.param([MOVED, ad_set(budget=None)], 900, id="a learning campaign's own"),
        pytest.param([MOVED, ad_set(budget=70)], 900, id="its own, whatever stands below"),
        pytest.param([LIFETIME, ad_set(budget=None)], 900, id="what is left of a lifetime budget"),
        pytest.param([learning(lifetime_daily_minor=0), ad_set(budget=70)], 0, id="nothing is left of it"),
        pytest.param([paused(MOVED), ad_set(budget=70)], 0, id="paused"),
        pytest.param([scaling(budget=70), copy("91")], 70, id="a scaling campaign's own"),
        pytest.param([scaling(budget=None), ad_set("91", "9", 40)], 40, id="moved to its ad sets"),
        pytest.param([scaling(budget=None, lifetime_daily_minor=30), copy("91")], 30, id="a lifetime one"),
        pytest.param(
            [learning(), ad_set(budget=None, lifetime_daily_minor=50)], 50, id="an ad set's lifetime budget"
        ),
        pytest.param([learning(), ad_set(budget=8000, ours=False)], 8000, id="an ad set that a person made"),
        pytest.param([learning(), ad_set(budget=70, delivery="cannot")], 70, id="one that cannot deliver"),
        pytest.param([scaling(budget=70), ad_set("91", "9", 40, ours=False)], 70, id="theirs below it"),
    ],
)
def test_the_live_sum_goes_over_every_owner(things: list[Any], minor: int) -> None:
    assert live(*things) == minor


@pytest.mark.parametrize("campaign", [pytest.param(MOVED, id="daily"), pytest.param(LIFETIME, id="lifetime")])
def test_a_moved_testing_campaign_is_left_and_none_is_created_beside_it(campaign: Any) -> None:
    decided = plan(campaign, ad_set("11", budget=None), ad_set("12", budget=None), template())

    assert actions(decided) == []
    assert holds(decided, "allocate") == ["update_budget 1 budget_moved"]
    assert holds(decided, "learning") == ["create_adset 1 budget_moved"]


def test_a_moved_campaign_that_finds_no_room_is_named_itself() -> None:
    """Shares were divided with it; the one that runs is ours."""
    older = paused(learning("1", daily_budget_minor=5000, created_at=ago(days=20)), why="goal_inactive")
    decided = plan(older, learning("2"), ad_set("21", "2", 1000), template())

    assert holds(decided, "allocate") == ["resume_campaign 1 no_room", "update_budget 2/21 within_tolerance"]
    assert holds(decided, "learning") == ["create_adset 1 budget_moved"]


def test_pauses_are_still_made_where_a_person_moved_the_budget() -> None:
    decided = plan(
        MOVED,
        ad_set("11", budget=None, delivery="cannot"),
        ad_set("12", budget=None, lifetime=did(1001, 0)),
        ad_set("13", budget=None, lifetime=did(1001, 1)),
        settings=settings(global_daily_budget_minor=1000),
    )

    assert actions(decided) == ["pause_adset 1/11 cannot_deliver", "pause_adset 1/12 loser"]


def test_a_second_campaign_beside_a_moved_one_is_divided_without_it() -> None:
    """The moved one is the younger: new tests go into the first."""
    made = actions(
        plan(
            learning("2", created_at=ago(days=20)),
            ad_set("21", "2", 100),
            MOVED,
            ad_set("11", budget=None),
            template(audiences=[]),
        ),
        "allocate",
    )

    assert made == ["update_budget 2/21 100>1000 learning_share"]


def test_a_moved_testing_campaign_comes_back_with_the_budget_it_has() -> None:
    decided = plan_full(paused(MOVED, why="goal_inactive"), ad_set(budget=None))

    assert actions(decided, "allocate") == ["resume_campaign 1 goal_active"]
    assert holds(decided, "allocate") == []


@pytest.mark.parametrize(
    ("budget", "made"),
    [
        pytest.param(5000, ["resume_campaign 1 goal_active"], id="on the cap"),
        pytest.param(5001, [], id="one unit over"),
    ],
)
def test_it_comes_back_under_the_cap_alone(budget: int, made: list[str]) -> None:
    decided = plan_full(paused(learning(daily_budget_minor=budget), why="goal_inactive"), ad_set(budget=None))

    assert actions(decided, "allocate") == made


@pytest.mark.parametrize(
    ("budget", "raised"),
    [
        pytest.param(4000, ["update_budget 1/11 500>1000 learning_share"], id="theirs leaves the raise"),
        pytest.param(4001, [], id="one unit less does not"),
    ],
)
def test_what_a_person_made_leaves_less_room(budget: int, raised: list[str]) -> None:
    decided = plan(
        learning(),
        ad_set("11", budget=500),
        ad_set("12", budget=budget, ours=False),
        template(audiences=[]),
    )

    assert actions(decided, "allocate") == raised
    assert "update_budget 1/12 not_ours" in holds(decided, "allocate")


@pytest.mark.parametrize(
    ("things", "told"),
    [
        pytest.param([learning(), ad_set(ours=False)], True, id="it runs"),
        pytest.param([learning(), paused(ad_set(ours=False), "user")], False, id="it is paused"),
        pytest.param([paused(learning(), "user"), ad_set(ours=False)], False, id="its campaign is"),
        pytest.param([goal(is_active=False), learning(), ad_set(ours=False)], False, id="the goal is off"),
        pytest.param([goal(budget_hint_minor=0), learning(), ad_set(ours=False)], True, id="no budget"),
    ],
)
def test_an_ad_set_of_a_person_is_told_while_it_runs(things: list[Any], *, told: bool) -> None:
    assert ("update_budget 1/11 not_ours" in holds(plan(*things), "allocate")) is told


def test_an_ad_set_of_a_person_is_no_test_no_winner_and_no_loser() -> None:
    theirs = ad_set("12", audience="broad", budget=500, ours=False, lifetime=did(5000, 50), known_events=99)
    decided = plan(learning(), ad_set("11", budget=1000), theirs, template())

    assert all("12" not in each for each in [*actions(decided), *holds(decided, "promote")])
    assert "create_adset 1/new:testing:streams:broad:c1 None>500 new_test_cell" in actions(decided)


def test_a_lifetime_ad_set_shares_nothing_and_is_told() -> None:
    decided = plan(
        learning(),
        ad_set("11", budget=600),
        ad_set("12", budget=None, lifetime_daily_minor=40),
        template(audiences=[]),
    )

    assert actions(decided) == ["update_budget 1/11 600>1000 learning_share"]
    assert holds(decided, "allocate") == ["update_budget 1/12 budget_moved"]


def test_a_lifetime_ad_set_is_not_resumed() -> None:
    starved = paused(ad_set("12", budget=None, lifetime_daily_minor=40), why="below_minimum_budget")

    assert actions(plan(learning(), ad_set("11", budget=1000), starved, template(audiences=[]))) == []


GOOD_WINNER = ad_set("11", budget=700, lifetime=did(500, 10))


@pytest.mark.parametrize(
    ("campaign", "reason"),
    [
        pytest.param(scaling(), None, id="ours"),
        pytest.param(scaling(budget=None), "budget_moved", id="its ad sets have the budget"),
        pytest.param(scaling(budget=None, lifetime_daily_minor=900), "budget_moved", id="a lifetime budget"),
        pytest.param(
            paused(scaling(budget=None), why="no_active_adset"), "budget_moved", id="the one to revive"
        ),
        pytest.param(paused(scaling(), why="no_active_adset"), None, id="ours to revive"),
    ],
)
def test_nothing_is_copied_into_a_moved_scaling_campaign(campaign: Any, reason: str | None) -> None:
    decided = plan(learning(), GOOD_WINNER, campaign, copy("91"), template(audiences=[]))

    assert holds(decided, "promote") == ([] if reason is None else [f"promote_winner 1/11 {reason}"])


def test_a_first_scaling_campaign_is_not_made_beside_a_moved_learning_one() -> None:
    decided = plan(MOVED, replace(GOOD_WINNER, daily_budget_minor=None))

    assert holds(decided, "promote") == ["promote_winner 1/11 budget_moved"]


def test_a_winner_of_a_moved_campaign_is_copied_where_a_scaling_one_runs() -> None:
    decided = plan(MOVED, replace(GOOD_WINNER, daily_budget_minor=None), scaling(), copy("91"))

    assert actions(decided, "promote") == ["promote_winner 9/11 winner"]


def test_a_moved_scaling_campaign_is_neither_resumed_nor_raised() -> None:
    asleep = plan_full(paused(scaling(budget=None), why="goal_inactive"), copy("91"))
    awake = plan_full(scaling(budget=None), copy("91"))

    assert (actions(asleep), holds(asleep, "allocate")) == ([], ["resume_campaign 9 budget_moved"])
    assert (actions(awake), holds(awake, "scale")) == ([], ["update_budget 9 budget_moved"])


def test_a_moved_scaling_campaign_takes_no_part_in_the_room() -> None:
    """It is in the live daily budget alone: ours is not cut for it, and takes a whole step beside it."""
    days = (day(D1, 300, 3), day(D2, 300, 3))

    def beside(theirs: int, budget: int) -> Any:
        moved = scaling("8", None, lifetime_daily_minor=theirs)
        return plan_full(moved, copy("81", "8"), scaling(budget=budget), copy("91", days=days))

    assert actions(beside(5000, 300), "allocate") == []
    assert actions(beside(2000, 2000), "scale") == ["update_budget 9 2000>2400 scale_up"]


def test_people_s_ad_sets_need_their_minimum_of_a_scaling_budget() -> None:
    theirs = [ad_set(f"9{i}", "9", None, ours=False) for i in range(2, 4)]

    def back(budget: int) -> list[str]:
        return actions(plan_full(paused(scaling(budget=budget), why="goal_inactive"), copy("91"), *theirs))

    assert back(300)[-1:] == ["resume_campaign 9 goal_active"]
    assert back(299) == []


def test_a_scaling_campaign_with_people_s_ad_sets_alone_has_nothing_to_run() -> None:
    decided = plan_full(scaling(), ad_set("91", "9", None, ours=False))

    assert actions(decided, "allocate") == ["pause_campaign 9 no_active_adset"]
