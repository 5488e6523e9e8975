"""Make one action true on the platform: a handler an action type.

Every handler can be run again after dying on any of its lines. What it creates carries the
action's key in its name and is looked for first when the action may have been begun before;
what it sets is an absolute value; everything is created PAUSED and activated last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.execution import remote_writes
from orchestrator.execution.context import ExecutionContext, may_have_been_sent, target
from orchestrator.execution.handlers.activate import activate, delivery_of
from orchestrator.execution.handlers.copy import promote
from orchestrator.execution.handlers.create import build_ad_set, create_campaign

Handler = Callable[[ExecutionContext, ActionRow], dict[str, Any]]
Refusal = Callable[[str], dict[str, Any]]


def make(context: ExecutionContext, row: ActionRow, refusal: Refusal) -> dict[str, Any]:
    """Make one action true.

    An action that is ``intended`` or ``unknown`` may have been begun by a process that died, or its
    answer was lost: what it created is looked for before it is created again.

    Args:
        context: where.
        row: the action.
        refusal: called with the ad set's id before one is activated that an earlier try began to make;
            details that say why not, or none.

    Returns:
        Details for the log: the platform's ids, and duplicates that were found and paused. ``hold``: why what
        was made stays paused. ``left_paused``: what a person paused since an earlier try activated it.

    Raises:
        PlatformError: as the client classified it.
    """
    build = _BUILDERS.get(row.action.action_type)
    if build is not None:
        return deliver(context, row, build, refusal)
    return _HANDLERS[row.action.action_type](context, row)


def deliver(context: ExecutionContext, row: ActionRow, build: Handler, refusal: Refusal) -> dict[str, Any]:
    """Build an ad set whole and PAUSED, and activate it last."""
    details = build(context, row)
    ad_set_id = RemoteIds.of(details).adset_id or ""
    if may_have_been_sent(row) and delivery_of(context, row, "ad_set", ad_set_id) == "waiting":
        refused = refusal(ad_set_id)
        if refused:
            return {**details, **refused}
    if not activate(context, row, "ad_set", ad_set_id):
        details["left_paused"] = [*details.get("left_paused", ()), ad_set_id]
    return details


def _update_budget(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    action = row.action
    kind, object_id = target(context, action)
    minor = action.after_minor or 0
    remote_writes.set_daily_budget(context, kind, object_id, minor)
    context.remember(replace(context.row_of(kind, object_id), daily_budget_minor=minor))
    return _ids(kind, object_id)


def _pause(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    kind, object_id = target(context, row.action)
    remote_writes.set_status(context, kind, object_id, "PAUSED")
    known = context.known(kind, object_id)
    if known is not None:  # an emergency stop pauses also what bears our mark and has no row
        context.remember(
            replace(known, status="PAUSED", paused_by="orchestrator", paused_reason=row.action.reason)
        )
    return _ids(kind, object_id)


def _resume(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    kind, object_id = target(context, row.action)
    remote_writes.set_status(context, kind, object_id, "ACTIVE")
    context.remember_active(kind, object_id)
    return _ids(kind, object_id)


def _ids(kind: str, object_id: str) -> dict[str, Any]:
    ids = RemoteIds(campaign_id=object_id) if kind == "campaign" else RemoteIds(adset_id=object_id)
    return ids.document()


_BUILDERS: Mapping[str, Handler] = {"create_adset": build_ad_set, "promote_winner": promote}
_HANDLERS: Mapping[str, Handler] = {
    "create_campaign": create_campaign,
    "update_budget": _update_budget,
    "pause_adset": _pause,
    "pause_campaign": _pause,
    "resume_adset": _resume,
    "resume_campaign": _resume,
}
