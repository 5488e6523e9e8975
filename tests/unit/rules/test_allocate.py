from __future__ import annotations

from typing import Any

import pytest

from tests.unit.rules.worlds import (
    actions,
    ad_set,
    ago,
    holds,
    learning,
    plan,
    settings,
    template,
)

NO_TEMPLATE: tuple[Any, ...] = ()


def allocated(*things: Any, **change: Any) -> tuple[list[str], list[str]]:
    """Actions and holds of the step, in a world where learning opens nothing of its own."""
    decided = plan(*things, templates=NO_TEMPLATE, **change)
    return actions(decided, "allocate"), holds(decided, "allocate")


def two(first: int | None, second: int | None) -> tuple[Any, ...]:
    return learning(), ad_set("11", budget=first), ad_set("12", budget=second)


@pytest.mark.parametrize(
    ("first", "second", "written", "held"),
    [
        pytest.param(500, 500, [], ["11", "12"], id="on the share"),
        pytest.param(480, 480, [], ["11", "12"], id="20 off is within 10 % of 480"),
        pytest.param(455, 455, [], ["11", "12"], id="45 off is within 10 % of 455"),
        pytest.param(454, 454, ["11 454>500", "12 454>500"], [], id="46 off is over 10 % of 454"),
        pytest.param(454, 500, ["11 454>500"], ["12"], id="one is off, the other keeps its own"),
        pytest.param(250, 250, ["11 250>500", "12 250>500"], [], id="far off"),
        pytest.param(None, 500, ["11 0>500"], ["12"], id="no budget counts zero"),
        pytest.param(0, 500, ["11 0>500"], ["12"], id="zero"),
        pytest.param(501, 499, [], ["11", "12"], id="together on the budget"),
        pytest.param(501, 500, ["11 501>500"], ["12"], id="together one unit over: set to the share"),
        pytest.param(
            540, 250, ["11 540>500", "12 250>500"], [], id="540 is near, but 540 and 500 are too much"
        ),
        pytest.param(501, 454, ["11 501>500", "12 454>500"], [], id="one unit too much in the result"),
        pytest.param(500, 454, ["12 454>500"], ["11"], id="the result just fits"),
    ],
)
def test_a_kept_ad_set_is_set_to_its_share_unless_near(
    first: int | None, second: int | None, written: list[str], held: list[str]
) -> None:
    made, left = allocated(*two(first, second))

    assert made == [f"update_budget 1/{each} learning_share" for each in written]
    assert left == [f"update_budget 1/{each} within_tolerance" for each in held]


def test_tolerance_is_a_part_of_the_present_budget_not_of_the_share() -> None:
    made, left = allocated(learning(), ad_set(budget=910), settings=settings(global_daily_budget_minor=1001))

    assert (made, left) == ([], ["update_budget 1/11 within_tolerance"])


@pytest.mark.parametrize(
    ("total", "written"),
    [
        pytest.param(1_100_000, [], id="10 % of a million"),
        pytest.param(1_100_001, ["update_budget 1/11 1000000>1100001 learning_share"], id="a cent more"),
    ],
)
def test_the_tolerance_is_exact_in_large_numbers(total: int, written: list[str]) -> None:
    rich = settings(global_daily_budget_minor=total, max_daily_budget_minor=2_000_000)

    assert allocated(learning(), ad_set(budget=1_000_000), settings=rich)[0] == written


def test_one_unit_past_the_tolerance_is_written() -> None:
    made, left = allocated(learning(), ad_set(budget=910), settings=settings(global_daily_budget_minor=1002))

    assert (made, left) == (["update_budget 1/11 910>1002 learning_share"], [])


def test_no_tolerance_at_all() -> None:
    made, _ = allocated(learning(), ad_set(budget=999), policy={"budget_tolerance_bp": 0})

    assert made == ["update_budget 1/11 999>1000 learning_share"]


def test_the_oldest_get_what_does_not_divide() -> None:
    made, _ = allocated(
        learning(),
        ad_set("11", budget=1, created_at=ago(days=2)),
        ad_set("12", budget=1, created_at=ago(days=3)),
        ad_set("13", budget=1, created_at=ago(days=2)),
    )

    assert made == [
        "update_budget 1/12 1>334 learning_share",
        "update_budget 1/11 1>333 learning_share",
        "update_budget 1/13 1>333 learning_share",
    ]


def test_decreases_stand_before_increases_whatever_their_age() -> None:
    made, _ = allocated(*two(100, 900))

    assert made == ["update_budget 1/12 900>500 learning_share", "update_budget 1/11 100>500 learning_share"]


def test_campaigns_by_age_then_ad_sets_by_age() -> None:
    made, _ = allocated(
        learning("2", created_at=ago(days=3)),
        learning("1", created_at=ago(days=2)),
        ad_set("11", "1", 1, created_at=ago(days=9)),
        ad_set("21", "2", 1, created_at=ago(days=5)),
        ad_set("22", "2", 1, created_at=ago(days=5)),
    )

    assert made == [
        "update_budget 2/21 1>333 learning_share",
        "update_budget 2/22 1>333 learning_share",
        "update_budget 1/11 1>334 learning_share",
    ]


def test_what_learning_will_open_is_left_its_share() -> None:
    decided = plan(learning(), ad_set(), template(audiences=["broad", "lookalike"]))

    assert actions(decided, "allocate") == ["update_budget 1/11 500>334 learning_share"]


def test_the_present_budgets_may_not_add_up_to_more_than_learning() -> None:
    made, left = allocated(
        learning(),
        ad_set("11", budget=330),
        ad_set("12", budget=330),
        ad_set("13", budget=341),
    )

    assert made == [
        "update_budget 1/13 341>333 learning_share",
        "update_budget 1/11 330>334 learning_share",
        "update_budget 1/12 330>333 learning_share",
    ]
    assert left == []
