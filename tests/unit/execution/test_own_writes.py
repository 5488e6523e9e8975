"""A late read is told apart from a person's edit by the platform's own times."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orchestrator.execution.own_writes import OwnWrite, as_written, own_writes
from orchestrator.platforms.base import RemoteAdSet
from tests.unit.execution.test_executor import a_row

MADE = datetime(2026, 11, 23, 8, tzinfo=UTC)
SENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def seen(**others: Any) -> RemoteAdSet:
    fields: dict[str, Any] = {
        "id": "11",
        "campaign_id": "1",
        "name": "a",
        "status": "ACTIVE",
        "effective_status": "ACTIVE",
        "daily_budget_minor": 500,
        "optimization_goal": None,
        "created_at": MADE,
        "updated_at": SENT,
        "start_at": None,
        "source_adset_id": None,
    }
    return RemoteAdSet(**fields | others)


RAISED = OwnWrite("11", "daily_budget_minor", 400, 500, SENT)
CUT = OwnWrite("11", "daily_budget_minor", 500, 350, SENT)
PAUSED = OwnWrite("11", "status", "ACTIVE", "PAUSED", SENT)
ACTIVATED = OwnWrite("11", "status", "PAUSED", "ACTIVE", None)


@pytest.mark.parametrize(
    ("read", "writes", "budget_minor", "status", "late"),
    [
        pytest.param(seen(), [], 500, "ACTIVE", False, id="nothing was written"),
        pytest.param(seen(), [CUT], 350, "ACTIVE", True, id="the old budget, not updated since"),
        pytest.param(
            seen(updated_at=SENT + SECOND), [CUT], 500, "ACTIVE", False, id="the old budget, updated since"
        ),
        pytest.param(seen(daily_budget_minor=350), [CUT], 350, "ACTIVE", False, id="what we wrote is there"),
        pytest.param(seen(daily_budget_minor=499), [CUT], 499, "ACTIVE", False, id="neither"),
        pytest.param(
            seen(daily_budget_minor=400), [RAISED, CUT], 350, "ACTIVE", True, id="what was before the first"
        ),
        pytest.param(seen(), [RAISED, CUT], 350, "ACTIVE", True, id="what was before the second"),
        pytest.param(seen(), [PAUSED], 500, "PAUSED", True, id="not paused yet"),
        pytest.param(seen(), [CUT, PAUSED], 350, "PAUSED", True, id="neither cut nor paused yet"),
        pytest.param(seen(id="12"), [CUT, PAUSED], 500, "ACTIVE", False, id="another's"),
        pytest.param(
            seen(status="PAUSED", updated_at=MADE + 60 * SECOND),
            [ACTIVATED],
            500,
            "ACTIVE",
            True,
            id="as it was created",
        ),
        pytest.param(
            seen(status="PAUSED", updated_at=MADE + 61 * SECOND),
            [ACTIVATED],
            500,
            "PAUSED",
            False,
            id="paused since it was created",
        ),
    ],
)
def test_what_a_read_is_worth(
    read: RemoteAdSet, writes: list[OwnWrite], budget_minor: int, status: str, *, late: bool
) -> None:
    (_, (found,)), ids = as_written(((), (read,)), writes)

    assert (found.daily_budget_minor, found.status) == (budget_minor, status)
    assert ids == ({read.id} if late else set())


MADE_ONE = {"meta_campaign_id": "1", "meta_adset_id": "11"}


@pytest.mark.parametrize(
    ("action_type", "details", "written"),
    [
        pytest.param("pause_campaign", {"meta_campaign_id": "1"}, [], id="no evidence of what was before"),
        pytest.param(
            "pause_campaign",
            {"meta_campaign_id": "1", "unchanged_since": SENT.isoformat()},
            [("1", "status", "ACTIVE", "PAUSED", SENT)],
            id="a pause",
        ),
        pytest.param(
            "resume_campaign",
            {"meta_campaign_id": "1", "unchanged_since": SENT.isoformat()},
            [("1", "status", "PAUSED", "ACTIVE", SENT)],
            id="a resume",
        ),
        pytest.param(
            "pause_campaign",
            {"meta_campaign_id": "1", "unchanged_since": SENT.isoformat(), "already": True},
            [],
            id="it was so already",
        ),
        pytest.param(
            "create_adset",
            {**MADE_ONE, "activating": ["111", "11"]},
            [("11", "status", "PAUSED", "ACTIVE", None)],
            id="a new test",
        ),
        pytest.param("create_adset", {**MADE_ONE, "activating": ["111"]}, [], id="one left to the rules"),
        pytest.param(
            "create_adset",
            {**MADE_ONE, "activating": ["111", "11"], "read_back": True},
            [],
            id="one recorded, read back and left to the rules",
        ),
        pytest.param(
            "create_adset",
            {**MADE_ONE, "activating": ["111", "11"], "left_paused": ["11"]},
            [],
            id="one that a person paused",
        ),
        pytest.param("create_campaign", {"meta_campaign_id": "1"}, [], id="a campaign not activated"),
        pytest.param(
            "create_campaign",
            {"meta_campaign_id": "1", "activation": "active"},
            [("1", "status", "PAUSED", "ACTIVE", None)],
            id="a new campaign",
        ),
    ],
)
def test_what_an_action_wrote(action_type: str, details: dict[str, Any], written: list[Any]) -> None:
    row = replace(a_row(action_type), status="success", details=details)

    assert own_writes([row]) == written
    assert own_writes([replace(row, status="failed")]) == []
