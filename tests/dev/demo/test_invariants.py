"""What the demo claims is seen to fail when it is not so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from demo import invariants, write_summary
from demo.personas import Persona
from demo.results import PersonaResult
from orchestrator.domain.action_log import ActionRow, ActionStatus
from orchestrator.domain.model import Action

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
USER = UUID("6f9c2a1e-0000-4000-8000-000000000001")
PERSON = Persona(name="Pat", why="to be looked at", goals={})
RAISE = Action(
    step="scale",
    action_type="update_budget",
    goal_key="streams",
    campaign_id="1",
    adset_id=None,
    before_minor=500,
    after_minor=600,
    reason="scale_up",
)
PAUSE = replace(
    RAISE, step="pause", action_type="pause_adset", adset_id="11", before_minor=None, after_minor=None
)
ACCOUNT: dict[str, Any] = {
    "campaigns": [
        {
            "id": "1",
            "status": "ACTIVE",
            "daily_budget_minor": 600,
            "ad_sets": [
                {"id": "11", "status": "PAUSED", "daily_budget_minor": None, "ads": [{"id": "111"}]},
            ],
        }
    ]
}


def a_row(action: Action = RAISE, status: ActionStatus = "success", **details: Any) -> ActionRow:
    found = {"meta_campaign_id": "1", "meta_adset_id": action.adset_id} | details
    return ActionRow(
        id=1,
        run_id=USER,
        origin="run",
        user_id=USER,
        ordinal=0,
        action=action,
        key="k",
        status=status,
        message="Meta said no" if status == "failed" else None,
        details={name: value for name, value in found.items() if value},
        created_at=NOW,
        settled_at=NOW,
    )


def a_result(*rows: ActionRow) -> PersonaResult:
    return PersonaResult(
        person=PERSON, allocations=(), winners=(), actions=rows, holds=(), errors=(), failure=None
    )


@pytest.mark.parametrize(
    ("planned", "done", "lines"),
    [
        pytest.param([a_row(status="planned")], [a_row()], 0, id="the same"),
        pytest.param([], [], 0, id="nothing, twice"),
        pytest.param([a_row()], [], 1, id="one was not done"),
        pytest.param([], [a_row()], 1, id="one was not planned"),
        pytest.param([a_row(replace(RAISE, after_minor=601))], [a_row()], 1, id="another amount"),
        pytest.param([a_row(PAUSE), a_row()], [a_row(), a_row(PAUSE)], 2, id="another order"),
        pytest.param([a_row()], [a_row(status="failed")], 1, id="Meta refused it"),
        pytest.param([a_row()], [a_row(status="held")], 1, id="it was held at the last moment"),
    ],
)
def test_a_live_run_that_is_not_its_plan_is_told(planned: list[ActionRow], done: list[ActionRow], lines: int):
    assert len(invariants.differences([a_result(*planned)], [a_result(*done)])) == lines


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        pytest.param([a_row(), a_row(PAUSE)], [], id="all of it landed"),
        pytest.param(
            [a_row(replace(RAISE, after_minor=700))],
            ["1: daily_budget_minor is 600, the log says 700"],
            id="another budget",
        ),
        pytest.param(
            [a_row(replace(PAUSE, action_type="resume_adset"))],
            ["11: status is PAUSED, the log says ACTIVE"],
            id="it is not active",
        ),
        pytest.param([a_row(replace(RAISE, after_minor=700), "failed")], [], id="a failure promises nothing"),
        pytest.param(
            [a_row(replace(RAISE, after_minor=700)), a_row()], [], id="the last action on it counts"
        ),
        pytest.param(
            [a_row(PAUSE, meta_adset_id="12")],
            ["12: status is None, the log says PAUSED"],
            id="it is not there",
        ),
    ],
)
def test_a_log_that_the_simulator_does_not_bear_out_is_told(rows: list[ActionRow], lines: list[str]):
    assert invariants.not_landed(rows, ACCOUNT) == lines


def a_request(path: str = "/11", *, took_effect: bool = True, method: str = "POST", **params: Any) -> Any:
    return {
        "method": method,
        "path": path,
        "params": params,
        "took_effect": took_effect,
        "answer": {"success": took_effect},
    }


@pytest.mark.parametrize(
    ("made", "lost"),
    [
        pytest.param(a_request(), [], id="a write that took effect"),
        pytest.param(
            a_request(took_effect=False),
            ["POST /11 took no effect: {'success': False}"],
            id="a write that did not",
        ),
        pytest.param(a_request(method="GET", took_effect=False), [], id="a read"),
        pytest.param(a_request("/", took_effect=False), [], id="a batch of reads"),
    ],
)
def test_only_a_write_without_effect_is_lost(made: Any, lost: list[str]):
    assert invariants.lost_writes([made]) == lost


def test_writes_are_told_by_what_they_write():
    requests = [
        a_request("/1", daily_budget="600"),
        a_request("/11", status="PAUSED"),
        a_request("/11", status="ACTIVE"),
        a_request("/111", status="ACTIVE"),
        a_request("/act_1/adsets", daily_budget="250", status="PAUSED"),
        a_request("/act_1/adsets", daily_budget="250", status="PAUSED"),
        a_request("/11/copies"),
    ]

    assert write_summary.lines(requests, write_summary.kinds_of(ACCOUNT)) == [
        "set the budget of 1 campaign (600)",
        "pause 1 ad set",
        "activate 1 ad set, 1 ad",
        "create 2 ad sets (250)",
        "copy 1 ad set",
    ]
