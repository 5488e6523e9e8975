from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    account,
    actions,
    ad_set,
    ago,
    copy,
    creative,
    did,
    goal,
    holds,
    learning,
    paused,
    plan,
    plan_full,
    scaling,
    settings,
)


def allocated(*things: Any, **change: Any) -> tuple[list[str], list[str]]:
    """Actions and holds of the step, where there is something to test and learning opens nothing."""
    decided = plan_full(*things, **change)
    return actions(decided, "allocate"), holds(decided, "allocate")


@pytest.mark.parametrize(
    ("row", "reason", "held"),
    [
        pytest.param({"is_active": False}, "goal_inactive", [], id="inactive"),
        pytest.param(
            {"budget_hint_minor": 0}, "no_budget_left", ["update_budget streams no_budget_left"], id="hint 0"
        ),
    ],
)
def test_campaigns_of_a_goal_without_a_budget_are_paused(
    row: dict[str, Any], reason: str, held: list[str]
) -> None:
    made, left = allocated(
        goal(**row),
        scaling(created_at=ago(days=99)),
        copy("91"),
        learning("2"),
        learning("1"),
        ad_set(),
        paused(learning("3"), "user"),
        paused(scaling("8"), "orchestrator", "no_budget_left"),
    )

    assert made == [f"pause_campaign 1 {reason}", f"pause_campaign 2 {reason}", f"pause_campaign 9 {reason}"]
    assert left == held


def test_a_goal_without_a_budget_is_told_even_with_nothing_to_pause() -> None:
    assert allocated(goal(budget_hint_minor=0)) == ([], ["update_budget streams no_budget_left"])


def test_an_inactive_goal_without_campaigns_says_nothing() -> None:
    assert allocated(goal(is_active=False)) == ([], [])


def test_an_unknown_goal_is_not_touched() -> None:
    made, left = allocated(
        goal("podcasts", is_active=False),
        learning(goal_key="podcasts"),
        ad_set(),
        scaling(goal_key="podcasts"),
    )

    assert (made, left) == ([], [])


@pytest.mark.parametrize(
    ("creatives", "paused_ids"),
    [
        pytest.param([creative("c1", status="rejected")], ["11"], id="rejected"),
        pytest.param([creative("c1", status="pending")], ["11"], id="pending"),
        pytest.param([creative("c1", status="active")], ["11"], id="another word"),
        pytest.param([creative("c1")], [], id="approved"),
        pytest.param([creative("c2", status="rejected")], [], id="not in the snapshot"),
        pytest.param([creative("c1", status="rejected", goal_key="virality")], ["11"], id="of another goal"),
    ],
)
def test_an_ad_set_whose_creative_is_not_approved_is_paused(
    creatives: list[Any], paused_ids: list[str]
) -> None:
    made, _ = allocated(*creatives, learning(), ad_set("11", budget=1000))

    assert made == [f"pause_adset 1/{each} creative_not_approved" for each in paused_ids]


def test_an_ad_set_without_a_creative_is_not_known_to_be_unapproved() -> None:
    made, _ = allocated(creative(status="rejected"), learning(), ad_set("11", budget=1000, creative_id=None))

    assert made == []


def test_an_unapproved_ad_set_leaves_its_budget_to_the_others() -> None:
    made, _ = allocated(
        creative("c1"),
        creative("c2", status="rejected"),
        learning(),
        ad_set("11"),
        ad_set("12", creative_id="c2"),
    )

    assert made == ["pause_adset 1/12 creative_not_approved", "update_budget 1/11 500>1000 learning_share"]


@pytest.mark.parametrize(
    ("campaign", "pauses"),
    [
        pytest.param(learning(), True, id="in an ACTIVE campaign"),
        pytest.param(paused(learning(), why="goal_inactive"), True, id="in one that comes back"),
        pytest.param(paused(learning(), why="no_budget_left"), True, id="in another that comes back"),
        pytest.param(paused(learning(), why=None), True, id="in one that a person reset"),
        pytest.param(paused(learning(), why="no_events_anywhere"), False, id="in one that stays paused"),
        pytest.param(paused(learning(), why="below_minimum_budget"), False, id="for a scaling reason"),
        pytest.param(paused(learning(), "user"), False, id="in one that a person paused"),
        pytest.param(paused(learning(), None), False, id="in one that nobody knows who paused"),
        pytest.param(paused(learning(), "creation"), True, id="in one still in creation"),
    ],
)
def test_unapproved_ad_sets_are_paused_where_they_run_or_would(campaign: Any, *, pauses: bool) -> None:
    made, _ = allocated(creative(status="rejected"), campaign, ad_set())

    assert ("pause_adset 1/11 creative_not_approved" in made) is pauses


@pytest.mark.parametrize(
    ("campaign", "pauses"),
    [
        pytest.param(scaling(), True, id="ACTIVE"),
        pytest.param(paused(scaling(), why="goal_inactive"), True, id="goal_inactive"),
        pytest.param(paused(scaling(), why="no_budget_left"), True, id="no_budget_left"),
        pytest.param(paused(scaling(), why="below_minimum_budget"), True, id="below_minimum_budget"),
        pytest.param(paused(scaling(), why=None), True, id="reset"),
        pytest.param(paused(scaling(), why="no_active_adset"), True, id="no_active_adset"),
        pytest.param(paused(scaling(), why="no_events_anywhere"), False, id="no_events_anywhere"),
        pytest.param(paused(scaling(), "creation"), False, id="creation"),
        pytest.param(paused(scaling(), "user", "goal_inactive"), False, id="a person"),
    ],
)
def test_unapproved_copies_are_paused_where_they_run_or_would(campaign: Any, *, pauses: bool) -> None:
    made, _ = allocated(
        creative(status="rejected"), creative("c2"), campaign, copy("91"), copy("92", creative_id="c2")
    )

    assert ("pause_adset 9/91 creative_not_approved" in made) is pauses


def test_ad_sets_of_a_goal_without_a_budget_are_not_paused_one_by_one() -> None:
    made, _ = allocated(goal(is_active=False), creative(status="rejected"), learning(), ad_set())

    assert made == ["pause_campaign 1 goal_inactive"]


def test_a_scaling_campaign_that_loses_its_last_ad_set_is_paused_right_after_it() -> None:
    made, _ = allocated(
        creative("c1"),
        creative("c2", status="rejected"),
        scaling("8", created_at=ago(days=15)),
        copy("81", "8", creative_id="c2"),
        scaling("9"),
        copy("91", creative_id="c2"),
        copy("92"),
    )

    assert made == [
        "pause_adset 8/81 creative_not_approved",
        "pause_campaign 8 no_active_adset",
        "pause_adset 9/91 creative_not_approved",
    ]


def test_a_scaling_campaign_with_nothing_to_run_is_paused() -> None:
    made, _ = allocated(scaling(), paused(copy("91"), "user"))

    assert made == ["pause_campaign 9 no_active_adset"]


def test_an_empty_scaling_campaign_takes_no_room_and_does_not_split() -> None:
    decided = plan_full(scaling("8", 5000), learning(), ad_set(budget=1000))

    assert actions(decided, "allocate") == ["pause_campaign 8 no_active_adset"]
    assert (decided.allocations[0].learning_minor, decided.allocations[0].scaling_minor) == (1000, 0)


@pytest.mark.parametrize(
    "campaign",
    [
        pytest.param(paused(learning("2"), "user"), id="paused by a person"),
        pytest.param(paused(learning("2"), why="no_events_anywhere"), id="paused as blind"),
        pytest.param(learning("2", status="DELETED", removed_at=ago(days=9)), id="removed"),
    ],
)
def test_ad_sets_in_a_campaign_that_stays_stopped_are_left_alone(campaign: Any) -> None:
    made, _ = allocated(
        learning(),
        ad_set("11", budget=199),
        campaign,
        ad_set("21", "2", 199, lifetime=did(100, 9)),
        settings=settings(global_daily_budget_minor=199),
    )

    assert made == []


# How many the budget feeds


def fed(*ad_sets: Any, **change: Any) -> list[str]:
    """The ad sets that are paused for want of budget."""
    made, _ = allocated(learning(), *ad_sets, **change)
    assert all(each.endswith(" below_minimum_budget") for each in made if each.startswith("pause"))
    return [each.split()[1] for each in made if each.startswith("pause")]


@pytest.mark.parametrize(
    ("total", "paused_ids"),
    [
        pytest.param(300, [], id="a minimum each"),
        pytest.param(299, ["1/13"], id="one unit less feeds two"),
        pytest.param(200, ["1/13"], id="two minimums"),
        pytest.param(199, ["1/12", "1/13"], id="one"),
        pytest.param(100, ["1/12", "1/13"], id="a single minimum"),
    ],
)
def test_the_budget_feeds_one_ad_set_a_minimum(total: int, paused_ids: list[str]) -> None:
    three = [ad_set("11"), ad_set("12"), ad_set("13")]

    assert fed(*three, settings=settings(global_daily_budget_minor=total)) == paused_ids


@pytest.mark.parametrize(
    ("lifetimes", "paused_id"),
    [
        pytest.param([did(), did()], "12", id="no events: the younger"),
        pytest.param([None, did(100, 1)], "11", id="events before none"),
        pytest.param([did(0, 0), did(10**6, 1)], "11", id="events before none, whatever the cost"),
        pytest.param([did(200, 2), did(300, 2)], "12", id="the cheaper"),
        pytest.param([did(301, 3), did(200, 2)], "11", id="cheaper by a third of a cent"),
        pytest.param([did(300, 3), did(200, 2)], "12", id="the same cost: the older"),
        pytest.param([did(200, 3), did(133, 2)], "11", id="66.67 against 66.5: exact"),
        pytest.param([did(500, 0), did(10, 0)], "12", id="spend without events is no cost"),
        pytest.param([did(0, 5), did(0, 1)], "12", id="free events: the older"),
    ],
)
def test_the_best_are_kept(lifetimes: list[Any], paused_id: str) -> None:
    pair = [ad_set(id_, lifetime=did_) for id_, did_ in zip(["11", "12"], lifetimes, strict=True)]

    assert fed(*pair, settings=settings(global_daily_budget_minor=199)) == [f"1/{paused_id}"]


def test_stale_numbers_still_say_which_are_kept() -> None:
    made, _ = allocated(
        learning(),
        ad_set("11"),
        ad_set("12", lifetime=did(100, 1)),
        settings=settings(global_daily_budget_minor=199),
        account=account(insights_read_at=None),
    )

    assert made[0] == "pause_adset 1/11 below_minimum_budget"


def test_more_than_the_most_are_kept_when_the_budget_feeds_them() -> None:
    assert fed(*[ad_set(f"1{i}") for i in range(9)]) == []


@pytest.mark.parametrize(
    ("total", "learning_minor", "first", "held"),
    [
        pytest.param(995, 100, "update_budget 1/11 500>100 learning_share", [], id="on the minimum"),
        pytest.param(
            994,
            99,
            "pause_adset 1/11 below_minimum_budget",
            ["update_budget streams budget_below_minimum"],
            id="one unit under it",
        ),
    ],
)
def test_all_are_paused_when_learning_is_below_the_minimum(
    total: int, learning_minor: int, first: str, held: list[str]
) -> None:
    decided = plan(
        goal(learning_share_bp=1000),
        paused(learning("2"), why="goal_inactive"),
        learning(),
        ad_set(lifetime=did(100, 1)),
        scaling(budget=200),
        copy("91"),
        settings=settings(global_daily_budget_minor=total),
    )

    assert decided.allocations[0].learning_minor == learning_minor
    assert actions(decided, "allocate") == [first, "resume_campaign 2 goal_active"]
    assert holds(decided, "allocate") == held


def test_a_hint_below_the_minimum_is_told_even_with_nothing_to_pause() -> None:
    assert allocated(goal(budget_hint_minor=99)) == ([], ["update_budget streams budget_below_minimum"])
    assert allocated(goal(budget_hint_minor=100)) == ([], [])
