"""The guardrail: no action takes the live daily budget above the cap, and above it none raises it.

The live daily budget is the sum of the daily budgets of ACTIVE ad sets in ACTIVE learning campaigns and of
ACTIVE scaling campaigns, goals outside the registry included. The cap is the least of the user's most and
``max_growth`` times the daily budget they typed. An increase that would break this is not made: ``no_room``.
After a reduction that failed or is unknown in a live run, every later increase of that run is held:
``reduction_failed``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from orchestrator.domain.model import Action, Hold
from orchestrator.rules.actions import REDUCTION_FAILED, hold_for, live_budget, with_gate
from orchestrator.rules.fold import StateBuilder, is_increase
from orchestrator.rules.live_budget import change_minor
from orchestrator.rules.state import State


class Admitted(NamedTuple):
    """The actions to make, in order, a hold for each rise that is not made, and the state after it."""

    actions: tuple[Action, ...]
    holds: list[Hold]
    after: State


def admit(state: State, actions: Iterable[Action]) -> Admitted:
    """Pass each action that the guardrail allows, given those passed before it.

    A rise that is not made has the hold ``no_room``, or ``reduction_failed`` once a reduction of this
    run was not surely made.
    """
    draft = StateBuilder(state)
    made: list[Action] = []
    holds: list[Hold] = []
    for wanted in actions:
        if draft.reduction_failed and is_increase(wanted):
            holds.append(hold_for(wanted, "reduction_failed", REDUCTION_FAILED))
            continue
        action, change = wanted, change_minor(draft, wanted)
        if change > 0:
            gate = live_budget(draft.live_minor + change, state.limits.cap)
            if not gate.passed:
                holds.append(hold_for(wanted, "no_room", (gate,)))
                continue
            action = with_gate(wanted, gate)
        draft.apply(action)
        made.append(action)
    return Admitted(tuple(made), holds, draft.finished())
