"""What may be sent without a preflight, and what an error makes of a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from unittest.mock import MagicMock
from uuid import UUID

import pytest

from orchestrator.domain.action_log import ActionRow, Origin
from orchestrator.domain.model import Action
from orchestrator.errors import (
    AccountClosed,
    AuthExpired,
    ConfigError,
    ObjectThrottled,
    Rejected,
    Stopped,
    Throttled,
    Unknown,
    VersionExpired,
)
from orchestrator.execution import executor, outcomes
from orchestrator.execution.admission import Progress
from orchestrator.execution.executor import enforce, execute
from orchestrator.execution.preflight import Preflight

NOBODY = UUID(int=1)


def a_row(action_type: Any, origin: Origin = "run") -> ActionRow:
    action = Action(
        step="allocate" if origin == "run" else None,
        action_type=action_type,
        goal_key="streams",
        campaign_id="1",
        adset_id=None,
        before_minor=None,
        after_minor=None,
        reason="goal_active",
    )
    return ActionRow(
        id=1,
        run_id=NOBODY,
        user_id=NOBODY,
        origin=origin,
        ordinal=0,
        action=action,
        key="k",
        status="planned",
        message=None,
        details={},
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        settled_at=None,
    )


@pytest.mark.parametrize(
    "action_type", ["resume_campaign", "update_budget", "create_adset", "promote_winner"]
)
def test_nothing_but_a_pause_is_sent_without_a_preflight(action_type: str) -> None:
    untouched = cast("Any", None)

    with pytest.raises(RuntimeError, match=f"a {action_type} is not to be sent without a preflight"):
        enforce(untouched, [a_row(action_type, "stop")])


@pytest.mark.parametrize(
    ("action_type", "origin", "error", "status"),
    [
        pytest.param("pause_campaign", "run", Unknown("?"), "unknown", id="no answer"),
        pytest.param("pause_campaign", "run", Throttled("!", wait_s=9), "held", id="throttled"),
        pytest.param("pause_campaign", "run", Stopped("!"), "held", id="stopped"),
        pytest.param("pause_campaign", "stop", Throttled("!", wait_s=9), "failed", id="throttled in a stop"),
        pytest.param("pause_campaign", "run", AuthExpired("!"), "failed", id="a dead token"),
        pytest.param("create_adset", "run", Throttled("!", wait_s=9), "unknown", id="maybe half made"),
        pytest.param("promote_winner", "run", AuthExpired("!"), "unknown", id="maybe half copied"),
        pytest.param("create_adset", "run", Rejected("!"), "failed", id="refused"),
        pytest.param("create_adset", "run", ConfigError("!"), "failed", id="its template is gone"),
        pytest.param("create_adset", "run", AccountClosed("!"), "failed", id="a closed account"),
        pytest.param("promote_winner", "run", VersionExpired("!"), "failed", id="a lost capability"),
        pytest.param("create_adset", "run", ObjectThrottled("!", wait_s=9), "unknown", id="one limit"),
        pytest.param("update_budget", "run", ObjectThrottled("!", wait_s=9), "held", id="its limit"),
    ],
)
def test_what_an_error_makes_of_a_row(
    action_type: str, origin: Origin, error: Any, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: list[str] = []
    monkeypatch.setattr(outcomes, "record", lambda _context, _row, status, *_: recorded.append(status))
    monkeypatch.setattr(outcomes, "refusal_details", lambda *_: {})

    outcomes.record_error(cast("Any", None), a_row(action_type, origin), error)

    assert recorded == [status]


@pytest.mark.parametrize(
    ("error", "stops"),
    [
        pytest.param(Rejected("!"), False, id="of a request"),
        pytest.param(ConfigError("!"), False, id="of an object"),
        pytest.param(ObjectThrottled("!", wait_s=9), False, id="of an object's limit"),
        pytest.param(Throttled("!", wait_s=9), True, id="of a user"),
        pytest.param(AccountClosed("!"), True, id="of a user's account"),
        pytest.param(VersionExpired("!"), True, id="of the app"),
    ],
)
def test_an_error_of_the_user_or_more_stops_what_rises_next(
    error: Any,
    stops: bool,  # noqa: FBT001 - a row
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context = MagicMock(intended_activations={})
    context.store.kill_switch.trip.return_value = None
    monkeypatch.setattr(executor, "admit", lambda *_: Preflight("go", {}))
    monkeypatch.setattr(executor.handlers, "make", MagicMock(side_effect=error))
    monkeypatch.setattr(executor.outcomes, "record_error", lambda _, row, __: replace(row, status="failed"))
    monkeypatch.setattr(executor.rules, "fold", lambda state, _: state)
    progress = Progress(state=cast("Any", MagicMock()), rows=[])

    execute(context, [a_row("resume_campaign")], progress, lambda _: None)

    assert progress.stopped is (error if stops else None)
