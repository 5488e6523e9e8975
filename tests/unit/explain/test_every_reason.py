"""No decision without words, and no words without both sides of the comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec import structs

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain.evidence import Gate
from orchestrator.domain.gates import GATES
from orchestrator.domain.model import Action, Decision, Hold
from orchestrator.domain.reasons import REASONS
from orchestrator.domain.steps import RULES
from orchestrator.explain import Explainer, common
from orchestrator.explain.explainer import SENTENCES, sentence_for
from orchestrator.explain.titles import Titles, names_in
from orchestrator.explain.wording_context import PHRASES, Context
from orchestrator.runs.decide import decide
from tests.unit.rules.random_worlds import random_world
from tests.unit.rules.worlds import thresholds

IN_WORDS_OF_ITS_OWN = {
    *("reduction_failed", "cannot_deliver", "ended", "not_ours", "already_scaling", "auto_pause_off"),
}
"""Reasons whose words in the table say it all: no number is missing in them."""
MOST_BYTES = 1_500
"""What the log may keep of one action's comparisons. A promotion has most, 1,100; a new budget 150."""
NOT_TOLD_BY_STEPS = {
    # of a goal, not of an action or a hold
    "unknown_goal",
    "no_template",
    # of the shell, when an action is about to be made
    *(
        "changed_by_person",
        "removed_by_person",
        "parent_failed",
        "refused_for_many",
        "throttled",
        "run_ended",
        "unsettled",
        "unknown_objects",
        "stopped",
    ),
    "account_stopped",
    # of a pause that ends with the revival
    "reviving",
    # of an operator's stop
    "stopped_by_operator",
    # of a user who takes no part
    *("unknown_user", "not_connected", "assets_not_configured", "paused_by_operator"),
    *("run_in_progress", "nothing_active", "no_recent_activity"),
}


def test_every_reason_has_a_sentence_or_needs_none() -> None:
    tables = [common.HOLDS, *(table for each in SENTENCES.values() for table in each)]
    worded = {key for sentences in tables for key in sentences}

    assert set(REASONS) - NOT_TOLD_BY_STEPS - worded == IN_WORDS_OF_ITS_OWN | {"no_room"}
    assert worded - set(REASONS) <= set(GATES)
    assert not set(PHRASES) & set(GATES)


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=150, deadline=None)
def test_every_action_and_hold_of_any_plan_is_worded_from_its_own_evidence(seed: int) -> None:
    for decided, titles in decisions(seed):
        for action in decided.actions:
            assert comparisons(action)
            assert all(gate.passed for gate in action.evidence), action
            assert Context(titles, action).fill(sentence_for(action)), action
        for hold in decided.holds:
            *passed, failed = comparisons(hold)
            assert not failed.passed, hold
            assert all(gate.passed for gate in passed), hold
            assert Context(titles, hold).fill(sentence_for(hold)), hold


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=50, deadline=None)
def test_every_gate_of_any_plan_has_a_name(seed: int) -> None:
    for decided, titles in decisions(seed):
        for thing in (*decided.actions, *decided.holds):
            context = Context(titles, thing)
            assert all(context.fill(GATES[gate.name]) for gate in comparisons(thing))


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=50, deadline=None)
def test_what_is_told_has_a_title_a_why_and_no_empty_word(seed: int) -> None:
    for decided, titles in decisions(seed):
        for item in Explainer(titles).decision(decided):
            assert item.title.startswith("Would ")
            assert item.why
            assert "None" not in item.title + item.why
            assert all(check.name and check.have and check.need for check in item.checks)


@given(st.integers(0, 2**32))
@hypothesis_settings(max_examples=50, deadline=None)
def test_stored_evidence_reads_the_same_again(seed: int) -> None:
    for decided, titles in decisions(seed):
        stored = codec.read_decision(json.loads(json.dumps(codec.decision_json(decided))))
        actions = []
        for action in decided.actions:
            text = json.dumps([codec.gate_json(gate) for gate in action.evidence])
            assert len(text) < MOST_BYTES
            actions.append(structs.replace(action, evidence=tuple(map(codec.read_gate, json.loads(text)))))
        again = replace(stored, actions=tuple(actions))

        assert Explainer(titles).decision(again) == Explainer(titles).decision(decided)


def decisions(seed: int) -> Iterator[tuple[Decision, Titles]]:
    """The five steps of a random world, sometimes for some goals, sometimes after a failed cut."""
    world = random_world(seed)
    dice = Random(seed)
    keys = [goal.goal_key for goal in world.goals]
    goal_keys = dice.choice([None, None, dice.sample(keys, dice.randint(1, len(keys)))])
    state = structs.replace(rules.initial_state(world, thresholds()), reduction_failed=dice.random() < 0.2)
    titles = Titles(world.account.currency, "would", names_in(codec.snapshot_json(world)))
    for step in RULES:
        decided = decide(step, state, goal_keys)
        yield decided, titles
        state = rules.fold(state, ((action, "success") for action in decided.actions))


def comparisons(thing: Action | Hold) -> list[Gate]:
    return [gate for gate in thing.evidence if gate.operator]
