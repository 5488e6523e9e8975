"""What the demo claims about two runs and the simulator, checked. Pure.

A check gives the lines that did not hold; no line means it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from demo.results import PersonaResult
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Action
from orchestrator.domain.remote_ids import RemoteIds
from stack.simulator_control import Request


def differences(dry: Sequence[PersonaResult], live: Sequence[PersonaResult]) -> list[str]:
    """Where the live run did not do, one for one and field for field, what the dry run planned."""
    lines: list[str] = []
    for planned, done in zip(dry, live, strict=True):
        before, after = ([row.action for row in each.actions] for each in (planned, done))
        lines += [f"{done.person.name}: {line}" for line in _unequal(before, after)]
        lines += [
            f"{done.person.name}: {row.action.action_type} {row.action.reason} is {row.status}: {row.message}"
            for row in done.actions
            if row.status != "success"
        ]
    return lines


def _unequal(before: Sequence[Action], after: Sequence[Action]) -> list[str]:
    if len(before) != len(after):
        return [f"{len(before)} actions planned, {len(after)} done"]
    return [f"planned {old}, did {new}" for old, new in zip(before, after, strict=True) if old != new]


def writes(requests: Iterable[Request]) -> list[Request]:
    """The requests that changed something on the simulator."""
    return [request for request in requests if request["took_effect"]]


def lost_writes(requests: Iterable[Request]) -> list[str]:
    """Writes that were sent and changed nothing. A batch is as good as what is in it."""
    return [
        f"{request['method']} {request['path']} took no effect: {request['answer']}"
        for request in requests
        if request["method"] in ("POST", "DELETE") and request["path"] != "/" and not request["took_effect"]
    ]


def not_landed(actions: Sequence[ActionRow], account: Mapping[str, Any]) -> list[str]:
    """Objects of one account that are not as the log of a run left them.

    Args:
        actions: A person's actions of one live run, in order.
        account: The account in the simulator's state.
    """
    there = {each["id"]: each for each in _objects(account)}
    lines = []
    for (object_id, what), value in _left(actions).items():
        found = there.get(object_id, {}).get(what)
        if found != value:
            lines.append(f"{object_id}: {what} is {found}, the log says {value}")
    return lines


def _objects(account: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for campaign in account["campaigns"] for each in (campaign, *campaign["ad_sets"])]


def _left(actions: Iterable[ActionRow]) -> dict[tuple[str, str], str | int]:
    """By object and property, what the last successful action on it made of it."""
    left: dict[tuple[str, str], str | int] = {}
    for row in actions:
        if row.status != "success":
            continue
        action, details = row.action, row.details
        made = RemoteIds.of(details)
        object_id = str(made.adset_id or made.campaign_id)
        if action.after_minor is not None:
            left[object_id, "daily_budget_minor"] = action.after_minor
        if action.action_type in ("create_adset", "promote_winner"):
            left[object_id, "status"] = "ACTIVE"
        elif action.action_type.startswith(("pause", "resume")):
            left[object_id, "status"] = "PAUSED" if action.action_type.startswith("pause") else "ACTIVE"
    return left
