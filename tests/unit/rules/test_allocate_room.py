from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    actions,
    ad_set,
    ago,
    copy,
    goal,
    holds,
    learning,
    paused,
    plan_full,
    scaling,
)


def allocated(*things: Any, **change: Any) -> tuple[list[str], list[str]]:
    """Actions and holds of the step, where there is something to test and learning opens nothing."""
    decided = plan_full(*things, **change)
    return actions(decided, "allocate"), holds(decided, "allocate")


@pytest.mark.parametrize(
    ("budget", "made"),
    [
        pytest.param(4300, [], id="on the room"),
        pytest.param(4301, ["update_budget 9 4301>4300 cap"], id="one unit over"),
        pytest.param(100, [], id="far under"),
        pytest.param(50, [], id="under its minimum, but nothing has to be cut"),
    ],
)
def test_one_scaling_campaign_is_cut_to_the_room(budget: int, made: list[str]) -> None:
    assert allocated(scaling(budget=budget), copy("91")) == (made, [])


@pytest.mark.parametrize(
    ("budget", "made"),
    [
        pytest.param(4250, [], id="together on the room: the small one stays"),
        pytest.param(
            4251,
            ["pause_campaign 8 below_minimum_budget", "update_budget 9 4251>4250 cap"],
            id="one unit over",
        ),
    ],
)
def test_one_below_its_minimum_is_paused_only_when_there_is_a_cut(budget: int, made: list[str]) -> None:
    small = scaling("8", 50, created_at=ago(days=20))

    assert allocated(small, copy("81", "8"), scaling(budget=budget), copy("91"))[0] == made


def test_scaling_campaigns_are_cut_in_proportion_in_goal_order_then_age() -> None:
    made, _ = allocated(
        goal("streams", priority=1),
        goal("virality", priority=5),
        scaling("9", 2000),
        copy("91"),
        scaling("8", 2000, created_at=ago(days=13)),
        copy("81", "8"),
        scaling("7", 1001, goal_key="virality"),
        copy("71", "7"),
    )

    # room 5000 - 117 - 583 = 4300, of 5001: 860.68, 1719.66, 1719.66: the last unit goes to 7, then to 9
    assert made == [
        "update_budget 7 1001>861 cap",
        "update_budget 9 2000>1720 cap",
        "update_budget 8 2000>1719 cap",
    ]


@pytest.mark.parametrize(
    ("n", "made"),
    [
        pytest.param(
            10, ["update_budget 8 1100>1000 cap", "update_budget 9 3630>3300 cap"], id="1000 feeds ten"
        ),
        pytest.param(
            11,
            ["pause_campaign 8 below_minimum_budget", "update_budget 9 3630>3300 cap"],
            id="and not eleven",
        ),
    ],
)
def test_a_cut_below_the_cbo_minimum_is_a_pause(n: int, made: list[str]) -> None:
    cut, _ = allocated(
        scaling("8", 1100, created_at=ago(days=15)),
        *[copy(f"8{i}", "8") for i in range(n)],
        scaling("9", 3630),
        copy("91"),
    )

    assert cut == made


def test_what_a_pause_frees_lets_another_come_back() -> None:
    made, left = allocated(
        scaling("8", 4400),
        *[copy(f"8{i}", "8") for i in range(50)],
        paused(scaling("9", 300), why="goal_inactive"),
        copy("91"),
    )

    assert made == ["pause_campaign 8 below_minimum_budget", "resume_campaign 9 goal_active"]
    assert left == []


def test_those_that_come_back_share_what_is_left_in_goal_order_then_age() -> None:
    made, left = allocated(
        scaling("6", 3900),
        copy("61", "6"),
        paused(scaling("7", 300, created_at=ago(days=9)), why="goal_inactive"),
        copy("71", "7"),
        paused(scaling("8", 300, created_at=ago(days=8)), why="goal_inactive"),
        copy("81", "8"),
        paused(scaling("9", 300, created_at=ago(days=7)), why="goal_inactive"),
        copy("91"),
    )

    # room 4300: 400 left; 300 to the oldest, 100 to the next, none to the last
    assert made == [
        "update_budget 8 300>100 goal_active",
        "resume_campaign 7 goal_active",
        "resume_campaign 8 goal_active",
    ]
    assert left == ["resume_campaign 9 no_room"]


def test_one_unit_less_than_a_minimum_is_no_room() -> None:
    made, left = allocated(
        scaling("6", 4201), copy("61", "6"), paused(scaling("7", 300), why="goal_inactive"), copy("71", "7")
    )

    assert (made, left) == ([], ["resume_campaign 7 no_room"])


def test_a_cut_and_a_lowered_return_are_decreases_in_goal_order() -> None:
    made, _ = allocated(
        goal("streams", priority=5),
        goal("virality", priority=5),
        learning("1"),
        ad_set("11", "1", 100),
        paused(scaling("9", 1000), why="goal_inactive"),
        copy("91"),
        learning("2", goal_key="virality"),
        ad_set("21", "2", 900),
    )

    assert made == [
        "update_budget 9 1000>150 goal_active",
        "update_budget 2/21 900>500 learning_share",
        "update_budget 1/11 100>350 learning_share",
        "resume_campaign 9 goal_active",
    ]


def test_resumes_are_in_goal_order_learning_first() -> None:
    made, _ = allocated(
        goal("streams", priority=4),
        goal("virality", priority=5),
        paused(scaling("9", 130), why="goal_inactive"),
        copy("91"),
        paused(learning("1"), why="goal_inactive"),
        paused(learning("2", goal_key="virality"), why="goal_inactive"),
    )

    assert made == [
        "resume_campaign 2 goal_active",
        "resume_campaign 1 goal_active",
        "resume_campaign 9 goal_active",
    ]


def test_pauses_are_in_goal_order_over_inactive_goals_too() -> None:
    made, _ = allocated(
        goal("streams", priority=1, is_active=False),
        goal("virality", priority=2, budget_hint_minor=0),
        goal("followers", priority=3, is_active=False),
        learning("1"),
        learning("2", goal_key="virality"),
        learning("3", goal_key="followers"),
    )

    assert made == [
        "pause_campaign 3 goal_inactive",
        "pause_campaign 2 no_budget_left",
        "pause_campaign 1 goal_inactive",
    ]


# The guardrail, where goals outside the registry spend too


def beside(live: int, *things: Any, **change: Any) -> tuple[list[str], list[str]]:
    """What is allocated beside someone else's live budget; the cap is 5000."""
    others = [goal(), goal("podcasts", is_active=False), scaling("99", live, goal_key="podcasts")]
    return allocated(*others, *things, **change)


@pytest.mark.parametrize(
    ("live", "made", "left"),
    [
        pytest.param(4000, ["update_budget 1/11 500>1000 learning_share"], [], id="to the cap"),
        pytest.param(4001, [], ["update_budget 1/11 no_room"], id="one unit over"),
        pytest.param(6000, [], ["update_budget 1/11 no_room"], id="above it already"),
    ],
)
def test_a_raise_stays_under_the_cap(live: int, made: list[str], left: list[str]) -> None:
    assert beside(live, learning(), ad_set(budget=500)) == (made, left)


@pytest.mark.parametrize("live", [pytest.param(5000, id="on the cap"), pytest.param(6000, id="above it")])
def test_what_does_not_raise_the_live_sum_is_made_even_there(live: int) -> None:
    empty = paused(learning("2", created_at=ago(days=20)), why="goal_inactive")
    back = paused(learning("3", created_at=ago(days=19)), why="goal_inactive")

    made, left = beside(live, empty, back, ad_set("31", "3", 100))

    assert made == ["update_budget 3/31 100>1000 learning_share", "resume_campaign 2 goal_active"]
    assert left == ["resume_campaign 3 no_room"]


def test_not_even_one_unit_is_raised_above_the_cap() -> None:
    made, left = beside(6000, learning(), ad_set(budget=999), policy={"budget_tolerance_bp": 0})

    assert (made, left) == ([], ["update_budget 1/11 no_room"])


def test_what_is_lowered_makes_room_for_what_is_raised() -> None:
    made, left = beside(4000, learning(), ad_set("11", budget=100), ad_set("12", budget=900))

    assert made == ["update_budget 1/12 900>500 learning_share", "update_budget 1/11 100>500 learning_share"]
    assert left == []


def test_a_budget_lowered_for_a_return_stays_lowered_when_there_is_no_room() -> None:
    made, left = beside(4900, paused(scaling(budget=1000), why="goal_inactive"), copy("91"))

    assert made == ["update_budget 9 1000>300 goal_active"]
    assert left == ["resume_campaign 9 no_room"]
