"""The executor: the only way from a recorded action to the platform, one row at a time.

A row is ``intended`` before its request is sent, and has an outcome before the next row is looked at, so
that a process that dies on any line leaves something to read back. The rows of a run are admitted by a
preflight (``execute``); the pauses of an emergency stop are not (``enforce``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from orchestrator import rules
from orchestrator.domain.action_log import FINAL, ActionRow, outcome_of
from orchestrator.domain.reasons import reason_text
from orchestrator.errors import (
    ConfigError,
    OrchestratorError,
    PlatformError,
    Scope,
    Stopped,
    Transient,
    UnresolvedOutcome,
)
from orchestrator.execution import handlers, outcomes, reconciler
from orchestrator.execution.admission import Progress, admit
from orchestrator.execution.context import ExecutionContext, may_have_been_sent
from orchestrator.execution.handlers import Refusal
from orchestrator.execution.handlers.create import leave_to_rules
from orchestrator.execution.own_writes import own_writes
from orchestrator.execution.preflight import refusal_to_deliver

log = logging.getLogger(__name__)

ENFORCED_ATTEMPTS = 3
"""How often a pause of an emergency stop is sent while its outcome is unknown."""


STOPS_RISES: frozenset[Scope] = frozenset({"user", "app", "platform"})
"""Scopes of an error after which no further action of the user rises."""


class Attempt(NamedTuple):
    """A row after one attempt to send it, and the error that ended the attempt, if one did."""

    row: ActionRow
    error: OrchestratorError | None


def execute(
    context: ExecutionContext,
    rows: Sequence[ActionRow],
    progress: Progress,
    report: Callable[[ActionRow], None],
    settle: Callable[[], frozenset[str]] = frozenset,
) -> Progress:
    """Execute every row that is not final, in order; fold each into the state.

    Args:
        context: the user's account and rows.
        rows: the step's rows in the order of decision.
        progress: the state as the earlier steps left it, and what stopped the rises of one.
        report: called with each row once it has an outcome.
        settle: called once, after the reductions that the rows begin with: finishes what earlier steps left
            half made; the goals of which something is still open.

    Returns:
        The progress, with the rows and their outcomes. ``stopped`` is set when an error concerns the whole
        user or more: the rises after that are held, the reductions are made. ``unresolved`` is set when an
        outcome could not be read back: the rises of its goal are held.
    """
    is_settled = False
    for row in rows:
        if not is_settled and not rules.is_reduction(row.action):
            progress.open_goals |= settle()
            is_settled = True
        done = row if row.status in FINAL else _execute(context, row, progress)
        context.remember_ids(done)
        activating = context.intended_activations.get(done.id)
        intended = {} if activating is None else {"activating": activating}
        context.own_writes += own_writes([replace(done, details={**done.details, **intended})])
        progress.rows.append(done)
        progress.state = rules.fold(progress.state, [(done.action, outcome_of(done))])
        report(done)
    return progress


def enforce(context: ExecutionContext, rows: Sequence[ActionRow]) -> list[ActionRow]:
    """Send each pause of an emergency stop, whatever the platform shows and however the others end.

    A pause is absolute and raises nothing: it needs no preflight, and is sent again while its outcome is
    unknown, ``ENFORCED_ATTEMPTS`` times at most.

    Raises:
        LeaseLost: writing was started again, or another run or try holds the user.
    """
    return [_enforce(context, row) for row in rows]


def _enforce(context: ExecutionContext, row: ActionRow) -> ActionRow:
    if not row.action.action_type.startswith("pause_"):
        raise RuntimeError(f"Bug! a {row.action.action_type} is not to be sent without a preflight")
    for attempt in range(ENFORCED_ATTEMPTS):
        if attempt:
            context.pause()
        row = _send(context, row, lambda _: {}).row
        if row.status != "unknown":
            break
    return row


def _execute(context: ExecutionContext, row: ActionRow, progress: Progress) -> ActionRow:
    """Execute one row; an unknown outcome is read back, and the row sent again where it did not happen.

    Unknown again, it holds the rises of its goal, and counts as made wherever room is needed, until it is
    reconciled.
    """
    is_tried = not progress.is_over and rules.is_reduction(row.action)
    if isinstance(progress.stopped, Transient) and not is_tried:
        return row  # the step is tried again, and may read more then
    done = _attempt(context, row, progress)
    if done.status != "unknown" or (progress.stopped is not None and not is_tried):
        return done
    context.pause()
    again = _attempt(context, done, progress)
    if again.status == "unknown":
        progress.unresolved = progress.unresolved or UnresolvedOutcome(f"{again.message}")
        progress.open_goals |= {again.action.goal_key}
        context.open_rises += [again.action] if rules.is_increase(again.action) else []
    return again


def _attempt(context: ExecutionContext, row: ActionRow, progress: Progress) -> ActionRow:
    """Admit and send a row. It stays as it is when the platform could not be read before."""
    try:
        return _admit_and_send(context, row, progress)
    except PlatformError as error:
        progress.stopped = progress.stopped or error
        return row


def _admit_and_send(context: ExecutionContext, row: ActionRow, progress: Progress) -> ActionRow:
    answer = admit(context, row, progress)
    if answer.word == "already":
        if may_have_been_sent(row):
            # Made by a try that died before it recorded so: what the platform has is ours, not a person's.
            reconciler.remember_made(context, row)
        return outcomes.record(context, row, "success", "it is so already", {"already": True})
    if answer.word == "hold":
        text = reason_text(answer.details["hold"])
        if may_have_been_sent(row) and progress.stopped is not None:
            # It was not read back whether it happened: it stays open for the next run.
            return outcomes.record(context, row, "unknown", text, {})
        return outcomes.record(context, row, "held", text, answer.details)
    refusal = partial(_refusal_to_deliver, context, row, progress)
    done, error = _send(context, row, refusal, answer.details)
    if error is not None:
        progress.refused_kinds = None
        if error.scope in STOPS_RISES:
            progress.stopped = error
        _trip(context, done, progress)
    return done


def _send(
    context: ExecutionContext, row: ActionRow, refusal: Refusal, details: dict[str, Any] | None = None
) -> Attempt:
    """Mark a row as intended, send it, record its outcome."""
    details = details or {}
    context.store.action_log.mark_intended(row.id, details)
    row = replace(row, details={**row.details, **details})
    try:
        made = handlers.make(context, row, refusal)
    except (PlatformError, ConfigError, Stopped) as error:
        return Attempt(outcomes.record_error(context, row, error), error)
    return Attempt(outcomes.record_made(context, row, made), None)


def _refusal_to_deliver(
    context: ExecutionContext, row: ActionRow, progress: Progress, ad_set_id: str
) -> dict[str, Any]:
    """Why a half-made ad set may not deliver now. One that the cap is too low for is left to the rules."""
    refused = refusal_to_deliver(context, row, ad_set_id, progress.state)
    if refused and row.action.action_type == "create_adset":
        leave_to_rules(context, ad_set_id)
    return refused


def _trip(context: ExecutionContext, row: ActionRow, progress: Progress) -> None:
    """Stop writing for everybody when this was one error too many in a row; the next write is refused."""
    if row.status not in ("failed", "unknown"):
        return
    tripped_by = context.store.kill_switch.trip(progress.state.policy.breaker_errors)
    if tripped_by:
        log.error("writing is stopped for everybody: %s", tripped_by)
