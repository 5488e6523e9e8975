from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.rules.division.apportionment import divided, equal_shares, goal_budgets, split
from tests.unit.rules.worlds import goal, plan, plan_full, settings


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        pytest.param(10, [1, 1], [5, 5], id="even"),
        pytest.param(10, [1, 1, 1], [4, 3, 3], id="equal remainders: the first gets the odd one"),
        pytest.param(11, [1, 1, 1], [4, 4, 3], id="two odd ones go to the first two"),
        pytest.param(100, [5, 3, 2], [50, 30, 20], id="in proportion"),
        pytest.param(7, [5, 3, 2], [4, 2, 1], id="3.5, 2.1, 1.4: the largest remainder first"),
        pytest.param(8, [3, 3, 2], [3, 3, 2], id="3.0, 3.0, 2.0: none left"),
        pytest.param(2, [2, 3, 3], [0, 1, 1], id="0.5, 0.75, 0.75: not the first"),
        pytest.param(0, [5, 3], [0, 0], id="nothing to divide"),
        pytest.param(10, [0, 1], [0, 10], id="weight zero gets nothing"),
        pytest.param(1, [1, 1], [1, 0], id="one unit, one winner"),
    ],
)
def test_largest_remainders(amount: int, weights: list[int], shares: list[int]) -> None:
    assert divided(amount, weights) == shares


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any))
def test_shares_add_up_and_miss_their_quota_by_less_than_one(amount: int, weights: list[int]) -> None:
    shares = divided(amount, weights)

    assert sum(shares) == amount
    assert all(
        abs(share * sum(weights) - amount * weight) < sum(weights)
        for share, weight in zip(shares, weights, strict=True)
    )


@pytest.mark.parametrize(
    ("amount", "n", "shares"),
    [
        pytest.param(1000, 3, [334, 333, 333], id="one odd unit to the oldest"),
        pytest.param(1001, 3, [334, 334, 333], id="two to the two oldest"),
        pytest.param(1002, 3, [334, 334, 334], id="none left"),
        pytest.param(2, 3, [1, 1, 0], id="fewer units than takers"),
        pytest.param(0, 2, [0, 0], id="nothing"),
    ],
)
def test_equal_shares(amount: int, n: int, shares: list[int]) -> None:
    assert equal_shares(amount, n) == shares


@pytest.mark.parametrize(
    ("budget", "bp", "parts"),
    [
        pytest.param(1000, 7000, (700, 300), id="70 %"),
        pytest.param(1, 5000, (1, 0), id="half a unit rounds up"),
        pytest.param(1, 4999, (0, 1), id="just under half rounds down"),
        pytest.param(1000, 0, (0, 1000), id="none to learning"),
        pytest.param(1000, 10000, (1000, 0), id="all to learning"),
        pytest.param(0, 7000, (0, 0), id="nothing"),
        pytest.param(15, 7000, (11, 4), id="10.5 rounds up"),
    ],
)
def test_split(budget: int, bp: int, parts: tuple[int, int]) -> None:
    assert split(budget, bp) == parts


def hinted(key: str, hint: int | None, **change: int) -> object:
    return goal(key, budget_hint_minor=hint, **change)


@pytest.mark.parametrize(
    ("goals", "total", "budgets"),
    [
        pytest.param([], 1000, [], id="no goal"),
        pytest.param([goal("a")], 1000, [1000], id="one goal gets all"),
        pytest.param(
            [goal("a", priority=5), goal("b", priority=3), goal("c", priority=2)],
            1000,
            [500, 300, 200],
            id="by priority",
        ),
        pytest.param([hinted("a", 400), goal("b", priority=1)], 1000, [400, 600], id="a hint first"),
        pytest.param([hinted("a", 0), goal("b")], 1000, [0, 1000], id="zero is a hint"),
        pytest.param([hinted("a", 400)], 1000, [400], id="hints alone leave the rest undivided"),
        pytest.param([hinted("a", 600), hinted("b", 400)], 1000, [600, 400], id="hints on the total"),
        pytest.param(
            [hinted("a", 600), hinted("b", 401), goal("c")],
            1000,
            [599, 401, 0],
            id="hints one unit over: in proportion, and nothing to the others",
        ),
        pytest.param([hinted("a", 3), hinted("b", 3)], 5, [3, 2], id="odd unit of the hints in goal order"),
        pytest.param([hinted("a", 50)], 1000, [50], id="a hint below the minimum stays"),
        pytest.param([goal("a", priority=1), goal("b", priority=1)], 200, [100, 100], id="on the minimum"),
        pytest.param(
            [goal("a", priority=1), goal("b", priority=1)], 199, [199, 0], id="one unit under: the last drops"
        ),
        pytest.param([goal("a")], 99, [0], id="the only one below its minimum drops"),
        pytest.param([goal("a"), goal("b")], 0, [0, 0], id="nothing to divide"),
    ],
)
def test_goal_budgets(goals: list[object], total: int, budgets: list[int]) -> None:
    assert goal_budgets(goals, total) == budgets


@pytest.mark.parametrize(
    ("minimums", "total", "budgets"),
    [
        pytest.param([400, 100, 100], 900, [0, 450, 450], id="only the first is short: it drops"),
        pytest.param([100, 400, 100], 900, [450, 0, 450], id="only the middle is short: it drops"),
        pytest.param([400, 400, 100], 900, [450, 0, 450], id="two are short: the last of them drops first"),
        pytest.param([400, 400, 400], 900, [450, 450, 0], id="all are short: one drop is enough"),
        pytest.param([901, 901, 901], 900, [0, 0, 0], id="none can be fed"),
        pytest.param(
            [900, 300, 300], 900, [0, 450, 450], id="one with too high a minimum takes no other down"
        ),
    ],
)
def test_the_last_goal_below_its_minimum_gets_nothing(
    minimums: list[int], total: int, budgets: list[int]
) -> None:
    goals = [goal(key, minimum_daily_budget_minor=m) for key, m in zip("abc", minimums, strict=True)]

    assert goal_budgets(goals, total) == budgets


goals_of_users = st.lists(
    st.builds(
        lambda priority, hint, minimum: goal(
            priority=priority, budget_hint_minor=hint, minimum_daily_budget_minor=minimum
        ),
        st.integers(1, 5),
        st.none() | st.integers(0, 2000),
        st.integers(1, 500),
    ),
    max_size=6,
)


@given(goals_of_users, st.integers(0, 5000))
def test_goal_budgets_never_pass_the_total(goals: list[object], total: int) -> None:
    budgets = goal_budgets(goals, total)

    assert sum(budgets) <= total
    assert all(
        budget == 0 or budget >= each.minimum_daily_budget_minor
        for each, budget in zip(goals, budgets, strict=True)
        if each.budget_hint_minor is None
    )


@pytest.mark.parametrize(
    ("typed", "allocated"),
    [
        pytest.param({"global_daily_budget_minor": 700}, 700, id="what the user typed"),
        pytest.param({"global_daily_budget_minor": None}, 1000, id="null is the policy's 1000"),
        pytest.param({"global_daily_budget_minor": 0}, 0, id="zero is not null"),
        pytest.param({"max_daily_budget_minor": 600}, 600, id="never past the most"),
        pytest.param({"global_daily_budget_minor": 6000}, 5000, id="never past the policy's 5000"),
        pytest.param({"max_daily_budget_minor": 0}, 0, id="a most of zero"),
    ],
)
def test_total_is_the_daily_budget_within_the_most(typed: dict[str, int | None], allocated: int) -> None:
    decided = plan(settings=settings(**typed))

    assert [each.budget_minor for each in decided.allocations] == [allocated]


def test_goals_are_allocated_by_priority_then_key_and_inactive_ones_not_at_all() -> None:
    decided = plan_full(
        goal("virality", priority=2),
        goal("streams", priority=3),
        goal("followers", priority=3),
        goal("presave", priority=5, is_active=False),
        goal("podcasts", priority=4),
    )

    assert [(each.goal_key, each.budget_minor) for each in decided.allocations] == [
        ("followers", 375),
        ("streams", 375),
        ("virality", 250),
    ]


def test_an_unknown_goal_is_an_error_even_when_inactive() -> None:
    decided = plan(goal(), goal("podcasts", is_active=False))

    assert [(e.step, e.goal_key, e.reason) for e in decided.errors] == [
        ("allocate", "podcasts", "unknown_goal")
    ]
