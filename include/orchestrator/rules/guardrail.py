"""The guardrail: no action takes the live sum above the cap, and above it none raises it.

The live sum is the daily budgets of ACTIVE ad sets in ACTIVE learning campaigns and of ACTIVE scaling
campaigns, goals outside the registry included. The cap is the least of the user's most and
``max_growth`` times the daily budget they typed. A rise that would break this is not made: ``no_room``.
After a reduction that failed or is unknown in a live run, every later rise of that run is held:
``reduction_failed``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from orchestrator.domain.model import Action, Hold
from orchestrator.rules.actions import hold_for
from orchestrator.rules.fold import StateBuilder, is_increase
from orchestrator.rules.live_budget import change_minor
from orchestrator.rules.state import State


class Admitted(NamedTuple):
    """The actions to make, in order, a hold for each rise that is not made, and the state after it."""

    actions: tuple[Action, ...]
    holds: list[Hold]
    after: State


def admit(state: State, actions: Iterable[Action]) -> Admitted:
    """Let each action through that the guardrail allows, given those let through before it.

    A rise that is not made has the hold ``no_room``, or ``reduction_failed`` once a reduction of this
    run was not surely made.
    """
    draft = StateBuilder(state)
    made: list[Action] = []
    holds: list[Hold] = []
    for action in actions:
        reason = _refusal(draft, action, state.limits.cap)
        if reason is None:
            draft.apply(action)
            made.append(action)
        else:
            holds.append(hold_for(action, reason))
    return Admitted(tuple(made), holds, draft.finished())


def _refusal(draft: StateBuilder, action: Action, cap: int) -> str | None:
    """Why this one action may not be made now; null when it may."""
    if draft.reduction_failed and is_increase(action):
        return "reduction_failed"
    change = change_minor(draft, action)
    if change > 0 and draft.live_minor + change > cap:
        return "no_room"
    return None
