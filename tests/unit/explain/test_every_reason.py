"""No decision without words, and no words without both sides of the comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from orchestrator import rules
from orchestrator.domain.model import Action, Hold
from orchestrator.domain.reasons import REASONS
from orchestrator.explain import common, decision, stored_checks
from orchestrator.explain.context import Scene, Story, Teller
from orchestrator.explain.explainer import ACTIONS, HOLDS
from orchestrator.runs.decide import decide
from tests.unit.rules.random_worlds import random_world
from tests.unit.rules.worlds import thresholds

MOST_BYTES = 1_500
"""What the log may keep of one action's comparisons. A promotion has most, 1,100; a new budget 150."""
NOT_TOLD_BY_STEPS = {
    # of a goal, not of an action or a hold
    "unknown_goal",
    "no_template",
    # of the shell, when an action is about to be made
    *("changed_by_person", "removed_by_person", "parent_failed", "throttled", "unsettled", "stopped"),
    "account_stopped",
    # of an operator's stop
    "stopped_by_operator",
    # of a user who takes no part
    *("unknown_user", "not_connected", "assets_not_configured", "paused_by_operator"),
    *("run_in_progress", "nothing_active", "no_recent_activity"),
}


def test_every_reason_of_a_step_is_told_by_somebody() -> None:
    told = {reason for tellers in (*ACTIONS.values(), *HOLDS.values(), common.HOLDS) for reason in tellers}

    assert set(REASONS) - NOT_TOLD_BY_STEPS == told


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=150, deadline=None)
def test_every_action_and_hold_of_any_plan_is_told_by_its_own_numbers(seed: int) -> None:
    for scene in scenes(seed):
        for action in scene.decision.actions:
            checks = strictly(ACTIONS[action.step][action.reason], scene, action).checks
            assert checks
            assert all(check.passed for check in checks), action
        for hold in scene.decision.holds:
            # a refusal may be of the guardrail of a run for some goals only
            tellers = [t[hold.reason] for t in (HOLDS[hold.step], common.HOLDS) if hold.reason in t]
            assert any(fails_at_last(teller, scene, hold) for teller in tellers), hold


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=50, deadline=None)
def test_what_is_told_has_a_title_a_why_and_no_empty_word(seed: int) -> None:
    for scene in scenes(seed):
        for item in decision(scene.decision, scene.state):
            assert item.title.startswith("Would ")
            assert item.why
            assert "None" not in item.title + item.why
            assert all(check.name and check.have and check.need for check in item.checks)


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=50, deadline=None)
def test_what_the_log_keeps_of_a_comparison_reads_the_same_again(seed: int) -> None:
    for scene in scenes(seed):
        currency = scene.figures.currency
        for item, kept in zip(
            (i for i in decision(scene.decision, scene.state) if i.kind == "action"),
            stored_checks.of_decision(scene.decision, scene.state),
            strict=True,
        ):
            again = stored_checks.restored(kept, currency)
            assert [(c.name, c.word, c.unit) for c in again] == [
                (c.name, c.word, c.unit) for c in item.checks
            ]
            assert [(c.have, c.need) for c in again] == [(c.have, c.need) for c in item.checks]
            assert len(json.dumps(kept)) < MOST_BYTES


def scenes(seed: int) -> Iterator[Scene]:
    """The five steps of a random world, sometimes for some goals, sometimes after a failed cut."""
    world = random_world(seed)
    dice = Random(seed)
    keys = [goal.goal_key for goal in world.goals]
    goal_keys = dice.choice([None, None, dice.sample(keys, dice.randint(1, len(keys)))])
    state = rules.initial_state(world, thresholds())._replace(reduction_failed=dice.random() < 0.2)
    for step in rules.STEPS:
        decided = decide(step, state, goal_keys)
        yield Scene(state, decided)
        state = rules.fold(state, ((action, "success") for action in decided.actions))


def strictly(teller: Teller[Action], scene: Scene, action: Action) -> Story:
    """Nothing caught: a story that trips here is a bug."""
    return teller(scene, action)


def fails_at_last(teller: Teller[Hold], scene: Scene, hold: Hold) -> bool:
    checks = teller(scene, hold).checks
    return bool(checks) and not checks[-1].passed and all(check.passed for check in checks[:-1])
