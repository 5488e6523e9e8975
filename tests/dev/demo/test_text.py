"""A person's part of a run, in few words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from rich.console import Console

from demo import tables
from demo import text as wording
from demo.personas import Outcome, Persona, PersonaCreative
from demo.results import PersonaResult
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Action, Allocation, GoalError, Hold

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
USER = UUID("6f9c2a1e-0000-4000-8000-000000000001")
PERSON = Persona(
    name="Pat",
    why="to be read about",
    goals={"streams": {}, "presave": {}},
    creatives=(PersonaCreative(name="teaser", goal_key="streams"),),
)
NAMES = {"1": "the learning campaign", "11": "broad teaser", "12": "lookalike teaser"}
BUDGET = Action(
    step="allocate",
    action_type="update_budget",
    goal_key="streams",
    campaign_id="1",
    adset_id="11",
    before_minor=500,
    after_minor=350,
    reason="make_room",
)


def a_result(*actions: Action, **others: Any) -> PersonaResult:
    rows = [
        ActionRow(
            id=number,
            run_id=USER,
            origin="run",
            user_id=USER,
            ordinal=number,
            action=action,
            key=str(number),
            status="planned",
            message=None,
            details={},
            created_at=NOW,
            settled_at=None,
        )
        for number, action in enumerate(actions)
    ]
    empty: dict[str, Any] = {"allocations": (), "winners": (), "holds": (), "errors": (), "failure": None}
    return PersonaResult(person=PERSON, actions=tuple(rows), **(empty | others))


@pytest.mark.parametrize(
    ("actions", "lines"),
    [
        pytest.param(
            [BUDGET, replace(BUDGET, adset_id="12")],
            ["broad teaser, lookalike teaser: $5.00 → $3.50 (make_room)"],
            id="two alike are one line",
        ),
        pytest.param(
            [BUDGET, replace(BUDGET, adset_id="12", after_minor=340)],
            ["broad teaser, lookalike teaser: new budgets (make_room)"],
            id="two amounts are not told",
        ),
        pytest.param(
            [BUDGET, replace(BUDGET, goal_key="presave", adset_id="12")],
            [
                "streams: broad teaser: $5.00 → $3.50 (make_room)",
                "pre-saves: lookalike teaser: $5.00 → $3.50 (make_room)",
            ],
            id="two goals are told apart",
        ),
        pytest.param(
            [replace(BUDGET, adset_id=str(number)) for number in range(100, 107)],
            ["7 ad sets: $5.00 → $3.50 (make_room)"],
            id="many are a number",
        ),
        pytest.param(
            [replace(BUDGET, action_type="pause_adset", before_minor=None, after_minor=None, reason="loser")],
            ["pause broad teaser (loser)"],
            id="a pause",
        ),
        pytest.param(
            [
                replace(
                    BUDGET, action_type="create_campaign", adset_id=None, before_minor=None, reason="winner"
                )
            ],
            ["create the learning campaign at $3.50 (winner)"],
            id="a campaign with a budget",
        ),
    ],
)
def test_actions_of_one_kind_are_one_line(actions: list[Action], lines: list[str]):
    assert wording.action_lines(a_result(*actions), NAMES) == lines


def test_shares_name_scaling_only_where_there_is_some():
    shares = (
        Allocation(goal_key="streams", budget_minor=1_000, learning_minor=700, scaling_minor=300),
        Allocation(goal_key="presave", budget_minor=600, learning_minor=600, scaling_minor=0),
    )

    assert wording.share_lines(a_result(allocations=shares)) == [
        "streams $10.00 = $7.00 learning + $3.00 scaling",
        "pre-saves $6.00",
    ]


def test_a_reason_is_told_once_with_its_number():
    hold = Hold(
        step="pause",
        action_type="pause_adset",
        goal_key="streams",
        campaign_id="1",
        adset_id="11",
        reason="has_events",
    )

    assert wording.hold_lines(a_result(holds=(hold, hold, replace(hold, reason="cooldown")))) == [
        "2x has_events",
        "cooldown",
    ]


def test_errors_are_those_of_goals_and_what_ended_the_run():
    unknown = GoalError(step="allocate", goal_key="sell_merch", reason="unknown_goal")

    assert wording.error_lines(a_result(errors=(unknown,), failure="AuthExpired: connect again")) == [
        "sell_merch: unknown_goal",
        "AuthExpired",
    ]


def test_the_table_has_everything_of_a_person():
    console = Console(width=118, record=True, file=None, quiet=False)
    hold = Hold(
        step="scale",
        action_type="update_budget",
        goal_key=None,
        campaign_id=None,
        adset_id=None,
        reason="no_room",
    )
    result = a_result(BUDGET, holds=(hold,), failure="AuthExpired: connect again")

    with console.capture() as captured:
        console.print(tables.result_table([result], {"Pat": NAMES}, "A run"))

    for text in ("Pat", "to be read about", "$5.00 → $3.50", "no_room", "AuthExpired"):
        assert text in captured.get()


def test_an_expectation_that_was_missed_stands_out():
    met, missed = (Outcome(words, "hold", "cooldown") for words in ("it waits", "it rests"))

    assert tables.outcome_lines(PERSON, [met, missed], [missed]).plain == "Pat  ✓ it waits · ✗ it rests"
