"""Evidence as it is stored: both sides in their unit, read back as what they were worth."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from orchestrator.documents import codec
from orchestrator.domain.evidence import Gate, figure
from orchestrator.domain.model import Action, Allocation, Decision, GoalError, Hold, Winner

HOLD = Hold(
    step="pause",
    action_type="pause_adset",
    goal_key="streams",
    campaign_id="1",
    adset_id="11",
    reason="too_little_spend",
    evidence=(
        Gate("auto_pause", "on", "is", "on"),
        figure("limit", (17, 2), "percent"),
        figure("shown", 7),
        Gate("spent", 900, "more than", 1000, "minor"),
    ),
)


@pytest.mark.parametrize(
    ("gate", "row"),
    [
        pytest.param(
            Gate("auto_pause", "on", "is", "on"),
            {"name": "auto_pause", "have": "on", "word": "is", "need": "on"},
            id="words",
        ),
        pytest.param(
            Gate("place", 3, "more than", 2, "ad sets"),
            {"name": "place", "have": 3, "word": "more than", "need": 2, "unit": "ad sets"},
            id="counts",
        ),
        pytest.param(
            Gate("age", timedelta(hours=36), "at least", timedelta(days=2), "hours"),
            {"name": "age", "have": 36, "word": "at least", "need": 48, "unit": "hours"},
            id="spans in hours",
        ),
        pytest.param(
            Gate("since_removed", timedelta(hours=36), "at least", timedelta(days=7), "days"),
            {"name": "since_removed", "have": "1.5", "word": "at least", "need": 7, "unit": "days"},
            id="spans in days",
        ),
        pytest.param(
            Gate("cost", (200, 3), "at most", (450, 10), "minor"),
            {"name": "cost", "have": "66.666667", "word": "at most", "need": 45, "unit": "minor"},
            id="quotients",
        ),
        pytest.param(
            Gate("raise", -5, "at least", 1, "minor"),
            {"name": "raise", "have": -5, "word": "at least", "need": 1, "unit": "minor"},
            id="below zero",
        ),
        pytest.param(
            figure("limit", (17, 2), "percent"),
            {"name": "limit", "have": "8.5", "unit": "percent"},
            id="a figure",
        ),
    ],
)
def test_a_gate_is_stored_in_its_unit(gate: Gate, row: dict[str, Any]) -> None:
    assert codec.gate_json(gate) == row
    assert codec.gate_json(codec.read_gate(row)) == row


@pytest.mark.parametrize(
    ("row", "gate"),
    [
        pytest.param(
            {"name": "cost", "have": "38.5", "word": "at most", "need": 41, "unit": "minor"},
            Gate("cost", (77, 2), "at most", (41, 1), "minor"),
            id="a decimal makes both sides quotients",
        ),
        pytest.param(
            ["spent", 900, "more than", 1000, "minor"],
            Gate("spent", 900, "more than", 1000, "minor"),
            id="a list of five",
        ),
        pytest.param(["switch", "on", "is", "on"], Gate("switch", "on", "is", "on"), id="of four"),
        pytest.param(["limit", "8.5", "percent"], figure("limit", (17, 2), "percent"), id="of three"),
        pytest.param(["shown", 7], figure("shown", 7), id="of two"),
    ],
)
def test_a_stored_gate_is_read_back(row: Any, gate: Gate) -> None:
    assert codec.read_gate(row) == gate


AGE = Gate("age", timedelta(hours=72), "at least", timedelta(hours=48), "hours")
ROOM = {"live_minor": 1500, "rise_minor": 70, "cap_minor": 1569}
NO_ROOM = Gate("live_budget_now", 1570, "at most", 1569, "minor")


@pytest.mark.parametrize(
    ("details", "evidence"),
    [
        pytest.param({}, [], id="nothing was stored"),
        pytest.param({"checks_now": []}, [], id="nothing prevented the write"),
        pytest.param(
            {"hold": "no_room", "checks_now": [codec.gate_json(NO_ROOM)]},
            [NO_ROOM],
            id="no room at the write",
        ),
        pytest.param({"hold": "no_room", "room": ROOM}, [NO_ROOM], id="a row of before"),
        pytest.param({"activation": "no_room", "room": ROOM}, [NO_ROOM], id="an activation of before"),
        pytest.param({"activation": "active", "room": ROOM}, [], id="of before, and active since"),
        pytest.param({"hold": "no_room"}, [], id="no room, of before the sides were stored"),
    ],
)
def test_the_evidence_of_a_row_is_that_of_its_decision_and_then_of_its_write(
    details: dict[str, Any], evidence: list[Gate]
) -> None:
    checks = {"checks": [codec.gate_json(AGE)]}

    assert codec.read_checks(details) == tuple(evidence)
    assert [gate.name for gate in codec.read_checks(checks | details)] == [
        "age",
        *(gate.name for gate in evidence),
    ]


def test_a_hold_is_stored_with_its_evidence() -> None:
    document = codec.decision_json(Decision(holds=(HOLD,)))

    assert document["holds"][0]["evidence"] == [
        ["auto_pause", "on", "is", "on"],
        ["limit", "8.5", "percent"],
        ["shown", 7],
        ["spent", 900, "more than", 1000, "minor"],
    ]
    assert codec.read_decision(document) == Decision(holds=(HOLD,))


def test_a_run_reads_a_decision_of_its_own_without_the_evidence_of_its_holds() -> None:
    winner = Winner(
        goal_key="streams",
        adset_id="12",
        clause="beats_median",
        events=40,
        spend_minor=5_000,
        impressions=9_000,
        active_hours=72,
        cost_minor="125",
        median_minor="250",
        margin_bp=5_000,
    )
    action = Action(
        step="pause",
        action_type="pause_adset",
        goal_key="streams",
        campaign_id="1",
        adset_id="11",
        before_minor=None,
        after_minor=None,
        reason="loser",
    )
    decision = Decision(
        actions=(action,),
        holds=(HOLD, structs.replace(HOLD, campaign_id=None, adset_id=None)),
        errors=(GoalError(step="learning", goal_key="streams", reason="no_template"),),
        allocations=(
            Allocation(goal_key="streams", budget_minor=900, learning_minor=600, scaling_minor=300),
        ),
        winners=(winner,),
    )
    text = json.dumps(codec.decision_json(decision))

    held = tuple(structs.replace(hold, evidence=()) for hold in decision.holds)
    assert codec.decision_without_evidence(text) == replace(decision, holds=held)


def test_the_evidence_of_a_recorded_decision_is_not_even_looked_at() -> None:
    text = (
        '{"holds": [{"step": "pause", "action_type": "pause_adset", "reason": "x", "evidence": [[1], {}]}]}'
    )
    (hold,) = codec.decision_without_evidence(text).holds

    assert (hold.reason, hold.goal_key, hold.evidence) == ("x", None, ())


def test_a_hold_that_was_stored_without_evidence_is_read_back() -> None:
    (hold,) = codec.decision_json(Decision(holds=(HOLD,)))["holds"]
    del hold["evidence"]
    (read,) = codec.read_decision({"holds": [hold]}).holds

    assert read.evidence == ()
    assert (read.reason, read.adset_id) == ("too_little_spend", "11")


def test_evidence_is_no_part_of_a_document_of_actions_or_plans() -> None:
    action = Action(
        step="pause",
        action_type="pause_adset",
        goal_key="streams",
        campaign_id="1",
        adset_id="11",
        before_minor=None,
        after_minor=None,
        reason="loser",
        evidence=HOLD.evidence,
    )

    assert "evidence" not in codec.decision_json(Decision(actions=(action,)))["actions"][0]


@pytest.mark.parametrize(
    ("have", "passed"),
    [((200_000_001, 3_000_000), False), ((200_000_000, 3_000_000), True), ((199_999_999, 3_000_000), True)],
)
def test_sides_that_round_to_the_same_decimal_keep_the_verdict(
    have: tuple[int, int], *, passed: bool
) -> None:
    gate = Gate("cost", have, "at most", (200_000_000, 3_000_000), "minor")

    assert gate.passed is passed
    assert codec.read_gate(codec.gate_json(gate)).passed is passed
