"""The winner interface: the policy names the rule, and the step acts on whatever that rule selects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator import rules
from orchestrator.domain.evidence import Gate
from orchestrator.domain.model import Snapshot, Winner
from orchestrator.domain.policy import Policy, load, overridden
from orchestrator.errors import InvalidDocument
from orchestrator.rules.state import GoalNow, State
from orchestrator.rules.winners import Field, Selection, selection
from tests.unit.rules.worlds import ad_set, copy, creative, did, holds, learning, scaling, world

NO_WORSE = Gate("age", 3, "at least", 2, "hours")
WORSE = Gate("age", 1, "at least", 2, "hours")


def youngest(_state: State, goal: GoalNow, field: Field) -> Selection:
    """Let the youngest candidate win, whatever it did."""
    *others, last = field.candidates
    winner = Winner(
        goal_key=goal.key,
        adset_id=last.id,
        clause="beats_median",
        events=0,
        spend_minor=0,
        impressions=0,
        active_hours=0,
        cost_minor="1",
        median_minor="2",
        margin_bp=5000,
    )
    return Selection([(last, winner, (NO_WORSE,))], [(a, "too_young", (WORSE,)) for a in others])


def policy_with(winner_rule: str) -> Policy:
    """The packaged policy with a rule that only a test has."""
    return Policy.model_construct(**{**load().model_dump(), "winner_rule": winner_rule})


def a_world() -> Snapshot:
    """Three learning ad sets of which none wins by thresholds, one of them copied already."""
    ad_sets = [replace(ad_set(id_), lifetime=did(10)) for id_ in ("11", "12", "13")]
    return world(learning(), scaling("9", 1000), copy("91", source="12"), creative(), *ad_sets)


def test_the_default_rule_is_thresholds() -> None:
    assert load().winner_rule == "thresholds"
    assert selection.RULES["thresholds"].__name__ == "thresholds"


def test_the_rule_that_the_policy_names_selects_the_winners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "RULES", {**selection.RULES, "youngest": youngest})
    chosen = policy_with("youngest")
    by_default = rules.decide("promote", rules.initial_state(a_world(), load()))
    decided = rules.decide("promote", rules.initial_state(a_world(), chosen))

    assert [w.adset_id for w in by_default.winners] == []
    assert [w.adset_id for w in decided.winners] == ["13"]
    assert [(a.action_type, a.adset_id) for a in decided.actions] == [("promote_winner", "13")]
    assert holds(decided) == ["promote_winner 1/11 too_young", "promote_winner 1/12 already_scaling"]


def test_the_evidence_of_the_rule_is_that_of_the_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "RULES", {"youngest": youngest})
    chosen = policy_with("youngest")
    decided = rules.decide("promote", rules.initial_state(a_world(), chosen))
    (young,) = [hold for hold in decided.holds if hold.adset_id == "11"]

    assert decided.actions[0].evidence[:2] == (Gate("copies", 0, "is", 0, "ad sets"), NO_WORSE)
    assert young.evidence == (WORSE,)


@pytest.mark.parametrize("name", ["bayes", "", None, 1])
def test_a_rule_that_does_not_exist_is_refused_in_one_line(name: object) -> None:
    with pytest.raises(InvalidDocument, match=r"\$policy\.winner_rule: Input should be 'thresholds'"):
        overridden({"winner_rule": name})


def test_the_default_rule_is_no_part_of_the_hash() -> None:
    assert load().hash == "b290373eda7a192179d831587b4ae30370d5cc42d29a00de288ea0c5bcea05a8"
    assert overridden({"winner_rule": "thresholds"}).hash == load().hash
    assert overridden({"max_winners": 1}).hash == (
        "79e428f33d2ca51f6786063282fef20eda8ac3510c4eb44c6e86fdbc6b0e80f1"
    )


def test_another_rule_gives_another_hash() -> None:
    assert policy_with("youngest").hash != load().hash
