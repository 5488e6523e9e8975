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

from orchestrator.domain.evidence import Gate
from orchestrator.domain.model import Action, Hold
from orchestrator.rules.actions import REDUCTION_FAILED, hold_for, with_gate
from orchestrator.rules.fold import StateBuilder, fold, is_increase
from orchestrator.rules.live_budget import change_minor
from orchestrator.rules.state import State, Taken


class Admitted(NamedTuple):
    """The actions to make, in order, a hold for each rise that is not made, and the state after it."""

    actions: tuple[Action, ...]
    holds: list[Hold]
    after: State


class Together(NamedTuple):
    """Actions that are made all or not at all.

    ``live``: the guardrail's gate of all of them. ``unsure``: a hold for each rise among them, once a
    reduction of this run was not surely made. ``after``: the state once all are made.
    """

    live: Gate
    unsure: list[Hold]
    after: State

    @property
    def passed(self) -> bool:
        """Whether they may be made."""
        return self.live.passed and not self.unsure


def live_gate(live_minor: int, cap_minor: int) -> Gate:
    """What could be spent in a day, against the cap: the comparison behind every ``no_room`` here."""
    return Gate("live_budget", live_minor, "at most", cap_minor, "minor")


def rise_gate(live_minor: int, change: int, cap_minor: int) -> Gate | None:
    """The gate of what moves the live daily budget by ``change``; null when that raises nothing."""
    return live_gate(live_minor + change, cap_minor) if change > 0 else None


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
            holds += _unsure([*before, wanted])
            continue
        change = change_minor(draft, wanted)
        gate = rise_gate(draft.live_minor, change, state.limits.cap)
        if gate is not None and not gate.passed:
            holds.append(hold_for(wanted, "no_room", (gate,)))
            continue
        for each in before:
            draft.apply(each)
        draft.make(wanted, change)
        made += (*before, wanted if gate is None else with_gate(wanted, gate))
    return Admitted(tuple(made), holds, draft.finished())


def admit_together(state: State, actions: Sequence[Action]) -> Together:
    """Judge actions of which each needs the others, by what could be spent once all are made."""
    after = fold(state, [(action, "success") for action in actions])
    unsure = _unsure(actions) if state.reduction_failed else []
    return Together(live_gate(after.live_minor, state.limits.cap), unsure, after)


def _unsure(actions: Iterable[Action]) -> list[Hold]:
    """The holds of the rises among ``actions`` after a reduction that was not surely made."""
    return [hold_for(each, "reduction_failed", REDUCTION_FAILED) for each in actions if is_increase(each)]


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
