from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    actions,
    ad_set,
    ago,
    copy,
    creative,
    goal,
    holds,
    learning,
    paused,
    plan_full,
    scaling,
    settings,
)


def allocated(*things: Any, **change: Any) -> tuple[list[str], list[str]]:
    """Actions and holds of the step, where there is something to test and learning opens nothing."""
    decided = plan_full(*things, **change)
    return actions(decided, "allocate"), holds(decided, "allocate")


@pytest.mark.parametrize(
    ("campaign", "comes_back"),
    [
        pytest.param(paused(learning(), why="goal_inactive"), True, id="goal_inactive"),
        pytest.param(paused(learning(), why="no_budget_left"), True, id="no_budget_left"),
        pytest.param(paused(learning(), "creation"), True, id="creation"),
        pytest.param(paused(learning(), why=None), True, id="reset by a person"),
        pytest.param(paused(learning(), why="no_events_anywhere"), False, id="no_events_anywhere"),
        pytest.param(paused(learning(), "user", "goal_inactive"), False, id="a person"),
        pytest.param(paused(learning(), None), False, id="nobody knows who"),
        pytest.param(learning(), False, id="ACTIVE already"),
        pytest.param(learning(paused_by="creation"), False, id="ACTIVE, and once in creation"),
        pytest.param(
            learning(status="DELETED", removed_at=ago(days=9), paused_by="creation"), False, id="gone unborn"
        ),
        pytest.param(
            learning(status="ARCHIVED", removed_at=ago(days=9), paused_by="orchestrator"), False, id="gone"
        ),
    ],
)
def test_a_testing_campaign_comes_back_with_its_goal(campaign: Any, *, comes_back: bool) -> None:
    made, _ = allocated(campaign)

    assert made == (["resume_campaign 1 goal_active"] if comes_back else [])


def test_the_ad_sets_of_what_comes_back_are_set_before_it_does() -> None:
    made, left = allocated(
        paused(learning(), why="goal_inactive"),
        ad_set("11", budget=100),
        ad_set("12", budget=900),
        ad_set("13", budget=334),
    )

    assert made == [
        "update_budget 1/12 900>333 learning_share",
        "update_budget 1/13 334>333 learning_share",
        "update_budget 1/11 100>334 learning_share",
        "resume_campaign 1 goal_active",
    ]
    assert left == []


def back(budget: int, why: str | None, n: int = 1, **change: Any) -> tuple[list[str], list[str]]:
    return allocated(paused(scaling(budget=budget), why=why), *[copy(f"9{i}") for i in range(n)], **change)


@pytest.mark.parametrize(
    ("why", "made", "left"),
    [
        pytest.param("goal_inactive", ["resume_campaign 9 goal_active"], [], id="goal_inactive"),
        pytest.param("no_budget_left", ["resume_campaign 9 goal_active"], [], id="no_budget_left"),
        pytest.param(
            "below_minimum_budget", ["resume_campaign 9 goal_active"], [], id="below_minimum_budget"
        ),
        pytest.param(None, ["resume_campaign 9 goal_active"], [], id="reset by a person"),
        pytest.param("no_active_adset", [], [], id="no_active_adset waits for a winner"),
        pytest.param(
            "no_events_anywhere",
            [],
            ["resume_campaign 9 no_events_anywhere"],
            id="waits for a person",
        ),
    ],
)
def test_a_scaling_campaign_comes_back_for_its_reason(
    why: str | None, made: list[str], left: list[str]
) -> None:
    assert back(300, why) == (made, left)


def test_a_scaling_campaign_that_a_person_paused_stays() -> None:
    assert allocated(paused(scaling(budget=300), "user", "goal_inactive"), copy("91")) == ([], [])


def test_a_scaling_campaign_in_creation_stays() -> None:
    assert allocated(paused(scaling(budget=300), "creation"), copy("91")) == ([], [])


def test_a_paused_scaling_campaign_with_nothing_to_run_waits_for_a_winner() -> None:
    assert back(300, "goal_inactive", n=0) == ([], [])


@pytest.mark.parametrize(
    ("budget", "n", "made", "left"),
    [
        pytest.param(
            1000,
            1,
            ["update_budget 9 1000>300 goal_active", "resume_campaign 9 goal_active"],
            [],
            id="at most the scaling part",
        ),
        pytest.param(300, 1, ["resume_campaign 9 goal_active"], [], id="just the scaling part"),
        pytest.param(250, 1, ["resume_campaign 9 goal_active"], [], id="less than it: not raised"),
        pytest.param(100, 1, ["resume_campaign 9 goal_active"], [], id="on the minimum"),
        pytest.param(99, 1, [], ["resume_campaign 9 no_room"], id="one unit under the minimum"),
        pytest.param(300, 3, ["resume_campaign 9 goal_active"], [], id="three ad sets on three minimums"),
        pytest.param(300, 4, [], ["resume_campaign 9 no_room"], id="four ad sets need four"),
        pytest.param(0, 1, [], ["resume_campaign 9 no_room"], id="no budget"),
    ],
)
def test_what_a_scaling_campaign_comes_back_with(
    budget: int, n: int, made: list[str], left: list[str]
) -> None:
    assert back(budget, "no_budget_left", n) == (made, left)


@pytest.mark.parametrize(
    ("campaign", "ad_sets", "split"),
    [
        pytest.param(scaling(), [copy("91")], True, id="ACTIVE"),
        pytest.param(scaling(budget=0), [copy("91")], True, id="ACTIVE, whatever its budget"),
        pytest.param(scaling(), [], False, id="ACTIVE but empty"),
        pytest.param(scaling(), [paused(copy("91"), "user")], False, id="ACTIVE but all in it paused"),
        pytest.param(scaling(), [copy("91", creative_id="bad")], False, id="ACTIVE but all in it unapproved"),
        pytest.param(
            paused(scaling(budget=100), why="goal_inactive"), [copy("91")], True, id="on the minimum"
        ),
        pytest.param(paused(scaling(budget=99), why="goal_inactive"), [copy("91")], False, id="under it"),
        pytest.param(
            paused(scaling(budget=100), why="no_budget_left"), [copy("91")], True, id="no budget left"
        ),
        pytest.param(
            paused(scaling(budget=100), why="below_minimum_budget"), [copy("91")], True, id="was starved"
        ),
        pytest.param(paused(scaling(budget=100), why=None), [copy("91")], True, id="reset"),
        pytest.param(paused(scaling(), why="no_active_adset"), [copy("91")], False, id="ran dry"),
        pytest.param(paused(scaling(), why="no_events_anywhere"), [copy("91")], False, id="blind"),
        pytest.param(paused(scaling(), "user"), [copy("91")], False, id="a person's"),
        pytest.param(paused(scaling(), "creation"), [copy("91")], False, id="in creation"),
        pytest.param(paused(scaling(), why="goal_inactive"), [], False, id="would come back empty"),
        pytest.param(
            paused(scaling(), why="goal_inactive"),
            [copy("91"), copy("92", creative_id="bad")],
            True,
            id="the unapproved one does not count",
        ),
        pytest.param(learning("9"), [ad_set("91", "9")], False, id="a learning campaign"),
    ],
)
def test_a_goal_is_split_by_a_scaling_campaign_that_runs_or_could(
    campaign: Any, ad_sets: list[Any], *, split: bool
) -> None:
    decided = plan_full(creative(), creative("bad", status="rejected"), campaign, *ad_sets)

    allocation = decided.allocations[0]
    assert (allocation.learning_minor, allocation.scaling_minor) == ((700, 300) if split else (1000, 0))


@pytest.mark.parametrize(
    ("n", "split"),
    [pytest.param(3, True, id="300 feeds three"), pytest.param(4, False, id="300 does not feed four")],
)
def test_a_paused_scaling_campaign_splits_if_the_scaling_part_feeds_it(n: int, *, split: bool) -> None:
    decided = plan_full(paused(scaling(), why="goal_inactive"), *[copy(f"9{i}") for i in range(n)])

    assert decided.allocations[0].scaling_minor == (300 if split else 0)


def test_a_goal_is_split_even_if_its_campaign_finds_no_room() -> None:
    decided = plan_full(
        goal("streams"),
        goal("virality", priority=1),
        scaling("7", 4300, goal_key="virality"),
        copy("71", "7"),
        paused(scaling(budget=300), why="goal_inactive"),
        copy("91"),
        settings=settings(global_daily_budget_minor=1000),
    )

    # 833 and 167: learning 583 and 117, room 4300, which virality's campaign takes wholly
    assert [(a.learning_minor, a.scaling_minor) for a in decided.allocations] == [(583, 250), (117, 50)]
    assert actions(decided, "allocate") == []
    assert holds(decided, "allocate") == ["resume_campaign 9 no_room"]


def test_a_share_of_the_user_replaces_the_policys() -> None:
    decided = plan_full(goal(learning_share_bp=0), scaling(), copy("91"))

    assert (decided.allocations[0].learning_minor, decided.allocations[0].scaling_minor) == (0, 1000)
