"""The table of reasons: exactly what rules and the shell give, each with its class and its texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from orchestrator import rules
from orchestrator.domain import reasons
from orchestrator.domain.reason_kinds import Giver, Reason, ReasonClass
from orchestrator.domain.reasons import REASONS
from orchestrator.domain.steps import BY_RULE, RULES, STEPS
from orchestrator.runs.decide import decide
from tests.unit.rules.random_worlds import random_world
from tests.unit.rules.worlds import thresholds

ROOT = Path(rules.__file__).parents[1]

CLASSES = {
    "fine": """
    learning_share make_room cap goal_inactive goal_active budget_fits_again no_learning_campaign
    new_test_cell delivers_again events_arrived
    winner scale_up loser within_tolerance already_scaling not_better_than_median has_events
    nothing_active
    """,
    "waits": """
    refused_before in_review
    below_minimum_budget no_active_adset reviving removed_by_user too_young too_little_spend too_few_events
    beyond_top cooldown unverified_copy too_early_in_day too_little_history cost_rising stale_insights
    reduction_failed breaker_stale_insights breaker_overspend changed_by_person removed_by_person
    parent_failed refused_for_many throttled run_ended unsettled unknown_objects
    run_in_progress no_recent_activity
    """,
    "blocked": """
    no_budget_left creative_not_approved no_events_anywhere no_room paused_by_user no_creative
    no_untested_cell scaling_budget_below_minimum budget_below_minimum budget_too_low
    breaker_delivery_stopped unknown_goal no_template stopped account_stopped stopped_by_operator
    unknown_user not_connected assets_not_configured paused_by_operator
    cannot_deliver ended budget_moved not_ours not_ready evidence_contradicts breaker_account
    breaker_spending_limit
    """,
    "yours": "auto_scale_off auto_pause_off",
}
NO_REASONS = {"", "go", "already", "beats_median", "best_with_volume", "testing", "ACTIVE"}
"""What else rules return, or pair with something."""
MAKES = re.compile(r"(.+\.)?(hold|hold_for|set_\w+_budget|(pause|resume|create)_\w+)")
"""What makes an action or a hold of a reason, its second or third argument."""
BY_ELIGIBILITY = {
    *("unknown_user", "not_connected", "assets_not_configured", "paused_by_operator"),
    *("run_in_progress", "nothing_active", "no_recent_activity"),
}


def test_the_class_of_every_reason():
    found: dict[str, set[str]] = {kind: set() for kind in get_args(ReasonClass)}
    for code, reason in REASONS.items():
        found[reason.kind].add(code)

    assert found == {kind: set(codes.split()) for kind, codes in CLASSES.items()}


def test_a_reason_says_what_ends_it_unless_nothing_is_to_be_done():
    assert all(bool(each.until) == (each.kind != "fine") for each in REASONS.values())


@pytest.mark.parametrize("code", REASONS)
def test_a_reason_is_named_after_its_code_and_reads_as_a_clause(code: str):
    reason: Reason = getattr(reasons, code.upper())

    assert reason is REASONS[code]
    assert reason.text.strip(" .") == reason.text != ""
    assert reason.until.strip(" .") == reason.until
    assert reason.given_by


def test_a_refusal_of_a_user_and_nothing_else_has_a_text_for_the_user():
    assert {code for code, each in REASONS.items() if "eligibility" in each.given_by} == BY_ELIGIBILITY
    assert {code for code, each in REASONS.items() if each.user_text} == BY_ELIGIBILITY
    assert all((REASONS[code].user_text or "").endswith(".") for code in BY_ELIGIBILITY)
    with pytest.raises(KeyError):
        reasons.user_text("no_room")


def test_a_code_outside_the_table_is_worded_and_has_no_class():
    assert reasons.reason_text("gone_since_2025") == "gone since 2025"
    assert reasons.reason_class("gone_since_2025") is None


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=150, deadline=None)
def test_what_a_step_decides_is_given_by_it_in_the_table(seed: int):
    world, dice = random_world(seed), Random(seed)
    keys = [goal.goal_key for goal in world.goals]
    goal_keys = dice.choice([None, None, dice.sample(keys, dice.randint(1, len(keys)))])
    state = rules.initial_state(world, thresholds())
    for step in RULES:
        decided = decide(step, state, goal_keys)
        for each in (*decided.actions, *decided.holds, *decided.errors):
            assert {BY_RULE[step], "breakers"} & set(REASONS[each.reason].given_by), (step, each.reason)
        state = rules.fold(state, ((action, "success") for action in decided.actions))


def test_every_reason_that_a_rule_gives_is_in_the_table():
    found = {code for path in files(ROOT / "rules") for code in given_in(path)}

    assert found - set(REASONS) - NO_REASONS == set()
    assert len(found & set(REASONS)) >= 40


@pytest.mark.parametrize(
    ("giver", "places"),
    [
        *((step, ["rules"]) for step in STEPS if step.rule is not None),
        ("breakers", ["rules/breakers.py", "domain/gates.py"]),
        ("executor", ["rules/preconditions.py", "execution", "store/runs.py"]),
        ("stop", ["runs/emergency_stop.py"]),
    ],
)
def test_every_reason_in_the_table_is_given_where_it_says(giver: Giver, places: list[str]):
    named = {code for place in places for path in files(ROOT / place) for code in codes_in(path)}

    assert {code for code, each in REASONS.items() if giver in each.given_by} - named == set()


def test_every_refusal_of_a_user_is_given_by_the_database():
    given_by_sql = {
        word
        for path in (ROOT / "store").rglob("*.sql")
        for word in re.findall(r"'([a-z_]+)'", path.read_text())
    }

    assert BY_ELIGIBILITY - given_by_sql == set()


def files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def words_in(path: Path) -> Iterator[str]:
    """The text constants of a module, without docstrings."""
    tree = ast.parse(path.read_text())
    docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def given_in(path: Path) -> Iterator[str]:
    """The text constants of a rule where a reason is due: returned, paired, of an action or a hold."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Return(value=ast.AST() as value) | ast.keyword(arg="reason", value=value):
                yield from chosen(value)
            case ast.Tuple(elts=[first, _]):
                yield from chosen(first)
            case ast.Call(func=func, args=[_, *more]) if MAKES.fullmatch(ast.unparse(func)):
                yield from (code for each in more[:2] for code in chosen(each))


def chosen(value: ast.AST) -> Iterator[str]:
    """The code that an expression is, or those between which it chooses."""
    match value:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from chosen(body)
            yield from chosen(orelse)
        case ast.BoolOp(values=values):
            yield from (code for each in values for code in chosen(each))


def codes_in(path: Path) -> Iterator[str]:
    """The reasons that a module names: spelled, or by their constants."""
    yield from (word for word in words_in(path) if word in REASONS)
    yield from (name.lower() for name in re.findall(r"\breasons\.([A-Z_]+)", path.read_text()))
