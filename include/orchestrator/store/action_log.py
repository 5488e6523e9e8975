"""The decisions of each step and the log of their actions: planned, intended, final."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any
from uuid import UUID

from orchestrator.domain.action_log import ActionDraft, ActionRow, Origin, Settled, sources_of
from orchestrator.domain.model import Action
from orchestrator.domain.records import DecisionRow
from orchestrator.errors import REFUSALS, InvalidTransition
from orchestrator.store.database import Connection, Transactions, columns, statement, within
from orchestrator.store.values.parameters import document

LogRow = dict[str, Any]

_ACTION = tuple(name for name in Action.__struct_fields__ if name != "evidence")
_ROW = tuple(field.name for field in fields(ActionRow) if field.name != "action")


class ActionLog:
    """Decisions and actions. Each call is one short transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def record_decisions(self, decisions: Sequence[DecisionRow]) -> list[ActionRow]:
        """Record the decisions of a step for some runs, with their actions, planned.

        Returns:
            The actions of these runs and this step now. A run and step recorded before retains its
            rows: a step that is tried again does the rest of its first decision.
        """
        steps = {(d.run_id, d.step) for d in decisions}
        with self._transactions() as tx:
            new = _insert_decisions(tx, decisions)
            drafts = [draft for d in decisions if (d.run_id, d.step) in new for draft in _drafts(d)]
            _insert_actions(tx, drafts)
            recorded = ActionLog(within(tx)).actions({d.run_id for d in decisions})
        return [row for row in recorded if (row.run_id, row.action.step) in steps]

    def record_actions(
        self, run_id: UUID, origin: Origin, drafts: Sequence[ActionDraft], first: int = 0
    ) -> list[ActionRow]:
        """Record actions of a run that no rule decided, planned; none in a run that has ended.

        ``first``: the place of the first of them among all of this origin; those before are not returned.
        """
        rows = [_draft(run_id, origin, ordinal, draft) for ordinal, draft in enumerate(drafts, start=first)]
        with self._transactions() as tx:
            _insert_actions(tx, rows)
            recorded = ActionLog(within(tx)).actions([run_id])
        return [row for row in recorded if row.origin == origin and row.ordinal >= first]

    def decisions(self, run_ids: Iterable[UUID], step: str) -> dict[UUID, dict[str, Any]]:
        """The decision documents of one step, by run; runs without one are left out."""
        return {run_id: json.loads(text) for run_id, text in self.decision_texts(run_ids, step).items()}

    def decision_texts(self, run_ids: Iterable[UUID], step: str) -> dict[UUID, str]:
        """The same documents as JSON."""
        with self._transactions() as tx:
            found = tx.execute(statement("action_log/decisions"), {"run_ids": list(run_ids), "step": step})
            return {row["run_id"]: row["decision"] for row in found}

    def decisions_by_step(self, run_id: UUID) -> dict[str, dict[str, Any]]:
        """The decision documents of one run, by step; steps not reached are left out."""
        with self._transactions() as tx:
            found = tx.execute(statement("action_log/decisions_by_step"), {"run_id": run_id})
            return {row["step"]: row["decision"] for row in found}

    def actions(self, run_ids: Iterable[UUID], step: str | None = None) -> list[ActionRow]:
        """The log of some runs, by user, in the order of decision; of one step or of all."""
        with self._transactions() as tx:
            found = tx.execute(statement("action_log/actions"), {"run_ids": list(run_ids), "step": step})
            return [_action_row(row) for row in found]

    def unresolved(self, user_ids: Iterable[UUID]) -> list[ActionRow]:
        """Live actions ``intended`` or ``unknown`` of any run, by user, oldest run first.

        And campaigns created whose activation was begun and is not known to have happened.
        """
        with self._transactions() as tx:
            found = tx.execute(statement("action_log/unresolved"), {"user_ids": list(user_ids)})
            return [_action_row(row) for row in found]

    def refused_kinds(self, run_id: UUID, users: int) -> frozenset[str]:
        """Types of action for which so many users of the whole run met the same refusal."""
        bound = {"run_id": run_id, "users": users, "refusals": REFUSALS}
        with self._transactions() as tx:
            found = tx.execute(statement("action_log/refused_kinds"), bound)
            return frozenset(row["action_type"] for row in found)

    def recent_writes(self, user_ids: Iterable[UUID], within: timedelta) -> list[ActionRow]:
        """Live actions that succeeded at most so long ago, of any run, in the order in which they did."""
        bound = {"user_ids": list(user_ids), "within": within}
        with self._transactions() as tx:
            found = tx.execute(statement("action_log/recent_writes"), bound)
            return [_action_row(row) for row in found]

    def mark_intended(self, action_id: int, details: Mapping[str, Any] | None = None) -> None:
        """Mark an action as about to be sent; ``details`` are merged into its own.

        Raises:
            InvalidTransition: it is final, or of a dry run. It must not be sent.
        """
        bound = {
            "action_id": action_id,
            "details": document(dict(details or {})),
            "sources": sources_of("intended"),
        }
        with self._transactions() as tx:
            if tx.execute(statement("action_log/mark_intended"), bound).fetchone() is None:
                raise InvalidTransition(_status(tx, action_id) + " and cannot be sent")

    def annotate(self, action_id: int, details: Mapping[str, Any]) -> None:
        """Merge ``details`` into an action's own, whatever its status."""
        bound = {"action_id": action_id, "details": document(dict(details))}
        with self._transactions() as tx:
            tx.execute(statement("action_log/annotate"), bound)

    def record_outcome(
        self,
        action_id: int,
        status: Settled,
        message: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Record an action's outcome; ``details`` are merged into its own.

        ``success``, ``failed`` and ``held`` are final; ``unknown`` may change to either.

        Raises:
            InvalidTransition: it is final and something else.
        """
        bound = {
            "action_id": action_id,
            "status": status,
            "message": message,
            "details": document(dict(details or {})),
            "sources": sources_of(status),
        }
        with self._transactions() as tx:
            if tx.execute(statement("action_log/record_outcome"), bound).fetchone() is None:
                raise InvalidTransition(_status(tx, action_id) + f" and cannot become {status}")


def _insert_decisions(tx: Connection, decisions: Sequence[DecisionRow]) -> set[tuple[UUID, str]]:
    """Insert the decisions that are not there yet; their runs and steps."""
    rows = [{"run_id": d.run_id, "step": d.step, "decision": dict(d.decision)} for d in decisions]
    new = tx.execute(statement("action_log/insert_decisions"), {"decisions": document(rows)})
    return {(row["run_id"], row["step"]) for row in new}


def _insert_actions(tx: Connection, drafts: Sequence[LogRow]) -> None:
    if drafts:
        tx.execute(statement("action_log/insert_actions"), {"actions": document(drafts)})


def _drafts(decision: DecisionRow) -> list[LogRow]:
    return [_draft(decision.run_id, "run", ordinal, draft) for ordinal, draft in enumerate(decision.actions)]


def _draft(run_id: UUID, origin: Origin, ordinal: int, draft: ActionDraft) -> LogRow:
    row = columns(draft) | {name: getattr(draft.action, name) for name in _ACTION}
    del row["action"]
    return {"run_id": run_id, "origin": origin, "ordinal": ordinal, **row}


def _action_row(row: LogRow) -> ActionRow:
    return ActionRow(
        action=Action(**{name: row[name] for name in _ACTION}), **{name: row[name] for name in _ROW}
    )


def _status(tx: Connection, action_id: int) -> str:
    """An action's status, in words for an error."""
    row = tx.execute(statement("action_log/action_status"), {"action_id": action_id}).fetchone()
    if row is None:
        return f"action {action_id} does not exist"
    return f"action {action_id} is {row['status']}{' in a dry run' if row['dry_run'] else ''}"
