"""Apply one user's recorded actions, one at a time: look, intend, write, settle.

Each action is a row before it is a request and a settled row before the next one starts, so
that dying on any line leaves something to read back. Whether an action may still be made is
asked of ``rules.recheck`` with what the platform has at that instant.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from msgspec import structs

from orchestrator import rules
from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionRow, Settled, outcome_of
from orchestrator.domain.model import Action
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.errors import (
    AccountClosed,
    AuthExpired,
    ConfigError,
    OrchestratorError,
    PlatformError,
    Rejected,
    Stopped,
    Throttled,
    Unknown,
    UnresolvedOutcome,
)
from orchestrator.execution import handlers, reconciler
from orchestrator.execution.context import ExecutionContext, may_have_been_sent
from orchestrator.execution.handlers.activate import activate
from orchestrator.execution.handlers.create import leave_to_rules
from orchestrator.execution.preflight import (
    Preflight,
    preflight,
    refusal_to_deliver,
    refusal_to_resume,
    refuse,
)
from orchestrator.explain import messages

log = logging.getLogger(__name__)

FINAL: frozenset[str] = frozenset({"held", "success", "failed"})
_IN_MANY_WRITES = frozenset({"create_adset", "promote_winner"})
_STOPS = (Throttled, AuthExpired, AccountClosed, Stopped)
_STOP_WORDS = {
    Throttled: reasons.THROTTLED.code,
    Stopped: reasons.STOPPED.code,
    UnresolvedOutcome: reasons.UNSETTLED.code,
}


@dataclass(slots=True)
class Progress:
    """How far a user's step is: the state after what was done, and why it stopped, if it did."""

    state: rules.State
    rows: list[ActionRow]
    stopped: OrchestratorError | None = None


def apply(
    context: ExecutionContext, rows: Sequence[ActionRow], state: rules.State, say: Callable[[ActionRow], None]
) -> Progress:
    """Make every row that is not final, in order; fold each into the state.

    Args:
        context: where they are made.
        rows: the step's rows in the order of decision.
        state: as the earlier steps left it.
        say: called with each row once it is settled.

    Returns:
        The rows as settled. ``stopped`` is set when the platform told us to wait or to stop: the rows
        after that are held.
    """
    progress = Progress(state=state, rows=[])
    for row in rows:
        settled = row if row.status in FINAL else _settle_twice(context, row, progress)
        remember_ids(context, settled)
        progress.rows.append(settled)
        progress.state = rules.fold(progress.state, [(settled.action, outcome_of(settled))])
        say(settled)
    return progress


def remember_ids(context: ExecutionContext, row: ActionRow) -> None:
    """Map the plan's ids of what a row created to the platform's."""
    made = RemoteIds.of(row.details)
    for planned, remote in (
        (row.action.campaign_id, made.campaign_id),
        (row.action.adset_id, made.adset_id),
    ):
        if planned is not None and planned.startswith("new:") and remote is not None:
            context.ids[planned] = remote


def activate_new_campaigns(context: ExecutionContext, progress: Progress) -> list[str]:
    """Activate this run's testing campaigns that have what was meant to be in them.

    The row that created one tells its activation too: announced under ``activating``, ended by
    ``activation``. One that died in between is read back before anything new is done.

    Returns:
        A line for the log on each: one that there is no room for waits for the next run.
    """
    lines: list[str] = []
    for row in progress.rows if progress.stopped is None else ():
        campaign_id = RemoteIds.of(row.details).campaign_id or ""
        if not _is_ready(context, row, campaign_id):
            continue
        resume = structs.replace(row.action, action_type="resume_campaign", campaign_id=campaign_id)
        refused = refusal_to_resume(context, resume, progress.state)
        # One that is active already was activated by a try that died before it wrote so.
        word = refused["hold"] if refused else _activation(context, row, campaign_id)
        if word is not None:
            room = {name: sides for name, sides in refused.items() if name == "room"}
            context.store.action_log.annotate(row.id, {"activation": word, **room})
        lines.append(f"{_shown(word):8} new learning campaign {campaign_id} [{word or 'unknown'}]")
    return lines


def _shown(word: str | None) -> str:
    return "unknown" if word is None else "active" if word == "active" else "held"


def _activation(context: ExecutionContext, row: ActionRow, campaign_id: str) -> str | None:
    """What became of it; null when nobody knows. If not active, the next run resumes it."""
    try:
        return "active" if activate(context, row, "campaign", campaign_id) else reasons.CHANGED_BY_PERSON.code
    except Unknown as error:
        log.warning("whether the new campaign %s is active is read back: %s", campaign_id, error)
        return None
    except (PlatformError, Stopped) as error:
        log.warning("the new campaign %s is not active yet: %s", campaign_id, error)
        return type(error).__name__


def _is_ready(context: ExecutionContext, row: ActionRow, campaign_id: str) -> bool:
    """Whether a row created a testing campaign that has an ad set to show and is not known to be active."""
    created = row.action.action_type == "create_campaign" and row.status == "success"
    if not created or row.action.after_minor is not None or row.details.get("activation") == "active":
        return False
    return _has_ad_set(context, campaign_id)


def _has_ad_set(context: ExecutionContext, campaign_id: str) -> bool:
    return any(a.campaign_id == campaign_id and a.status == "ACTIVE" for a in context.ad_sets.values())


def _settle_twice(context: ExecutionContext, row: ActionRow, progress: Progress) -> ActionRow:
    """Make an action; when its outcome is unknown, look, and make it again where it did not happen.

    One that is unknown again stops the rest: nothing new is done for a user before it is settled.
    """
    settled = _settle(context, row, progress)
    if settled.status != "unknown" or progress.stopped is not None:
        return settled
    context.pause()
    again = _settle(context, settled, progress)
    if again.status == "unknown" and progress.stopped is None:
        progress.stopped = UnresolvedOutcome(f"{again.message}")
    return again


def _settle(context: ExecutionContext, row: ActionRow, progress: Progress) -> ActionRow:
    answer = _may(context, row, progress)
    if answer.word == "already":
        if may_have_been_sent(row):
            # Made by a try that died before it wrote so: what the platform has is ours, not a person's.
            context.remember(reconciler.as_made(context, row))
        return _write_down(context, row, "success", "it is so already", {"already": True})
    if answer.word == "hold":
        text = reason_text(answer.details["hold"])
        if may_have_been_sent(row) and progress.stopped is not None:
            # Nobody looked whether it happened: it stays open for whoever reads it back.
            return _write_down(context, row, "unknown", text, {})
        return _write_down(context, row, "held", text, answer.details)
    context.store.action_log.mark_intended(row.id, answer.details)
    row = replace(row, details={**row.details, **answer.details})
    return _send(context, row, progress)


def _send(context: ExecutionContext, row: ActionRow, progress: Progress) -> ActionRow:
    try:
        details = handlers.make(context, row, partial(_refusal_to_deliver, context, row, progress))
    except (PlatformError, ConfigError, Stopped) as error:
        status, text = _judge(row.action, error)
        if isinstance(error, _STOPS):
            progress.stopped = error
        settled = _write_down(context, row, status, text, _trace(error))
        _trip(context, settled, progress)
        return settled
    return _write_down_made(context, row, details)


def _refusal_to_deliver(
    context: ExecutionContext, row: ActionRow, progress: Progress, ad_set_id: str
) -> dict[str, Any]:
    """Why a half-made ad set may not deliver now. One that the cap is too low for is left to the rules."""
    refused = refusal_to_deliver(context, row, ad_set_id, progress.state)
    if refused and row.action.action_type == "create_adset":
        leave_to_rules(context, ad_set_id)
    return refused


def _write_down_made(context: ExecutionContext, row: ActionRow, details: dict[str, Any]) -> ActionRow:
    if "hold" in details:
        text = f"it was made and stays paused: {reason_text(details['hold'])}"
        return _write_down(context, row, "held", text, details)
    text = messages.action_text(row.action, context.user.assets.currency, done=True)
    return _write_down(context, row, "success", text + messages.left_paused_text(details), details)


def _trip(context: ExecutionContext, row: ActionRow, progress: Progress) -> None:
    """Stop everybody when this was one error too many in a row: the next write is told."""
    if row.status not in ("failed", "unknown"):
        return
    tripped_by = context.store.kill_switch.trip(progress.state.policy.breaker_errors)
    if tripped_by:
        log.error("writing is stopped for everybody: %s", tripped_by)


def _may(context: ExecutionContext, row: ActionRow, progress: Progress) -> Preflight:
    """Whether the action may be made now. Reads the platform unless the answer is known."""
    action = row.action
    if progress.stopped is not None:
        return refuse(_STOP_WORDS.get(type(progress.stopped), reasons.ACCOUNT_STOPPED.code))
    may_not_rise = progress.state.reduction_failed and rules.is_increase(action)
    if may_not_rise and not may_have_been_sent(row):
        return refuse(reasons.REDUCTION_FAILED.code)
    if _parent_is_missing(context, action, progress):
        return refuse(reasons.PARENT_FAILED.code)
    if action.action_type == "create_campaign" or _half_made(row):
        return Preflight("go", {})
    answer = preflight(context, row, progress.state)
    return refuse(reasons.REDUCTION_FAILED.code) if may_not_rise and answer.word == "go" else answer


def _half_made(row: ActionRow) -> bool:
    """A creation that was begun may be part of what there is now: it is asked about once it is whole."""
    return may_have_been_sent(row) and row.action.action_type in _IN_MANY_WRITES


def _parent_is_missing(context: ExecutionContext, action: Action, progress: Progress) -> bool:
    if action.action_type == "create_campaign":
        return False
    if context.remote_id(action.campaign_id) is None and action.campaign_id is not None:
        return True
    if (
        action.action_type != "create_adset"
        and action.adset_id is not None
        and context.remote_id(action.adset_id) is None
    ):
        return True
    waits_for_copy = action.action_type == "resume_campaign" and action.reason == reasons.WINNER.code
    return waits_for_copy and not any(
        r.action.action_type == "promote_winner" and r.action.campaign_id == action.campaign_id
        for r in progress.rows
        if r.status == "success"
    )


def _judge(action: Action, error: OrchestratorError) -> tuple[Settled, str]:
    """What an error makes of an action. One that takes several writes may be half done."""
    if isinstance(error, Unknown):
        return "unknown", str(error)
    if action.action_type in _IN_MANY_WRITES and not isinstance(error, Rejected | ConfigError):
        return "unknown", f"{error} What was begun is read back and finished by the next run."
    if isinstance(error, Throttled | Stopped):
        return "held", f"{error} The next run does it if it is still right."
    return "failed", str(error)


def _trace(error: OrchestratorError) -> dict[str, Any]:
    found: dict[str, Any] = {"error": type(error).__name__}
    if isinstance(error, PlatformError):
        found |= {"code": error.code, "subcode": error.subcode, "fbtrace_id": error.trace}
    return found


def _write_down(
    context: ExecutionContext, row: ActionRow, status: Settled, message: str, details: dict[str, Any]
) -> ActionRow:
    context.store.action_log.record_outcome(row.id, status, message, details)
    return replace(row, status=status, message=message, details={**row.details, **details})
