"""Rows with other values: the same row where it has them already."""

from __future__ import annotations

from orchestrator.domain.records import GoalRow
from orchestrator.snapshot.row_values import with_values

GOAL = GoalRow(
    goal_key="streams",
    is_active=True,
    priority=3,
    budget_hint=None,
    learning_share_bp=None,
    missing=("pixel",),
)


def test_a_row_that_has_the_values_is_itself() -> None:
    assert with_values(GOAL, priority=3, missing=("pixel",)) is GOAL


def test_one_other_value_makes_another_row() -> None:
    other = with_values(GOAL, priority=3, missing=())

    assert other == GoalRow(
        goal_key="streams", is_active=True, priority=3, budget_hint=None, learning_share_bp=None, missing=()
    )
    assert GOAL.missing == ("pixel",)
