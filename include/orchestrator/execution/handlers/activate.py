"""Activate what an action of ours created, unless a person paused it since.

Everything is created PAUSED, so after a crash a thing that is PAUSED either still waits for us or was
paused by a person. Each activation is therefore recorded in its action's row before it is sent, one at
a time: what was recorded before another one was surely sent. For the last one the platform's own
times decide: a thing that nobody touched was last updated when it was created.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from orchestrator.domain.action_log import ActionRow
from orchestrator.execution import remote_writes
from orchestrator.execution.context import ExecutionContext
from orchestrator.platforms.base import Found, ObjectKind, RemoteAdSet, RemoteCampaign
from orchestrator.snapshot.lost_objects import CREATION_TAKES

ActivationState = Literal["active", "waiting", "taken"]


def activate(context: ExecutionContext, row: ActionRow, kind: ObjectKind, object_id: str) -> bool:
    """Activate what ``row`` created. False: a person paused or removed it meanwhile, and it is left so."""
    delivery = delivery_of(context, row, kind, object_id)
    if delivery == "taken":
        if kind != "ad":
            context.remember_paused_by_user(kind, object_id)
        return False
    if delivery == "waiting":
        _record_intent(context, row, object_id)
        remote_writes.set_status(context, kind, object_id, "ACTIVE")
    elif kind == "ad_set":
        remote_writes.follow(context, replace(context.ad_sets[object_id], status="ACTIVE"))
    if kind != "ad":
        context.remember_active(kind, object_id)
    return True


def delivery_of(
    context: ExecutionContext, row: ActionRow, kind: ObjectKind, object_id: str
) -> ActivationState:
    """Whether a created thing delivers, waits for its activation, or was taken over by a person.

    Reads the platform only for what an earlier try recorded.
    """
    intended = _intended_activations(context, row)
    if object_id not in intended:
        return "waiting"
    seen = _seen(context, kind, object_id)
    if seen.status == "ACTIVE":
        return "active"
    surely_sent = object_id != intended[-1] or _was_left_active(context, kind, object_id)
    if seen.status != "PAUSED" or surely_sent or was_touched(seen):
        return "taken"
    return "waiting"


def was_touched(seen: Found | RemoteAdSet | RemoteCampaign) -> bool:
    """Whether something was changed after its creation. What has no such time was not."""
    return seen.updated_at is not None and seen.updated_at - seen.created_at > CREATION_TAKES


def _intended_activations(context: ExecutionContext, row: ActionRow) -> list[str]:
    return context.intended_activations.setdefault(row.id, list(row.details.get("activating", ())))


def _record_intent(context: ExecutionContext, row: ActionRow, object_id: str) -> None:
    intended = _intended_activations(context, row)
    if object_id not in intended:
        intended.append(object_id)
        context.store.action_log.annotate(row.id, {"activating": intended})


def _seen(
    context: ExecutionContext, kind: ObjectKind, object_id: str
) -> Found | RemoteAdSet | RemoteCampaign:
    if kind == "ad":
        return context.account.ad(object_id)
    return context.account.ad_set(object_id) if kind == "ad_set" else context.account.campaign(object_id)


def _was_left_active(context: ExecutionContext, kind: ObjectKind, object_id: str) -> bool:
    return kind != "ad" and context.row_of(kind, object_id).active_since is not None
