"""A run for some goals only: what is left of a decision. Pure."""

from __future__ import annotations

from dataclasses import replace

from orchestrator.domain.evidence import figure
from orchestrator.domain.model import Action, Decision
from orchestrator.rules.actions import hold_for
from orchestrator.rules.fold import StateBuilder
from orchestrator.rules.guardrail import rise_gate
from orchestrator.rules.live_budget import change_minor
from orchestrator.rules.state import State


def filter_goals(decision: Decision, goal_keys: frozenset[str] | None, state: State) -> Decision:
    """Keep what concerns ``goal_keys``; null means everything.

    The division stays what it is, over all goals. A rise that counted on a reduction of a goal left
    out is held, ``no_room``: the guardrail holds for what is really done.
    """
    if goal_keys is None:
        return decision
    draft = StateBuilder(state)
    actions: list[Action] = []
    holds = [h for h in decision.holds if h.goal_key is None or h.goal_key in goal_keys]
    for action in decision.actions:
        if action.goal_key not in goal_keys:
            continue
        change = change_minor(draft, action)
        gate = rise_gate(draft.live_minor, change, state.limits.cap)
        if gate is not None and not gate.passed:
            holds.append(hold_for(action, "no_room", (figure("some_goals", "only"), gate)))
            _drop_companions(actions, action)
            continue
        actions.append(action)
        draft.make(action, change)
    return replace(
        decision,
        actions=tuple(actions),
        holds=tuple(holds),
        errors=tuple(e for e in decision.errors if e.goal_key in goal_keys),
        winners=tuple(w for w in decision.winners if w.goal_key in goal_keys),
    )


def _drop_companions(actions: list[Action], held: Action) -> None:
    """Take back the ad sets that would be resumed right before a campaign which is not."""
    while held.action_type == "resume_campaign" and actions:
        if actions[-1].action_type != "resume_adset" or actions[-1].campaign_id != held.campaign_id:
            return
        actions.pop()
