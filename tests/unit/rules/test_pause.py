from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    account,
    actions,
    ad_set,
    ago,
    copy,
    did,
    goal,
    holds,
    learning,
    paused,
    plan,
    removed,
    scaling,
    settings,
)


def loser(id_: str = "11", campaign: str = "1", **change: Any) -> Any:
    """An ad set that has just spent enough to lose."""
    return ad_set(id_, campaign, 300, **({"lifetime": did(1001)} | change))


SEEN = ad_set("19", budget=300, lifetime=did(100, 1))
"""One with an event, so that the goal is not blind."""


def lost(*things: Any, **change: Any) -> list[str]:
    return actions(plan(*things, templates=(), **change), "pause")


def held(*things: Any, **change: Any) -> list[str]:
    return holds(plan(*things, templates=(), **change), "pause")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param({}, None, id="spent enough, no events"),
        pytest.param({"lifetime": did(1000)}, "too_little_spend", id="on the bar is not over it"),
        pytest.param({"lifetime": did(0)}, "too_little_spend", id="no spend"),
        pytest.param({"lifetime": None}, "too_little_spend", id="no delivery"),
        pytest.param({"lifetime": did(1001, 1)}, "has_events", id="one event"),
        pytest.param({"lifetime": did(10**9, 1)}, "has_events", id="one event, however dear"),
        pytest.param({"lifetime": did(1000, 1)}, "too_little_spend", id="spend before events"),
        pytest.param({"active_since": ago(hours=48)}, None, id="two days"),
        pytest.param({"active_since": ago(hours=48, microseconds=-1)}, "too_young", id="just less"),
        pytest.param({"active_since": ago(hours=1), "lifetime": None}, "too_young", id="age before spend"),
        pytest.param({"created_at": ago(hours=47)}, "too_young", id="null since is its creation"),
    ],
)
def test_who_loses(row: dict[str, Any], reason: str | None) -> None:
    found = held(learning(), loser(**row), SEEN)

    assert [each for each in found if "/11 " in each] == (
        [] if reason is None else [f"pause_adset 1/11 {reason}"]
    )
    assert lost(learning(), loser(**row), SEEN) == ([] if reason else ["pause_adset 1/11 loser"])


def test_with_pausing_off_nothing_is_paused() -> None:
    off = settings(auto_pause_losers=False)

    assert lost(learning(), loser(), settings=off) == []
    assert held(learning(), loser(active_since=ago(hours=1)), settings=off) == [
        "pause_adset 1/11 auto_pause_off"
    ]


@pytest.mark.parametrize(
    ("total", "reason"),
    [pytest.param(500, None, id="on the bar"), pytest.param(499, "budget_too_low", id="a cent under")],
)
def test_a_small_budget_is_too_low_to_judge(total: int, reason: str | None) -> None:
    small = settings(global_daily_budget_minor=total)

    assert (f"pause_adset 1/11 {reason}" in held(learning(), loser(), SEEN, settings=small)) is bool(reason)
    assert bool(lost(learning(), loser(), SEEN, settings=small)) is (reason is None)


def test_events_come_before_a_small_budget() -> None:
    found = held(learning(), loser(lifetime=did(1001, 1)), settings=settings(global_daily_budget_minor=100))

    assert found == ["pause_adset 1/11 has_events"]


@pytest.mark.parametrize(
    "things",
    [
        pytest.param([learning(), paused(loser(), "user")], id="paused by a person"),
        pytest.param([learning(), paused(loser(), why="below_minimum_budget")], id="paused by us"),
        pytest.param([paused(learning(), "user"), loser()], id="in a campaign a person paused"),
        pytest.param([removed(learning(), days=9), loser()], id="in a removed campaign"),
        pytest.param([goal(is_active=False), learning(), loser()], id="of an inactive goal"),
        pytest.param([goal(budget_hint_minor=0), learning(), loser()], id="of a goal without budget"),
        pytest.param([goal("podcasts"), learning(goal_key="podcasts"), loser()], id="of an unknown goal"),
    ],
)
def test_who_is_not_judged(things: list[Any]) -> None:
    assert (lost(*things), held(*things)) == ([], [])


def test_ad_sets_opened_in_this_run_are_not_judged() -> None:
    decided = plan()

    assert "new:testing:streams:broad:c1" in {each.adset_id for each in decided.actions}
    assert (actions(decided, "pause"), holds(decided, "pause")) == ([], [])


def test_one_resumed_in_this_run_is_too_young() -> None:
    assert held(paused(learning(), why="goal_inactive"), loser()) == ["pause_adset 1/11 too_young"]


def test_losers_are_in_goal_order_learning_first_by_age() -> None:
    things = [
        goal("streams", priority=1),
        goal("virality", priority=2),
        learning("1", created_at=ago(days=9)),
        learning("2", created_at=ago(days=10)),
        scaling("9", created_at=ago(days=99)),
        loser("11"),
        loser("12", created_at=ago(days=15)),
        loser("21", "2"),
        loser("91", "9"),
        SEEN,
        copy("92", lifetime=did(1, 1)),
        learning("7", goal_key="virality"),
        loser("71", "7"),
        ad_set("72", "7", 1, lifetime=did(1, 1)),
    ]

    assert lost(*things, settings=settings(global_daily_budget_minor=5000)) == [
        "pause_adset 7/71 loser",
        "pause_adset 2/21 loser",
        "pause_adset 1/12 loser",
        "pause_adset 1/11 loser",
        "pause_adset 9/91 loser",
    ]


# The last of a scaling campaign


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        pytest.param(
            [loser("91", "9")], ["pause_adset 9/91 loser", "pause_campaign 9 no_active_adset"], id="last"
        ),
        pytest.param(
            [loser("91", "9"), paused(copy("92"), "user")],
            ["pause_adset 9/91 loser", "pause_campaign 9 no_active_adset"],
            id="last ACTIVE one",
        ),
        pytest.param([loser("91", "9"), copy("92")], ["pause_adset 9/91 loser"], id="another runs"),
        pytest.param(
            [loser("91", "9"), loser("92", "9")],
            ["pause_adset 9/91 loser", "pause_adset 9/92 loser", "pause_campaign 9 no_active_adset"],
            id="both of two",
        ),
        pytest.param([copy("91")], [], id="none lost"),
    ],
)
def test_a_scaling_campaign_that_loses_its_last_is_paused_right_after(
    copies: list[Any], expected: list[str]
) -> None:
    assert lost(learning(), SEEN, scaling("9"), *copies, scaling("99"), copy("991", "99")) == expected


def test_a_learning_campaign_that_loses_its_last_is_not_paused() -> None:
    assert lost(learning(), loser(), learning("2"), paused(ad_set("19", "2", lifetime=did(1, 1)))) == [
        "pause_adset 1/11 loser"
    ]


def test_a_copy_made_in_this_run_keeps_the_campaign_running() -> None:
    things = [learning(), ad_set(budget=700, lifetime=did(500, 10)), scaling(), loser("91", "9")]

    assert lost(*things) == ["pause_adset 9/91 loser"]


# Blind goals


@pytest.mark.parametrize(
    ("things", "is_blind"),
    [
        pytest.param([loser("11"), loser("12")], True, id="two losers, no event anywhere"),
        pytest.param([loser("11"), loser("12"), loser("13")], True, id="three losers"),
        pytest.param([loser("11")], False, id="one loser is a loser"),
        pytest.param(
            [loser("11"), ad_set("12", lifetime=did(1000))], False, id="one loser beside a poor one"
        ),
        pytest.param([loser("11"), loser("12"), SEEN], False, id="one event"),
        pytest.param(
            [loser("11"), loser("12"), paused(ad_set("13", lifetime=did(1, 1)), why="loser")],
            False,
            id="an event of a paused one",
        ),
        pytest.param(
            [loser("11"), loser("12"), ad_set("13", lifetime=did(1, 1), status="DELETED")],
            False,
            id="an event of a deleted one",
        ),
        pytest.param(
            [loser("11"), loser("12"), removed(scaling(), days=99), copy("91", lifetime=did(1, 1))],
            False,
            id="an event in a removed campaign",
        ),
        pytest.param([loser("11"), scaling(), loser("91", "9")], True, id="one in learning, one in scaling"),
        pytest.param(
            [
                loser("11"),
                loser("12"),
                goal(),
                goal("virality"),
                learning("7", goal_key="virality"),
                ad_set("71", "7", lifetime=did(1, 1)),
            ],
            True,
            id="another goal's event",
        ),
    ],
)
def test_a_goal_without_any_event_is_blind(things: list[Any], *, is_blind: bool) -> None:
    found = [each for each in held(learning(), *things) if each.endswith("no_events_anywhere")]

    assert bool(found) is is_blind
    assert bool(lost(learning(), *things)) is not is_blind


def test_every_would_be_loser_of_a_blind_goal_is_held_and_only_those() -> None:
    things = [learning(), loser("11"), loser("12"), loser("13", active_since=ago(hours=1))]

    assert held(*things) == [
        "pause_adset 1/11 no_events_anywhere",
        "pause_adset 1/12 no_events_anywhere",
        "pause_adset 1/13 too_young",
    ]


@pytest.mark.parametrize(
    ("other", "stops"),
    [
        pytest.param(8999, True, id="over 10000 in all"),
        pytest.param(7998, False, id="on 10000"),
        pytest.param(7999, True, id="a cent over it"),
    ],
)
def test_a_blind_goal_that_cost_too_much_is_stopped_whole(other: int, *, stops: bool) -> None:
    things = [
        learning("1", created_at=ago(days=9)),
        learning("2", created_at=ago(days=10)),
        loser("11"),
        loser("12"),
        paused(ad_set("13", lifetime=did(other)), why="loser"),
        loser("14", active_since=ago(hours=1), lifetime=None),
        scaling(created_at=ago(days=99)),
        copy("91"),
        paused(learning("3"), "user"),
    ]

    made, found = lost(*things), held(*things)

    assert made == (
        [
            "pause_campaign 2 no_events_anywhere",
            "pause_campaign 1 no_events_anywhere",
            "pause_campaign 9 no_events_anywhere",
        ]
        if stops
        else []
    )
    assert ("pause_adset 1/11 no_events_anywhere" in found) is not stops
    assert {"pause_adset 1/14 too_young", "pause_adset 9/91 too_little_spend"} <= set(found)


def test_the_spend_of_removed_campaigns_counts() -> None:
    things = [
        learning(),
        loser("11"),
        loser("12"),
        removed(learning("2"), days=99),
        ad_set("21", "2", lifetime=did(9000)),
    ]

    assert lost(*things) == ["pause_campaign 1 no_events_anywhere"]


@pytest.mark.parametrize(
    ("spend", "stops"),
    [pytest.param(8999, False, id="on the limit"), pytest.param(9000, True, id="a cent over it")],
)
def test_what_is_opened_in_this_run_has_cost_nothing(spend: int, *, stops: bool) -> None:
    decided = plan(learning(), loser("11"), loser("12", lifetime=did(spend)))

    assert "create_adset" in {action.action_type for action in decided.actions}
    assert bool(actions(decided, "pause")) is stops


def test_a_campaign_opened_in_this_run_is_stopped_with_its_goal() -> None:
    things = [scaling(), loser("91", "9", lifetime=did(9000)), loser("92", "9", lifetime=did(9000))]

    assert actions(plan(*things), "pause") == [
        "pause_campaign new:testing:streams no_events_anywhere",
        "pause_campaign 9 no_events_anywhere",
    ]


def test_thresholds_are_the_policys() -> None:
    policy = {"loser_min_spend": 2000, "loser_min_active_hours": 1, "blind_spend_limit": 4001}
    dear = {"lifetime": did(2001), "active_since": ago(hours=1)}

    assert held(learning(), loser("11"), policy=policy) == ["pause_adset 1/11 too_little_spend"]
    assert lost(learning(), loser("11", **dear), policy=policy) == ["pause_adset 1/11 loser"]
    assert lost(learning(), loser("11", **dear), loser("12", **dear), policy=policy) == [
        "pause_campaign 1 no_events_anywhere"
    ]


def test_thresholds_are_in_the_accounts_currency() -> None:
    yen = account(currency="JPY", units_per_usd="150")

    # 10 dollars are 1500 yen
    assert held(learning(), loser(lifetime=did(1500)), account=yen) == ["pause_adset 1/11 too_little_spend"]
    assert lost(learning(), loser(lifetime=did(1501)), account=yen) == ["pause_adset 1/11 loser"]
