"""The decisions and the action log: planned, intended, settled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from orchestrator.domain.model import Action
from orchestrator.domain.records import ActionDraft, ActionRow, ActionStatus, DecisionRow
from orchestrator.errors import InvalidTransition
from orchestrator.store.compression import packed, unpacked
from orchestrator.store.database import Connection, columns, document, statement

Row = dict[str, Any]

_ACTION = tuple(field.name for field in fields(Action))
_ROW = tuple(field.name for field in fields(ActionRow) if field.name != "action")


def save_snapshots(
    tx: Connection, snapshots: Mapping[UUID, Mapping[str, Any] | bytes], *, completed: bool
) -> None:
    """Keep documents by run id, packed; ``bytes`` are JSON already.

    ``completed``: they are what was kept before, with the evidence that was missing. Else the first stays.
    """
    tx.execute(
        statement("action_log/save_snapshots"),
        {
            "run_ids": list(snapshots),
            "snapshots": [_packed(each) for each in snapshots.values()],
            "completed": completed,
        },
    )


def snapshots(tx: Connection, run_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Unpack the snapshot of each run that has one, as JSON."""
    found = tx.execute(statement("action_log/snapshots"), {"run_ids": list(run_ids)})
    return {row["run_id"]: unpacked(row["snapshot"]) for row in found}


def with_snapshot(tx: Connection, run_ids: Iterable[UUID]) -> set[UUID]:
    """The runs that have a snapshot."""
    return {
        row["run_id"] for row in tx.execute(statement("action_log/with_snapshot"), {"run_ids": list(run_ids)})
    }


def record(tx: Connection, decisions: Sequence[DecisionRow]) -> list[ActionRow]:
    """Record what is not recorded yet; the rows of all of it, as they stand."""
    new = tx.execute(
        statement("action_log/insert_decisions"),
        {
            "decisions": document(
                [{"run_id": d.run_id, "step": d.step, "decision": dict(d.decision)} for d in decisions]
            )
        },
    ).fetchall()
    first_time = {(row["run_id"], row["step"]) for row in new}
    drafts = [
        _draft(d, ordinal, action)
        for d in decisions
        if (d.run_id, d.step) in first_time
        for ordinal, action in enumerate(d.actions)
    ]
    if drafts:
        tx.execute(statement("action_log/insert_actions"), {"actions": document(drafts)})
    steps = {(d.run_id, d.step) for d in decisions}
    recorded = actions(tx, {d.run_id for d in decisions})
    return [row for row in recorded if (row.run_id, row.action.step) in steps]


def actions(tx: Connection, run_ids: Iterable[UUID], step: str | None = None) -> list[ActionRow]:
    """The log of some runs in the order of decision."""
    found = tx.execute(statement("action_log/actions"), {"run_ids": list(run_ids), "step": step})
    return [_action_row(row) for row in found]


def unsettled(tx: Connection, user_ids: Iterable[UUID]) -> list[ActionRow]:
    """What may or may not have happened, oldest run first."""
    return [
        _action_row(row)
        for row in tx.execute(statement("action_log/unsettled"), {"user_ids": list(user_ids)})
    ]


def decisions(tx: Connection, run_ids: Iterable[UUID], step: str) -> dict[UUID, dict[str, Any]]:
    """One step's decision documents by run."""
    found = tx.execute(statement("action_log/decisions"), {"run_ids": list(run_ids), "step": step})
    return {row["run_id"]: row["decision"] for row in found}


def mark_intended(tx: Connection, action_id: int, details: Mapping[str, Any]) -> None:
    """Mark an action as about to be sent."""
    bound = {"action_id": action_id, "details": document(dict(details))}
    if tx.execute(statement("action_log/intend"), bound).fetchone() is None:
        raise InvalidTransition(_as_it_stands(tx, action_id) + " and cannot be sent")


def note(tx: Connection, action_id: int, details: Mapping[str, Any]) -> None:
    """Add to what is known of an action."""
    tx.execute(statement("action_log/note"), {"action_id": action_id, "details": document(dict(details))})


def record_outcome(
    tx: Connection, action_id: int, status: ActionStatus, message: str | None, details: Mapping[str, Any]
) -> None:
    """Mark what became of an action."""
    bound = {
        "action_id": action_id,
        "status": status,
        "message": message,
        "details": document(dict(details)),
    }
    if tx.execute(statement("action_log/settle"), bound).fetchone() is None:
        raise InvalidTransition(_as_it_stands(tx, action_id) + f" and cannot become {status}")


def _as_it_stands(tx: Connection, action_id: int) -> str:
    row = tx.execute(statement("action_log/action_status"), {"action_id": action_id}).fetchone()
    if row is None:
        return f"action {action_id} does not exist"
    return f"action {action_id} is {row['status']}{' in a dry run' if row['dry_run'] else ''}"


def _draft(decision: DecisionRow, ordinal: int, draft: ActionDraft) -> Row:
    row = columns(draft) | columns(draft.action)
    del row["action"]
    return {"run_id": decision.run_id, "ordinal": ordinal, **row}


def _action_row(row: Row) -> ActionRow:
    return ActionRow(
        action=Action(**{name: row[name] for name in _ACTION}), **{name: row[name] for name in _ROW}
    )


def _packed(value: Mapping[str, Any] | bytes) -> bytes:
    if not isinstance(value, bytes):
        value = json.dumps(value, separators=(",", ":"), default=str).encode()
    return packed(value)
