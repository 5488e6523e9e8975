"""Snapshots and plans as JSON documents: checked on the way in, in one fixed form on the way out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from orchestrator.model import (
    Account,
    Action,
    AdSet,
    Allocation,
    Campaign,
    Creative,
    Day,
    Decision,
    Goal,
    GoalError,
    Hold,
    Lifetime,
    PastAction,
    Plan,
    Settings,
    Snapshot,
    Template,
    Winner,
)
from orchestrator.snapshot_schema import checked

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_STEP_ORDER = {"allocate": 0, "learning": 1, "promote": 2, "scale": 3, "pause": 4}


def read_snapshot(document: object) -> Snapshot:
    """Check a snapshot document and turn it into a ``Snapshot``.

    Raises:
        InvalidDocument: with the JSON path of the first thing that is wrong.
    """
    rows = checked(document)
    return Snapshot(
        now=rows["now"],
        user_id=rows["user_id"],
        account=Account(**rows["account"]),
        settings=Settings(**rows["settings"]),
        goals=tuple(Goal(**row) for row in rows["goals"]),
        templates=tuple(
            Template(goal_key=row["goal_key"], audiences=tuple(row["audiences"])) for row in rows["templates"]
        ),
        creatives=tuple(Creative(**row) for row in rows["creatives"]),
        campaigns=tuple(Campaign(**row) for row in rows["campaigns"]),
        ad_sets=tuple(_ad_set(row) for row in rows["ad_sets"]),
        history=tuple(PastAction(**row) for row in rows["history"]),
    )


def _ad_set(row: Any) -> AdSet:
    lifetime, days = row.pop("lifetime", None), row.pop("days", None)
    return AdSet(
        **row,
        lifetime=None if lifetime is None else Lifetime(**lifetime),
        days=None if days is None else tuple(Day(**day) for day in days),
    )


def snapshot_json(snapshot: Snapshot) -> dict[str, Any]:
    """The document of a snapshot; ``read_snapshot`` reads it back unchanged."""
    return _row(snapshot)


def snapshot_hash(snapshot: Snapshot) -> str:
    """SHA-256 of a snapshot's document, with lists sorted wherever their order means nothing."""
    rows = _row(snapshot)
    for name in ("goals", "templates", "creatives", "campaigns", "ad_sets", "history"):
        rows[name].sort(key=_canonical)
    return hashlib.sha256(_canonical(rows).encode()).hexdigest()


def plan_json(plan: Plan) -> dict[str, Any]:
    """The document of a plan. Actions keep their order; holds and errors are sorted, they have none."""
    rows = _row(plan)
    rows["holds"].sort(key=_by_step)
    rows["errors"].sort(key=_by_step)
    return rows


def decision_json(decision: Decision) -> dict[str, Any]:
    """The document of one step's decision; ``read_decision`` reads it back."""
    return _row(decision)


def action_json(action: Action) -> dict[str, Any]:
    """The document of one action: its eight keys."""
    return _row(action)


def read_action(row: Mapping[str, Any]) -> Action:
    """An action of our own from the document that ``action_json`` made of it."""
    return Action(**row)


def read_decision(document: Mapping[str, Any]) -> Decision:
    """A decision of our own from the document that ``decision_json`` made of it."""
    return Decision(
        actions=tuple(Action(**row) for row in document["actions"]),
        holds=tuple(Hold(**row) for row in document["holds"]),
        errors=tuple(GoalError(**row) for row in document["errors"]),
        allocations=tuple(Allocation(**row) for row in document["allocations"]),
        winners=tuple(Winner(**row) for row in document["winners"]),
    )


def _row(noun: DataclassInstance) -> dict[str, Any]:
    return {field.name: _value(getattr(noun, field.name)) for field in fields(noun)}


def _value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return _row(value)
    return value


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _by_step(row: Mapping[str, Any]) -> tuple[int, list[str]]:
    return _STEP_ORDER[row["step"]], [row[key] or "" for key in row if key != "step"]
