"""Snapshots and plans as JSON documents: checked on the way in, in one fixed form on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from orchestrator.domain import steps
from orchestrator.domain.model import (
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
    Snapshot,
    Template,
    UserSettings,
    Winner,
)

_INPUTS = (Account, UserSettings, Goal, Template, Creative, Campaign, AdSet, Lifetime, Day, PastAction)
_OUTPUTS = (Allocation, Winner, Action, Hold, GoalError)
_NAMES = {noun: tuple(field.name for field in fields(noun)) for noun in (*_INPUTS, *_OUTPUTS)}
_NULLS: Mapping[type, Mapping[str, Any]] = {
    noun: {field.name: None for field in fields(noun) if "None" in str(field.type)} for noun in (Action, Hold)
}
_DECODER = msgspec.json.Decoder(Snapshot)
_STEP_ORDER = {rule: place for place, rule in enumerate(steps.RULES)}


def read_snapshot(document: object) -> Snapshot:
    """Check a snapshot document and turn it into a ``Snapshot``.

    Raises:
        InvalidDocument: with the JSON path of the first thing that is wrong.
    """
    # Loads pydantic's schema of it; a run reads its own snapshots and needs none.
    from orchestrator.documents.schema import checked  # noqa: PLC0415

    rows = checked(document)
    return Snapshot(
        now=rows["now"],
        user_id=rows["user_id"],
        account=Account(**rows["account"]),
        settings=UserSettings(**rows["settings"]),
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
    return {
        "now": _text(snapshot.now),
        "user_id": snapshot.user_id,
        "account": _row(snapshot.account),
        "settings": _row(snapshot.settings),
        "goals": [_row(goal) for goal in snapshot.goals],
        "templates": [_row(template) for template in snapshot.templates],
        "creatives": [_row(creative) for creative in snapshot.creatives],
        "campaigns": [_row(campaign) for campaign in snapshot.campaigns],
        "ad_sets": [_ad_set_row(ad_set) for ad_set in snapshot.ad_sets],
        "history": [_row(past) for past in snapshot.history],
    }


def snapshot_text(snapshot: Snapshot) -> bytes:
    """The same document as JSON, for ourselves."""
    return msgspec.json.encode(snapshot)


def own_snapshot(text: bytes) -> Snapshot:
    """A snapshot of our own from what ``snapshot_text`` made of it: nothing in it is checked again."""
    return _DECODER.decode(text)


def plan_json(plan: Plan) -> dict[str, Any]:
    """The document of a plan. Actions keep their order; holds and errors are sorted, they have none."""
    return {
        "policy_hash": plan.policy_hash,
        "snapshot_hash": plan.snapshot_hash,
        "allocations": [_row(allocation) for allocation in plan.allocations],
        "winners": [_row(winner) for winner in plan.winners],
        "actions": [_row(action) for action in plan.actions],
        "holds": sorted(map(_row, plan.holds), key=_by_step),
        "errors": sorted(map(_row, plan.errors), key=_by_step),
    }


def decision_json(decision: Decision) -> dict[str, Any]:
    """The document of one step's decision, without what is null; ``read_decision`` reads it back."""
    parts = {
        "actions": decision.actions,
        "holds": decision.holds,
        "errors": decision.errors,
        "allocations": decision.allocations,
        "winners": decision.winners,
    }
    return {name: [_without_nulls(each) for each in nouns] for name, nouns in parts.items() if nouns}


def read_decision(document: Mapping[str, Any]) -> Decision:
    """A decision of our own from the document that ``decision_json`` made of it."""
    return Decision(
        actions=tuple(Action(**_NULLS[Action] | row) for row in document.get("actions", ())),
        holds=tuple(Hold(**_NULLS[Hold] | row) for row in document.get("holds", ())),
        errors=tuple(GoalError(**row) for row in document.get("errors", ())),
        allocations=tuple(Allocation(**row) for row in document.get("allocations", ())),
        winners=tuple(Winner(**row) for row in document.get("winners", ())),
    )


def _without_nulls(noun: Any) -> dict[str, Any]:
    return {name: value for name, value in _row(noun).items() if value is not None}


def _row(noun: Any) -> dict[str, Any]:
    return {name: _text(getattr(noun, name)) for name in _NAMES[type(noun)]}


def _ad_set_row(ad_set: AdSet) -> dict[str, Any]:
    return _row(ad_set) | {
        "lifetime": None if ad_set.lifetime is None else _row(ad_set.lifetime),
        "days": None if ad_set.days is None else [_row(day) for day in ad_set.days],
    }


def _text(value: Any) -> Any:
    """A value as JSON has it: times in UTC, tuples as lists."""
    kind = type(value)
    if kind is datetime:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if kind is date:
        return value.isoformat()
    return list(value) if kind is tuple else value


def _by_step(row: Mapping[str, Any]) -> tuple[int, list[str]]:
    return _STEP_ORDER[row["step"]], [row[key] or "" for key in row if key != "step"]
