"""A goal that runs nothing and can start nothing leaves its money to the others; nothing else follows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    actions,
    ad_set,
    copy,
    creative,
    goal,
    holds,
    learning,
    paused,
    plan,
    removed,
    scaling,
    settings,
    template,
)

BESIDE = (goal(), goal("virality"), template("virality"), creative("c2", goal_key="virality"))
"""Virality has something to test; what streams has, a test says. Each would get 500."""
TRIED = (creative(), template(audiences=["broad"]))
"""All that streams could test, but for an ad set of it."""


def share(*things: Any, **change: Any) -> int:
    """What streams gets of the day."""
    decided = plan(*BESIDE, *things, **change)
    (mine,) = [each for each in decided.allocations if each.goal_key == "streams"]
    (other,) = [each for each in decided.allocations if each.goal_key == "virality"]
    assert mine.budget_minor + other.budget_minor == 1000
    return mine.budget_minor


@pytest.mark.parametrize(
    ("things", "minor"),
    [
        pytest.param([creative(), template()], 500, id="a cell to open"),
        pytest.param([creative(), template(audiences=[])], 0, id="no audience"),
        pytest.param([template()], 0, id="no creative"),
        pytest.param([creative(status="rejected"), template()], 0, id="none approved"),
        pytest.param([creative(usable=False), template()], 0, id="none usable"),
        pytest.param([creative()], 0, id="no template"),
        pytest.param([creative(), template(), removed(learning(), days=1)], 0, id="removed by a person"),
        pytest.param([creative(), template(), removed(learning(), days=7)], 500, id="a week ago"),
        pytest.param([*TRIED, learning(), ad_set(audience="broad")], 500, id="a test runs"),
        pytest.param([*TRIED, paused(learning(), "user"), ad_set()], 500, id="a person paused its campaign"),
        pytest.param(
            [*TRIED, learning(), paused(ad_set(audience="broad"), "user")], 0, id="a person paused the test"
        ),
        pytest.param([*TRIED, learning(), paused(ad_set(audience="broad"), why="loser")], 0, id="a loser"),
        pytest.param(
            [*TRIED, learning(), paused(ad_set(audience="broad"), why="below_minimum_budget")],
            500,
            id="a test to resume",
        ),
        pytest.param(
            [*TRIED, learning(), ad_set(audience="broad", delivery="cannot")], 0, id="it cannot deliver"
        ),
        pytest.param([*TRIED, learning(), ad_set(audience="broad", ours=False)], 500, id="a person's"),
        pytest.param(
            [*TRIED, learning(), ad_set(audience="broad"), scaling()], 500, id="an empty one scales"
        ),
        pytest.param(
            [*TRIED, paused(learning(), why="goal_inactive"), ad_set(audience="broad")],
            500,
            id="one comes back",
        ),
        pytest.param(
            [*TRIED, paused(learning(), why="no_events_anywhere"), ad_set(audience="broad")], 0, id="blind"
        ),
        pytest.param([template(audiences=[]), creative(), scaling(), copy("91")], 500, id="a copy scales"),
        pytest.param(
            [template(audiences=[]), creative(), paused(scaling(), "user"), copy("91")],
            500,
            id="a person paused its scaling campaign",
        ),
        pytest.param(
            [template(audiences=[]), creative(), paused(scaling(budget=0), why="goal_inactive"), copy("91")],
            500,
            id="a copy would scale, whatever room there is",
        ),
        pytest.param(
            [template(audiences=[]), creative(), paused(scaling(), why="no_active_adset"), copy("91")],
            0,
            id="a copy waits for a winner",
        ),
        pytest.param(
            [
                template(audiences=[]),
                creative(),
                paused(scaling(), why="no_active_adset"),
                paused(copy("91"), why="ended"),
            ],
            500,
            id="a copy that delivers again",
        ),
    ],
)
def test_who_is_idle(things: list[Any], minor: int) -> None:
    assert share(*things) == minor


def test_what_the_user_s_assets_lack_makes_idle() -> None:
    decided = plan(goal(missing=("page", "pixel")), goal("virality"), creative(), template(), learning())

    assert [each.budget_minor for each in decided.allocations if each.goal_key == "streams"] == [0]
    assert "create_adset 1 not_ready" in holds(decided, "learning")


def test_a_hint_of_an_idle_goal_is_left_to_the_others_too() -> None:
    decided = plan(
        goal(budget_hint_minor=900),
        goal("virality"),
        template("virality"),
        creative("c2", goal_key="virality"),
    )

    assert [(each.goal_key, each.budget_minor) for each in decided.allocations] == [
        ("streams", 0),
        ("virality", 1000),
    ]


def test_nothing_but_its_hold_follows_from_being_idle() -> None:
    decided = plan(
        goal(), template(audiences=["broad"]), learning(), paused(ad_set(audience="broad"), why="loser")
    )

    assert (actions(decided), holds(decided)) == ([], ["create_adset 1 no_untested_cell"])


def test_an_idle_goal_is_not_brought_back_and_says_what_it_waits_for() -> None:
    asleep = paused(learning(), why="goal_inactive")
    decided = plan(
        goal(), template(audiences=["broad"]), asleep, paused(ad_set(audience="broad"), why="loser")
    )

    assert (actions(decided), holds(decided)) == ([], ["create_adset 1 no_untested_cell"])


def test_an_empty_scaling_campaign_of_an_idle_goal_is_paused() -> None:
    decided = plan(goal(), template(audiences=[]), scaling(), paused(copy("91"), "user"))

    assert actions(decided) == ["pause_campaign 9 no_active_adset"]


# A split goal with nothing to learn


def parts(*things: Any, **change: Any) -> tuple[int, int]:
    allocation = plan(*things, scaling(), copy("91"), **change).allocations[0]
    return allocation.learning_minor, allocation.scaling_minor


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([template(audiences=["new"])], (700, 300), id="a cell to open"),
        pytest.param([template(audiences=[])], (0, 1000), id="nothing to open"),
        pytest.param([template(audiences=[]), learning(), ad_set()], (700, 300), id="a test runs"),
        pytest.param(
            [template(audiences=[]), learning(), ad_set(delivery="ended")], (0, 1000), id="it has ended"
        ),
        pytest.param(
            [template(audiences=[]), paused(learning(), "user")], (700, 300), id="a person paused it"
        ),
        pytest.param(
            [template(audiences=[]), learning(), ad_set(budget=None, lifetime_daily_minor=5)],
            (700, 300),
            id="a lifetime test runs",
        ),
    ],
)
def test_a_split_goal_learns_only_where_there_is_something_to_learn(
    things: list[Any], expected: tuple[int, int]
) -> None:
    assert parts(*things) == expected


def test_its_learning_money_does_not_take_room_from_what_scales() -> None:
    things = [template(audiences=[]), scaling(budget=5000), copy("91")]

    assert actions(plan(*things), "allocate") == []
    assert actions(plan(*things, learning(), ad_set(budget=700)), "allocate") == [
        "update_budget 9 5000>4300 cap"
    ]


def test_without_anything_to_learn_a_small_budget_is_no_news() -> None:
    decided = plan(
        template(audiences=[]), scaling(), copy("91"), settings=settings(global_daily_budget_minor=100)
    )

    assert not [each for each in holds(decided) if "budget_below_minimum" in each and "streams" in each]
