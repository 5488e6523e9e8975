from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.unit.rules.worlds import (
    D1,
    D2,
    account,
    actions,
    ad_set,
    ago,
    copy,
    day,
    did,
    goal,
    holds,
    learning,
    past,
    paused,
    plan,
    plan_full,
    removed,
    scaling,
    settings,
)

NO_BREAKER = {"breaker_spend_bp": 100_000, "breaker_delivery_bp": 0}
GOOD = (day(D1, 300, 3), day(D2, 300, 3))


def performing(id_: str = "91", campaign: str = "9", days: Any = GOOD) -> Any:
    return copy(id_, campaign, days=days)


def scaled(*things: Any, **change: Any) -> list[str]:
    return actions(plan_full(*things, **change), "scale")


def held(*things: Any, **change: Any) -> list[str]:
    return holds(plan_full(*things, **change), "scale")


RAISED = ["update_budget 9 2000>2400 scale_up"]


def test_a_scaling_campaign_that_keeps_performing_is_raised_by_a_fifth() -> None:
    assert scaled(scaling(budget=2000), performing()) == RAISED
    assert held(scaling(budget=2000), performing()) == []


# Whom


@pytest.mark.parametrize(
    "things",
    [
        pytest.param([paused(scaling(), "user"), performing()], id="paused by a person"),
        pytest.param([removed(scaling(), days=9), performing()], id="removed"),
        pytest.param([scaling()], id="empty: paused in this run"),
        pytest.param([learning("9"), performing()], id="a learning campaign"),
        pytest.param([goal(is_active=False), scaling(), performing()], id="of an inactive goal"),
        pytest.param([goal("podcasts"), scaling(goal_key="podcasts"), performing()], id="of an unknown goal"),
    ],
)
def test_who_is_not_asked(things: list[Any]) -> None:
    decided = plan(*things, templates=())

    assert (actions(decided, "scale"), holds(decided, "scale")) == ([], [])


def test_one_opened_in_this_run_is_not_asked() -> None:
    decided = plan(learning(), ad_set(lifetime=did(500, 10)), templates=())

    assert "resume_campaign new:scaling:streams winner" in actions(decided)
    assert (actions(decided, "scale"), holds(decided, "scale")) == ([], [])


def test_one_resumed_in_this_run_is_asked() -> None:
    things = [paused(scaling(budget=300), why="goal_inactive"), performing()]

    assert scaled(*things) == ["update_budget 9 300>360 scale_up"]


def test_one_revived_in_this_run_is_asked() -> None:
    things = [
        learning(),
        ad_set(lifetime=did(500, 10)),
        paused(scaling(), why="no_active_adset"),
        paused(performing(), why="loser"),
    ]

    assert scaled(*things) == ["update_budget 9 300>360 scale_up"]


# Holds


@pytest.mark.parametrize(
    ("row", "cools"),
    [
        pytest.param({"at": ago(hours=24)}, False, id="24 hours ago"),
        pytest.param({"at": ago(hours=25)}, False, id="longer ago"),
        pytest.param({"at": ago(hours=24, microseconds=-1)}, True, id="just less"),
        pytest.param({"status": "unknown"}, True, id="it may have happened"),
        pytest.param({"status": "failed"}, False, id="it failed"),
        pytest.param({"goal_key": "virality"}, False, id="another goal"),
        pytest.param({"goal_key": "followers"}, False, id="yet another goal"),
        pytest.param({"reason": "learning_share"}, False, id="another reason"),
        pytest.param({"reason": None}, False, id="no reason"),
        pytest.param({"action_type": "resume_campaign"}, False, id="another action"),
    ],
)
def test_a_goal_scaled_lately_cools_down(row: dict[str, Any], *, cools: bool) -> None:
    things = [
        scaling(budget=2000),
        performing(),
        past(**({"action_type": "update_budget", "reason": "scale_up"} | row)),
    ]

    assert held(*things) == (["update_budget 9 cooldown"] if cools else [])
    assert scaled(*things) == ([] if cools else RAISED)


def test_of_two_campaigns_of_a_goal_only_the_first_by_age_is_raised() -> None:
    things = [
        scaling("8", 1000),
        performing("81", "8"),
        scaling("9", 1000, created_at=ago(days=99)),
        performing(),
    ]

    assert scaled(*things) == ["update_budget 9 1000>1200 scale_up"]
    assert held(*things) == ["update_budget 8 cooldown"]


def test_without_a_cooldown_both_are_raised() -> None:
    things = [scaling("8", 1000), performing("81", "8"), scaling("9", 1000), performing()]

    assert len(scaled(*things, policy={"scale_cooldown_hours": 0})) == 2


def test_a_held_raise_starts_no_cooldown() -> None:
    things = [
        scaling("8", 1000, created_at=ago(days=99)),
        performing("81", "8", days=()),
        scaling("9", 1000),
        performing(),
    ]

    assert held(*things) == ["update_budget 8 too_few_events"]
    assert scaled(*things) == ["update_budget 9 1000>1200 scale_up"]


@pytest.mark.parametrize(
    ("now", "timezone", "early"),
    [
        pytest.param(datetime(2026, 11, 23, 3, tzinfo=UTC), "UTC", False, id="03:00"),
        pytest.param(datetime(2026, 11, 23, 2, 59, 59, tzinfo=UTC), "UTC", True, id="02:59:59"),
        pytest.param(datetime(2026, 11, 23, 0, tzinfo=UTC), "UTC", True, id="midnight"),
        pytest.param(datetime(2026, 11, 23, 23, tzinfo=UTC), "UTC", False, id="late"),
        pytest.param(datetime(2026, 11, 23, 11, tzinfo=UTC), "America/Los_Angeles", False, id="03:00 in LA"),
        pytest.param(
            datetime(2026, 11, 23, 10, 59, tzinfo=UTC), "America/Los_Angeles", True, id="02:59 in LA"
        ),
        pytest.param(
            datetime(2026, 11, 22, 18, tzinfo=UTC), "Asia/Tokyo", False, id="03:00 tomorrow in Tokyo"
        ),
    ],
)
def test_yesterday_must_have_settled(now: datetime, timezone: str, *, early: bool) -> None:
    read = account(timezone=timezone, insights_read_at=now)
    found = held(scaling(), performing(days=()), now=now, account=read)

    assert found == [f"update_budget 9 {'too_early_in_day' if early else 'too_few_events'}"]


def test_the_hour_is_the_policys() -> None:
    assert held(scaling(), performing(), policy={"settle_hours": 13}) == ["update_budget 9 too_early_in_day"]
    assert held(scaling(), performing(), policy={"settle_hours": 12}) == []


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        pytest.param([day(D1, 300, 3), day(D2, 300, 3)], None, id="the same"),
        pytest.param([day(D1, 330, 3), day(D2, 300, 3)], None, id="10 % dearer"),
        pytest.param([day(D1, 1_100_000, 3), day(D2, 1_000_000, 3)], None, id="10 % of a million"),
        pytest.param([day(D1, 1_100_001, 3), day(D2, 1_000_000, 3)], "cost_rising", id="and a cent"),
        pytest.param([day(D1, 331, 3), day(D2, 300, 3)], "cost_rising", id="a third of a cent more"),
        pytest.param([day(D1, 440, 4), day(D2, 300, 3)], None, id="10 % dearer by events"),
        pytest.param([day(D1, 441, 4), day(D2, 300, 3)], "cost_rising", id="a quarter of a cent more"),
        pytest.param([day(D1, 100, 3), day(D2, 300, 3)], None, id="cheaper"),
        pytest.param([day(D1, 0, 3), day(D2, 300, 3)], None, id="free"),
        pytest.param([day(D1, 300, 2), day(D2, 300, 3)], "too_few_events", id="one event short"),
        pytest.param([day(D2, 300, 3)], "too_few_events", id="no row yesterday"),
        pytest.param([day(D1, 300, 3)], "too_little_history", id="no row the day before"),
        pytest.param([day(D1, 300, 3), day(D2, 0, 3)], "too_little_history", id="no spend the day before"),
        pytest.param(
            [day(D1, 9999, 3), day(D2, 1, 0)], None, id="no events the day before: nothing to compare"
        ),
        pytest.param([], "too_few_events", id="no rows"),
        pytest.param(
            [day(D1, 100, 1), day(D1, 230, 2), day(D2, 300, 3)], None, id="two rows of one day add up"
        ),
        pytest.param(
            [day(D1, 100, 1), day(D1, 231, 2), day(D2, 300, 3)], "cost_rising", id="and are too dear together"
        ),
        pytest.param(
            [day(D1, 330, 3), day(D2, 100, 1), day(D2, 200, 2)], None, id="so do those of the day before"
        ),
        pytest.param([*GOOD, day(date(2026, 11, 23), 49999, 1)], None, id="today never counts"),
        pytest.param([*GOOD, day(date(2026, 11, 20), 99999, 1)], None, id="nor does the third day back"),
    ],
)
def test_the_last_two_whole_days_decide(days: list[Any], reason: str | None) -> None:
    found = held(scaling(budget=2000), performing(days=tuple(days)), policy=NO_BREAKER)

    assert found == ([] if reason is None else [f"update_budget 9 {reason}"])


@pytest.mark.parametrize(
    ("now", "timezone"),
    [
        pytest.param(datetime(2026, 11, 23, 23, 59, tzinfo=UTC), "UTC", id="the 23rd in UTC"),
        pytest.param(datetime(2026, 11, 24, 7, 59, tzinfo=UTC), "America/Los_Angeles", id="the 23rd in LA"),
        pytest.param(datetime(2026, 11, 22, 18, 0, tzinfo=UTC), "Asia/Tokyo", id="the 23rd in Tokyo"),
    ],
)
def test_days_are_the_accounts(now: datetime, timezone: str) -> None:
    read = account(timezone=timezone, insights_read_at=now)

    assert scaled(scaling(budget=2000), performing(), now=now, account=read) == RAISED


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(paused(copy("92", days=(day(D1, 100, 1),)), "user"), id="paused"),
        pytest.param(copy("92", days=(day(D1, 100, 1),), status="DELETED"), id="deleted"),
        pytest.param(copy("92", days=(day(D1, 100, 1),)), id="ACTIVE"),
    ],
)
def test_ad_sets_of_every_status_add_up(other: Any) -> None:
    alone = performing(days=(day(D1, 200, 2), day(D2, 300, 3)))

    assert held(scaling(budget=2000), alone) == ["update_budget 9 too_few_events"]
    assert held(scaling(budget=2000), alone, other) == []


def test_other_campaigns_do_not_add_up() -> None:
    alone = performing(days=(day(D1, 200, 2), day(D2, 300, 3)))

    assert held(scaling(budget=2000), alone, learning(), ad_set(days=GOOD)) == [
        "update_budget 9 too_few_events"
    ]


def test_presave_needs_a_single_event() -> None:
    days = (day(D1, 100, 1), day(D2, 100, 1))

    assert held(goal("presave"), scaling(goal_key="presave"), performing(days=days)) == []


# How much


@pytest.mark.parametrize(
    ("budget", "raised"),
    [
        pytest.param(2000, ["update_budget 9 2000>2400 scale_up"], id="20 %"),
        pytest.param(1999, ["update_budget 9 1999>2398 scale_up"], id="rounded down"),
        pytest.param(3583, ["update_budget 9 3583>4299 scale_up"], id="just within the room of 4300"),
        pytest.param(3600, ["update_budget 9 3600>4300 scale_up"], id="to the room"),
        pytest.param(4095, ["update_budget 9 4095>4300 scale_up"], id="5.006 % to the room"),
        pytest.param(4096, [], id="4.98 %: too small a step"),
        pytest.param(4300, [], id="no room at all"),
    ],
)
def test_one_step_within_the_room(budget: int, raised: list[str]) -> None:
    assert scaled(scaling(budget=budget), performing()) == raised
    assert held(scaling(budget=budget), performing()) == ([] if raised else ["update_budget 9 no_room"])


@pytest.mark.parametrize(
    ("minimum", "reason"),
    [
        pytest.param(1, None, id="tiny"),
        pytest.param(240, None, id="on the new budget"),
        pytest.param(241, "budget_below_minimum", id="one unit over it"),
    ],
)
def test_the_new_budget_must_reach_the_cbo_minimum(minimum: int, reason: str | None) -> None:
    found = held(goal(minimum_daily_budget_minor=minimum), scaling(budget=200), performing())

    assert found == ([] if reason is None else [f"update_budget 9 {reason}"])


@pytest.mark.parametrize(
    ("n", "found"),
    [
        pytest.param(3, [], id="360 feeds three"),
        pytest.param(4, ["update_budget 9 budget_below_minimum"], id="and not four"),
    ],
)
def test_the_cbo_minimum_counts_active_ad_sets(n: int, found: list[str]) -> None:
    copies = [copy(f"9{i}") for i in range(2, n + 1)]

    assert held(scaling(budget=300), performing(), *copies, paused(copy("99"), "user")) == found


@pytest.mark.parametrize(
    ("budget", "found"),
    [
        pytest.param(4, ["update_budget 9 no_room"], id="20 % of 4 is nothing"),
        pytest.param(5, [], id="20 % of 5 is 1"),
        pytest.param(0, ["update_budget 9 budget_below_minimum"], id="20 % of 0 is below any minimum"),
    ],
)
def test_a_raise_of_nothing_is_none(budget: int, found: list[str]) -> None:
    assert held(goal(minimum_daily_budget_minor=1), scaling(budget=budget), performing()) == found


def test_a_raise_of_nothing_is_none_even_if_any_step_will_do() -> None:
    things = [goal(minimum_daily_budget_minor=1), scaling(budget=4), performing()]

    assert held(*things, policy={"scale_min_step_bp": 0}) == ["update_budget 9 no_room"]


@pytest.mark.parametrize(
    ("policy", "raised"),
    [
        pytest.param(
            {"scale_step_bp": 500}, ["update_budget 9 2000>2100 scale_up"], id="5 % is not under 5 %"
        ),
        pytest.param({"scale_step_bp": 499}, [], id="4.99 % is"),
        pytest.param({"scale_step_bp": 0}, [], id="no step"),
        pytest.param({"scale_tolerance_bp": 0}, RAISED, id="no dearer at all"),
    ],
)
def test_steps_are_the_policys(policy: dict[str, int], raised: list[str]) -> None:
    assert scaled(scaling(budget=2000), performing(), policy=policy) == raised


@pytest.mark.parametrize(
    ("budget", "raised"),
    [
        pytest.param(2_000_000, ["update_budget 9 2000000>2100000 scale_up"], id="just 5 %"),
        pytest.param(2_000_001, [], id="a hair less"),
    ],
)
def test_the_smallest_step_is_exact_in_large_numbers(budget: int, raised: list[str]) -> None:
    most = budget + 100_000 + 700
    rich = settings(max_daily_budget_minor=most)

    assert scaled(scaling(budget=budget), performing(), settings=rich, policy={"max_growth": 10**6}) == raised


# The cap and the room


@pytest.mark.parametrize(
    ("live", "raised"),
    [
        pytest.param(2600, RAISED, id="just fits the cap"),
        pytest.param(2601, ["update_budget 9 2000>2399 scale_up"], id="one unit less"),
        pytest.param(2900, ["update_budget 9 2000>2100 scale_up"], id="5 % left"),
        pytest.param(2901, [], id="less than 5 % left"),
        pytest.param(3000, [], id="on the cap"),
        pytest.param(3001, [], id="above the cap"),
    ],
)
def test_the_cap_counts_everything_that_lives(live: int, raised: list[str]) -> None:
    things = [goal(), goal("podcasts", is_active=False), scaling("99", live, goal_key="podcasts")]

    assert scaled(*things, scaling(budget=2000), performing()) == raised


def test_far_above_the_cap_the_new_budget_falls_below_the_minimum() -> None:
    things = [goal(), goal("podcasts", is_active=False), scaling("99", 4901, goal_key="podcasts")]

    assert held(*things, scaling(budget=2000), performing()) == ["update_budget 9 budget_below_minimum"]


def test_the_room_counts_what_learning_was_given_not_what_lives() -> None:
    assert scaled(goal(learning_share_bp=10000), scaling(budget=3400), performing()) == [
        "update_budget 9 3400>4000 scale_up"
    ]


def test_the_room_does_not_count_an_unknown_goals_campaign() -> None:
    things = [goal(), goal("podcasts", is_active=False), scaling("99", 700, goal_key="podcasts")]

    assert scaled(*things, scaling(budget=3600), performing()) == ["update_budget 9 3600>4300 scale_up"]


def test_a_goal_that_got_a_scaling_campaign_since_counts_with_its_learning_part() -> None:
    things = [
        goal("streams", priority=1),
        goal("virality", priority=1),
        scaling(budget=3900),
        performing(),
        learning("2", goal_key="virality"),
        ad_set("21", "2", 500, lifetime=did(500, 10)),
    ]

    # room 5000 - 350 - 350 = 4300, less virality's new 150
    assert scaled(*things) == ["update_budget 9 3900>4150 scale_up"]


def test_a_goal_without_one_counts_whole() -> None:
    things = [
        goal("streams", priority=1),
        goal("virality", priority=1),
        scaling(budget=3900),
        performing(),
        learning("2", goal_key="virality"),
        ad_set("21", "2", 500),
    ]

    # room 5000 - 350 - 500 = 4150
    assert scaled(*things) == ["update_budget 9 3900>4150 scale_up"]


def test_each_raise_counts_for_the_next_in_goal_order() -> None:
    things = [
        goal("streams", priority=1),
        goal("virality", priority=2),
        scaling("9", 1900),
        performing(),
        scaling("7", 1900, goal_key="virality"),
        performing("71", "7"),
    ]

    # room 5000 - 467 - 233 = 4300: 500 to spare, 380 of it to virality's
    assert scaled(*things) == [
        "update_budget 7 1900>2280 scale_up",
        "update_budget 9 1900>2020 scale_up",
    ]


def test_with_scaling_off_nothing_is_raised() -> None:
    off = settings(auto_scale_winners=False)

    assert held(scaling(), performing(), settings=off) == ["update_budget 9 auto_scale_off"]
    assert scaled(scaling(), performing(), settings=off) == []


def test_the_first_hold_alone_is_told() -> None:
    off = settings(auto_scale_winners=False)
    cooling = past("update_budget", reason="scale_up")
    early = datetime(2026, 11, 23, 1, tzinfo=UTC)
    read = account(insights_read_at=early)
    poor = [scaling(budget=50), performing(days=())]

    assert held(*poor, cooling, settings=off, now=early, account=read) == ["update_budget 9 auto_scale_off"]
    assert held(*poor, past("update_budget", reason="scale_up", at=early), now=early, account=read) == [
        "update_budget 9 cooldown"
    ]
    assert held(*poor, now=early, account=read) == ["update_budget 9 too_early_in_day"]
    assert held(*poor) == ["update_budget 9 too_few_events"]
    assert held(scaling(budget=50), performing(days=(day(D1, 9, 3),))) == [
        "update_budget 9 too_little_history"
    ]
    assert held(scaling(budget=50), performing(days=(day(D1, 9, 3), day(D2, 1, 3)))) == [
        "update_budget 9 cost_rising"
    ]
    assert held(scaling(budget=50), performing()) == ["update_budget 9 budget_below_minimum"]
