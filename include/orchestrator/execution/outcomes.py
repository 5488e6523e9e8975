"""An action's outcome: the status and the text that an answer or an error gives its row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orchestrator.domain import messages
from orchestrator.domain.action_log import ActionRow, Settled
from orchestrator.domain.reasons import CANNOT_DELIVER, reason_text
from orchestrator.errors import (
    AccountClosed,
    CannotDeliver,
    ConfigError,
    OrchestratorError,
    PlatformError,
    Rejected,
    Stopped,
    Throttled,
    Unknown,
    VersionExpired,
)
from orchestrator.execution.context import ExecutionContext
from orchestrator.snapshot import refusals

IN_MANY_WRITES = frozenset({"create_adset", "promote_winner"})
"""Types of actions that may be half made when a write of theirs fails."""

FINAL_ERRORS = (Rejected, ConfigError, AccountClosed, VersionExpired)
"""Errors that sending the same again would meet again: what they end is ``failed``, half made or not."""


def record(
    context: ExecutionContext, row: ActionRow, status: Settled, message: str, details: dict[str, Any]
) -> ActionRow:
    """Record a row's outcome; the row as it is now.

    A promotion that failed or is held leaves no revival behind: its campaign is stored as dry again first.
    """
    if row.action.action_type == "promote_winner" and status in ("failed", "held"):
        context.leave_no_revival(row)  # first: one that dies in between finds the row open
    context.store.action_log.record_outcome(row.id, status, message, details)
    return replace(row, status=status, message=message, details={**row.details, **details})


def record_made(context: ExecutionContext, row: ActionRow, details: dict[str, Any]) -> ActionRow:
    """Record what a handler made. A creation that may not deliver is ``held`` for the reason in ``hold``."""
    if "hold" in details:
        text = f"it was made and stays paused: {reason_text(details['hold'])}"
        return record(context, row, "held", text, details)
    text = messages.action_text(row.action, context.user.assets.currency, done=True)
    return record(context, row, "success", text + messages.left_paused_text(details), details)


def record_error(context: ExecutionContext, row: ActionRow, error: OrchestratorError) -> ActionRow:
    """Record the error that ended a row's attempt."""
    status, text = _of_error(row, error)
    return record(context, row, status, text, _trace(error) | refusal_details(context, row, error))


def refusal_details(context: ExecutionContext, row: ActionRow, error: OrchestratorError) -> dict[str, Any]:
    """Details of a creation that was refused: what it was built from, and what it left half made.

    None of what another content would meet as well: an expired version, a closed account, ads that a person
    paused.
    """
    action = row.action
    is_creation = action.action_type in IN_MANY_WRITES | {"create_campaign"}
    is_of_content = isinstance(error, FINAL_ERRORS) and not isinstance(
        error, VersionExpired | AccountClosed | CannotDeliver
    )
    if not is_creation or not is_of_content:
        return {}
    cell = refusals.cell_of(context.user, action)
    found = {
        **cell._asdict(),
        "built_from": refusals.fingerprint(context.user, action.goal_key, cell),
        "half_made": context.remote_id(action.adset_id) if action.action_type == "create_adset" else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _of_error(row: ActionRow, error: OrchestratorError) -> tuple[Settled, str]:
    """The outcome of an attempt that ended in an error. One of several writes may be half done."""
    if isinstance(error, Unknown):
        return "unknown", str(error)
    if row.action.action_type in IN_MANY_WRITES and not isinstance(error, FINAL_ERRORS):
        return "unknown", f"{error} What was begun is read back and finished by the next run."
    if isinstance(error, Throttled | Stopped) and row.origin == "run":
        return "held", f"{error} The next run does it if it is still right."
    return "failed", str(error)


def _trace(error: OrchestratorError) -> dict[str, Any]:
    found: dict[str, Any] = {"error": type(error).__name__}
    if isinstance(error, CannotDeliver):
        found["reason"] = CANNOT_DELIVER.code
    if isinstance(error, PlatformError):
        found |= {"code": error.code, "subcode": error.subcode, "fbtrace_id": error.trace}
    return found
