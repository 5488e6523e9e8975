from __future__ import annotations

from typing import get_args

import pytest

from orchestrator.domain import steps


def test_the_steps_of_a_run_in_order():
    table = [(step.task, step.rule, step.needs_insights) for step in steps.STEPS]

    assert table == [
        ("allocate_budget", "allocate", False),
        ("check_learning_campaigns", "learning", False),
        ("extract_insights", None, False),
        ("detect_winners", None, False),
        ("promote_winners", "promote", True),
        ("scale_budgets", "scale", True),
        ("pause_losers", "pause", True),
    ]


def test_the_rules_are_those_of_the_deciding_steps_in_the_same_order():
    assert steps.RULES == ("allocate", "learning", "promote", "scale", "pause") == get_args(steps.StepName)


def test_each_step_is_found_by_its_task_and_a_deciding_one_by_its_rule():
    assert all(steps.BY_TASK[step.task] is step for step in steps.STEPS)
    assert all(steps.BY_RULE[rule].key == rule for rule in steps.RULES)


def test_a_step_that_decides_nothing_has_no_key():
    with pytest.raises(LookupError, match="detect_winners decides nothing"):
        _ = steps.DETECT_WINNERS.key


def test_each_step_says_what_is_true_after_it():
    assert all(step.doc.endswith(".") for step in steps.STEPS)
