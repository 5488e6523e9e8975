"""Snapshots and plans as JSON documents: checked on the way in, in one fixed form on the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, get_args, get_type_hints

import msgspec
from typing_extensions import TypedDict

from orchestrator.domain import money, steps
from orchestrator.domain.evidence import Evidence, Gate, number
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
from orchestrator.domain.reasons import NO_ROOM

_INPUTS = (Account, UserSettings, Goal, Template, Creative, Campaign, AdSet, Lifetime, Day, PastAction)
_OUTPUTS = (Allocation, Winner, Action, Hold, GoalError)
_NAMES: Mapping[type, tuple[str, ...]] = {
    noun: tuple(name for name in get_type_hints(noun) if name != "evidence") for noun in (*_INPUTS, *_OUTPUTS)
}
_NULLS: Mapping[type, Mapping[str, Any]] = {
    noun: {name: None for name, hint in get_type_hints(noun).items() if type(None) in get_args(hint)}
    for noun in (Action, Hold)
}
_DEFAULTS: Mapping[type, Mapping[str, Any]] = {
    noun: {each.name: each.default for each in fields(noun) if each.default is not MISSING}
    for noun in _INPUTS
}
_DECODER = msgspec.json.Decoder(Snapshot)
_STEP_ORDER = {rule: place for place, rule in enumerate(steps.RULES)}


class _HoldRow(TypedDict, total=False):
    """A hold as it is recorded, but for its evidence: what has no key here is passed over, not parsed."""

    step: str
    action_type: str
    goal_key: str
    campaign_id: str
    adset_id: str
    reason: str


class _DecisionRow(TypedDict, total=False):
    """A decision as it is recorded."""

    actions: list[dict[str, Any]]
    holds: list[_HoldRow]
    errors: list[dict[str, Any]]
    allocations: list[dict[str, Any]]
    winners: list[dict[str, Any]]


_DECISIONS = msgspec.json.Decoder(_DecisionRow)


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
        goals=tuple(_goal(row) for row in rows["goals"]),
        templates=tuple(
            Template(goal_key=row["goal_key"], audiences=tuple(row["audiences"])) for row in rows["templates"]
        ),
        creatives=tuple(Creative(**row) for row in rows["creatives"]),
        campaigns=tuple(Campaign(**row) for row in rows["campaigns"]),
        ad_sets=tuple(_ad_set(row) for row in rows["ad_sets"]),
        history=tuple(PastAction(**row) for row in rows["history"]),
    )


def _goal(row: Any) -> Goal:
    return Goal(**row | {"missing": tuple(row.get("missing", ()))})


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
    """The document of one step's decision, without what is null; ``read_decision`` reads it back.

    Holds have their evidence with them. That of an action is in its row of the action log (``gate_json``).
    """
    parts = {
        "actions": [_without_nulls(each) for each in decision.actions],
        "holds": [_hold_json(each) for each in decision.holds],
        "errors": [_without_nulls(each) for each in decision.errors],
        "allocations": [_without_nulls(each) for each in decision.allocations],
        "winners": [_without_nulls(each) for each in decision.winners],
    }
    return {name: rows for name, rows in parts.items() if rows}


def _hold_json(hold: Hold) -> dict[str, Any]:
    """A hold with each gate as a list, which takes half the space: there are many."""
    gates = [_gate_values(gate) for gate in hold.evidence]
    return _without_nulls(hold) | ({"evidence": gates} if gates else {})


def gate_json(gate: Gate) -> dict[str, int | str]:
    """The document of one gate; ``read_gate`` reads it back.

    Both sides are in their unit; a number that is not whole is a decimal as text, or a quotient where the
    decimals of two different sides are the same: the gate would pass or fail otherwise. A figure has no
    ``word`` and no ``need``, and a gate without a unit no ``unit``.
    """
    return _named(_gate_values(gate))


def _gate_values(gate: Gate) -> list[int | str]:
    have, need = _sides(gate)
    sides = [gate.name, have, gate.operator, need] if gate.operator else [gate.name, have]
    return [*sides, gate.unit] if gate.unit else sides


def _sides(gate: Gate) -> tuple[int | str, int | str]:
    if isinstance(gate.have, (int, str)) and isinstance(gate.need, (int, str)):
        return gate.have, gate.need
    have, need = number(gate.have, gate.unit), number(gate.need, gate.unit)
    as_decimals = _decimal(have), _decimal(need)
    if have != need and as_decimals[0] == as_decimals[1]:
        return str(have), str(need)
    return as_decimals


def read_gate(document: Mapping[str, Any] | Sequence[Any]) -> Gate:
    """A gate of our own from what ``gate_json`` or ``decision_json`` made of it."""
    row = document if isinstance(document, Mapping) else _named(document)
    word, unit = row.get("word", ""), row.get("unit", "")
    have, need = row["have"], row.get("need", row["have"])
    if unit or isinstance(have, int):
        have, need = Fraction(have), Fraction(need)
        is_whole = have.denominator == need.denominator == 1
        have, need = ((side.numerator if is_whole else side.as_integer_ratio()) for side in (have, need))
    return Gate(row["name"], have, word, need, unit)


def read_checks(details: Mapping[str, Any]) -> Evidence:
    """The evidence in the details of an action's row: of its decision, then of a check before its write."""
    decided, now = details.get("checks", ()), details.get("checks_now", ())
    return tuple(map(read_gate, (*decided, *now, *_checks_of_room(details))))


def _checks_of_room(details: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The guardrail before a write as rows had it at first, ``room``, where it prevented the action."""
    if "room" in details and NO_ROOM.code in (details.get("hold"), details.get("activation")):
        live, rise, cap = (details["room"][side] for side in ("live_minor", "rise_minor", "cap_minor"))
        yield {
            "name": "live_budget_now",
            "have": live + rise,
            "word": "at most",
            "need": cap,
            "unit": "minor",
        }


def _named(values: Sequence[Any]) -> dict[str, Any]:
    names = ("name", "have", "word", "need", "unit") if len(values) > 3 else ("name", "have", "unit")
    return dict(zip(names, values, strict=False))


def _decimal(value: int | str | Fraction) -> int | str:
    """A number as JSON has it: an integer, or a decimal as text, rounded to six places."""
    if not isinstance(value, Fraction):
        return value
    if value.denominator == 1:
        return value.numerator
    return f"{'-' if value < 0 else ''}{money.decimal_text(abs(value.numerator), value.denominator)}"


def decision_without_evidence(text: str) -> Decision:
    """A decision from its document as JSON, without the evidence of its holds."""
    return read_decision(_DECISIONS.decode(text))


def read_decision(document: Mapping[str, Any]) -> Decision:
    """A decision of our own from the document that ``decision_json`` made of it."""
    return Decision(
        actions=tuple(Action(**_NULLS[Action] | row) for row in document.get("actions", ())),
        holds=tuple(_read_hold(row) for row in document.get("holds", ())),
        errors=tuple(GoalError(**row) for row in document.get("errors", ())),
        allocations=tuple(Allocation(**row) for row in document.get("allocations", ())),
        winners=tuple(Winner(**row) for row in document.get("winners", ())),
    )


def _read_hold(row: Mapping[str, Any]) -> Hold:
    """A hold; one that was recorded without evidence has none."""
    evidence = tuple(read_gate(gate) for gate in row.get("evidence", ()))
    return Hold(**{**_NULLS[Hold], **row, "evidence": evidence})


def _without_nulls(noun: Any) -> dict[str, Any]:
    """The document of a part of a decision, which has only numbers and words."""
    return {name: value for name in _NAMES[type(noun)] if (value := getattr(noun, name)) is not None}


def _row(noun: Any) -> dict[str, Any]:
    """The document of one noun, without what a document may leave out and that is as usual."""
    usual = _DEFAULTS.get(type(noun), {})
    values = ((name, getattr(noun, name)) for name in _NAMES[type(noun)])
    return {name: _text(value) for name, value in values if name not in usual or value != usual[name]}


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
