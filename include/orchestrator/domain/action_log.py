"""The action log: one row an action, and the life of a row from decision to outcome.

``TRANSITIONS`` is the only table of that life. The store takes its conditions from it, the database
enforces the same by a trigger, and a test compares them pair by pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from orchestrator.domain.model import Action, Outcome

ActionStatus = Literal["planned", "held", "intended", "success", "failed", "unknown"]
Settled = Literal["held", "success", "failed", "unknown"]
Origin = Literal["run", "stop"]

_AFTER_SENDING: frozenset[ActionStatus] = frozenset({"intended", "held", "success", "failed"})

TRANSITIONS: Mapping[ActionStatus, frozenset[ActionStatus]] = {
    # Recorded, not sent. ``success``: the platform has it already. A dry run's rows stay here.
    "planned": frozenset({"intended", "held", "success"}),
    # About to be sent, or sent and unanswered; once more at each attempt.
    "intended": _AFTER_SENDING | {"unknown"},
    # Sent, and whether it happened is not known; sent again only after it was read back.
    "unknown": _AFTER_SENDING,
    # Not made: refused by a check of ours, or by a stop.
    "held": frozenset(),
    # The platform has it.
    "success": frozenset(),
    # The platform refused it, or it was read back and did not happen.
    "failed": frozenset(),
}
"""Each status, with those that may follow it. To record the same outcome again changes nothing."""

FINAL: frozenset[ActionStatus] = frozenset(status for status, after in TRANSITIONS.items() if not after)
"""Statuses that nothing follows."""

OPEN: frozenset[ActionStatus] = frozenset(TRANSITIONS) - FINAL - {"planned"}
"""Statuses of an action that may have happened: it is read back before anything new is done for its user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One row of the action log. ``key`` is the idempotency key its creations carry.

    ``origin``: the source of the action. A rule decided it in a ``run``, and ``action.step`` says which; an
    operator's emergency ``stop`` has no step.
    """

    id: int
    run_id: UUID
    user_id: UUID
    origin: Origin
    ordinal: int
    action: Action
    key: str
    status: ActionStatus
    message: str | None
    details: Mapping[str, Any]
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDraft:
    """An action that is not in the log yet. ``key`` is unique for ever.

    ``creative_id``: of the ad set concerned, for cooldowns. ``promoted_from_id``: of a copy.
    """

    action: Action
    key: str
    creative_id: str | None = None
    promoted_from_id: str | None = None
    message: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def outcome_of(row: ActionRow) -> Outcome:
    """What a row counts as. An action that was held, or never begun, did not happen: ``failed``."""
    if row.status in ("success", "unknown"):
        return cast("Outcome", row.status)
    return "failed"


def sources_of(status: ActionStatus) -> list[ActionStatus]:
    """The statuses from which a row may move to ``status``, in the order of the table."""
    return [source for source, after in TRANSITIONS.items() if status in after]
