"""Settle what an earlier run left open, before anything new is done for that user.

An action that is ``intended`` or ``unknown`` may or may not have happened: the platform is read and
the row settled. Updates are not written again here, their targets are old. A creation that
is found half made is made whole. A test cell is not made live: it is handed to the rules as
paused by us, and they resume it with the budget and under the guardrail of the present run. A
copy shares its campaign's budget, so activating it raises nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from orchestrator.domain import messages, reasons
from orchestrator.domain.action_log import ActionRow, Settled
from orchestrator.domain.model import AdSet, Campaign
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.errors import Rejected
from orchestrator.execution import outcomes
from orchestrator.execution.context import ExecutionContext, target
from orchestrator.execution.handlers import deliver
from orchestrator.execution.handlers.activate import was_touched
from orchestrator.execution.handlers.copy import copies_made, promote
from orchestrator.execution.handlers.create import create_campaign, finish_ad_set
from orchestrator.execution.preflight import leave_to_the_person, refusal_to_deliver, remote_state
from orchestrator.platforms.base import Found

Reconciled = tuple[Settled, str, dict[str, Any]]


def reconcile(context: ExecutionContext, row: ActionRow) -> ActionRow:
    """Read back one open action of an earlier run, or an open activation, and record its outcome.

    Raises:
        PlatformError: the platform could not be read; the row stays open and nothing new may be done.
    """
    if row.status == "success":
        return _read_back_activation(context, row)
    reconcile_kind = _KINDS.get(row.action.action_type, _updated)
    status, message, details = reconcile_kind(context, row)
    return outcomes.record(context, row, status, message, {**details, "read_back": True})


def _updated(context: ExecutionContext, row: ActionRow) -> Reconciled:
    now = remote_state(context, None, row)
    kind, object_id = target(context, row.action)
    thing = now.campaigns.get(object_id) if kind == "campaign" else now.ad_sets.get(object_id)
    if leave_to_the_person(context, row, now):
        return (
            "held",
            "read back: " + reason_text(reasons.CHANGED_BY_PERSON.code),
            {"hold": reasons.CHANGED_BY_PERSON.code},
        )
    if thing is None or not _at_target(row, thing):
        return "failed", "read back: it did not happen", {}
    remember_made(context, row)
    return "success", "read back: it happened", {}


def _at_target(row: ActionRow, thing: Campaign | AdSet) -> bool:
    action = row.action
    if action.action_type == "update_budget":
        return thing.daily_budget_minor == action.after_minor
    return thing.status == ("PAUSED" if action.action_type.startswith("pause") else "ACTIVE")


def remember_made(context: ExecutionContext, row: ActionRow) -> None:
    """Remember the object as the action left it."""
    kind, object_id = target(context, row.action)
    action = row.action
    if action.action_type.startswith("resume"):
        context.remember_active(kind, object_id)
        return
    known = context.row_of(kind, object_id)
    if action.action_type == "update_budget":
        context.remember(replace(known, daily_budget_minor=action.after_minor))
        return
    # The operator may have started it again since; while it is stopped, nothing is resumed anyway.
    reason = None if action.reason == reasons.STOPPED_BY_OPERATOR.code else action.reason
    context.remember(replace(known, status="PAUSED", paused_by="orchestrator", paused_reason=reason))


def _created_campaign(context: ExecutionContext, row: ActionRow) -> Reconciled:
    if not context.find(row, lambda: context.account.campaigns_named(row.key)):
        return "failed", "read back: it was not created", {}
    return "success", "read back: it was created, and is kept", create_campaign(context, row)


def _created_ad_set(context: ExecutionContext, row: ActionRow) -> Reconciled:
    campaign_id = context.remote_id(row.action.campaign_id)
    begins_anew = row.action.adset_id not in context.ad_sets
    if campaign_id is None or (
        begins_anew and not _made(context, row, lambda: context.account.ad_sets_named(campaign_id, row.key))
    ):
        return "failed", "read back: it was not created", {}
    return _finished(context, row, finish_ad_set)


def _promoted(context: ExecutionContext, row: ActionRow) -> Reconciled:
    campaign_id = context.remote_id(row.action.campaign_id)
    if campaign_id is None or not _made(context, row, lambda: copies_made(context, row, campaign_id)):
        return "failed", "read back: it was not copied", {}
    return _finished(context, row, _finish_copy)


def _finish_copy(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    return deliver(context, row, promote, lambda copy_id: refusal_to_deliver(context, row, copy_id, None))


def _made(context: ExecutionContext, row: ActionRow, look: Callable[[], Sequence[Found]]) -> bool:
    """Whether there is something to finish; in an account that cannot be read any more there is not."""
    try:
        return bool(context.find(row, look))
    except Rejected:
        return False


def _finished(
    context: ExecutionContext, row: ActionRow, finish: Callable[[ExecutionContext, ActionRow], dict[str, Any]]
) -> Reconciled:
    try:
        details = finish(context, row)
    except outcomes.FINAL_ERRORS as error:
        refused = outcomes.refusal_details(context, row, error) | {"error": type(error).__name__}
        return "failed", f"found half made, and the rest cannot be made: {error}", refused
    if "hold" in details:
        reason = reason_text(details["hold"])
        return "held", f"found half made and finished; it stays paused: {reason}", details
    text = "found half made, finished and left to the next plan"
    return "success", text + messages.left_paused_text(details), details


def _read_back_activation(context: ExecutionContext, row: ActionRow) -> ActionRow:
    """Report the outcome of the activation of a campaign that this row created.

    It is not sent again: one that is not active is resumed by the rules, unless a person paused it.
    """
    known = {
        "activation": _activation_found(context, RemoteIds.of(row.details).campaign_id or ""),
        "read_back": True,
    }
    context.store.action_log.annotate(row.id, known)
    return replace(row, details={**row.details, **known})


def _activation_found(context: ExecutionContext, campaign_id: str) -> str:
    try:
        seen = context.account.campaign(campaign_id)
    except Rejected:
        return reasons.REMOVED_BY_PERSON.code
    if seen.status == "ACTIVE":
        context.remember_active("campaign", campaign_id)
        return "active"
    if seen.status == "PAUSED" and was_touched(seen):
        context.remember_paused_by_user("campaign", campaign_id)
        return reasons.CHANGED_BY_PERSON.code
    return "failed"


_KINDS = {
    "create_campaign": _created_campaign,
    "create_adset": _created_ad_set,
    "promote_winner": _promoted,
}
