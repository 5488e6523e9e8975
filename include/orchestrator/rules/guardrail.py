"""The guardrail: no action takes the live daily budget above the cap, and above it none raises it.

The live daily budget sums every ACTIVE campaign, goals outside the registry included: its own budget a day
when it has one, else that of each of its ACTIVE ad sets, also of those that a person made. Of a lifetime
budget it is the rest, divided by the days until its end. The cap is the least of the user's most and
``max_growth`` times the daily budget they typed. An increase that would break this is not made: ``no_room``.
After a reduction that failed or is unknown in a live run, every later increase of that run is held:
``reduction_failed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from orchestrator.domain.model import Action, Hold
from orchestrator.rules.actions import REDUCTION_FAILED, hold_for, live_budget, with_gate
from orchestrator.rules.fold import StateBuilder, fold, is_increase
from orchestrator.rules.live_budget import change_minor
from orchestrator.rules.state import State, Taken


class Admitted(NamedTuple):
    """The actions to make, in order, a hold for each rise that is not made, and the state after it."""

    actions: tuple[Action, ...]
    holds: list[Hold]
    after: State


def admit(
    state: State, actions: Iterable[Action], companions: Mapping[str, Sequence[Action]] | None = None
) -> Admitted:
    """Pass each action that the guardrail allows, given those passed before it.

    A rise that is not made has the hold ``no_room``, or ``reduction_failed`` once a reduction of this
    run was not surely made.

    Args:
        state: Before the actions.
        actions: In order.
        companions: What is made right before the resume of a campaign, by its id, and not at all without
            it. They do not change the live daily budget: the campaign has a budget of its own.
    """
    draft = StateBuilder(state)
    made: list[Action] = []
    holds: list[Hold] = []
    for wanted in actions:
        with_it = companions.get(wanted.campaign_id or "", ()) if companions else ()
        before = with_it if wanted.action_type == "resume_campaign" else ()
        if draft.reduction_failed and is_increase(wanted):
            holds += [hold_for(each, "reduction_failed", REDUCTION_FAILED) for each in (*before, wanted)]
            continue
        action, change = wanted, change_minor(draft, wanted)
        if change > 0:
            gate = live_budget(draft.live_minor + change, state.limits.cap)
            if not gate.passed:
                holds.append(hold_for(wanted, "no_room", (gate,)))
                continue
            action = with_gate(wanted, gate)
        for each in before:
            draft.apply(each)
        draft.make(action, change)
        made += (*before, action)
    return Admitted(tuple(made), holds, draft.finished())


def without_rises(state: State, taken: Taken) -> Taken:
    """What is left of a step while a breaker is tripped: its reductions, and a hold for each rise."""
    actions = taken.decision.actions
    if not any(map(is_increase, actions)) or state.breakers.tripped is None:
        return taken
    reason, evidence = state.breakers.tripped
    rises = [is_increase(action) or _leads_to_resume(actions, place) for place, action in enumerate(actions)]
    left = tuple(action for action, is_rise in zip(actions, rises, strict=True) if not is_rise)
    held = [hold_for(a, reason, evidence) for a, is_rise in zip(actions, rises, strict=True) if is_rise]
    decision = replace(taken.decision, actions=left, holds=(*taken.decision.holds, *held))
    return Taken(decision, fold(state, ((action, "success") for action in left)))


def _leads_to_resume(actions: Sequence[Action], place: int) -> bool:
    """A budget that step learning writes right before it resumes the same ad set, higher or lower."""
    action, *after = actions[place : place + 2]
    if action.step != "learning" or action.action_type != "update_budget" or not after:
        return False
    return after[0].action_type == "resume_adset" and after[0].adset_id == action.adset_id
