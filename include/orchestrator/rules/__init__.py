"""What is decided: pure rules, in the order of a run.

The same snapshot and policy give the same plan, byte for byte. The shell decides step by step
(``initial_state``, ``fold``, ``decide``); ``plan`` decides all at once, as if every action succeeded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from orchestrator.documents import codec
from orchestrator.documents.fingerprint import snapshot_hash
from orchestrator.domain import steps
from orchestrator.domain.model import Decision, Plan, Snapshot, UserSettings
from orchestrator.domain.policy import Policy, overridden
from orchestrator.domain.steps import StepName
from orchestrator.rules.allocate import allocate
from orchestrator.rules.fold import fold, is_increase, is_reduction
from orchestrator.rules.guardrail import without_rises
from orchestrator.rules.initial_state import initial_state, limits
from orchestrator.rules.learning import learning
from orchestrator.rules.pause import pause
from orchestrator.rules.promote import promote
from orchestrator.rules.scale import scale
from orchestrator.rules.state import State, Taken

__all__ = [
    "State",
    "cap_minor",
    "cap_under",
    "decide",
    "fold",
    "initial_state",
    "is_increase",
    "is_reduction",
    "plan",
    "plan_document",
]

_RULES: Mapping[StepName, Callable[[State], Taken]] = {
    steps.ALLOCATE.key: allocate,
    steps.LEARNING.key: learning,
    steps.PROMOTE.key: promote,
    steps.SCALE.key: scale,
    steps.PAUSE.key: pause,
}


def decide(step: StepName, state: State) -> Decision:
    """What ``step`` makes of ``state``, into which the run's earlier steps are folded."""
    return _taken(step, state).decision


def _taken(step: StepName, state: State) -> Taken:
    """What a step makes of ``state``, under the breakers, and the state after it."""
    return without_rises(state, _RULES[step](state))


def plan(snapshot: Snapshot, policy: Policy) -> Plan:
    """All five steps, each on the world that the earlier ones would leave.

    Raises:
        InvalidDocument: the account's currency has no exchange rate.
    """
    state = initial_state(snapshot, policy)
    decisions: list[Decision] = []
    for step in steps.RULES:
        decision, state = _taken(step, state)
        decisions.append(decision)
    return Plan(
        policy_hash=policy.hash,
        snapshot_hash=snapshot_hash(snapshot),
        allocations=tuple(chain.from_iterable([d.allocations for d in decisions])),
        winners=tuple(chain.from_iterable([d.winners for d in decisions])),
        actions=tuple(chain.from_iterable([d.actions for d in decisions])),
        holds=tuple(chain.from_iterable([d.holds for d in decisions])),
        errors=tuple(chain.from_iterable([d.errors for d in decisions])),
    )


def plan_document(snapshot: dict[str, Any], policy: dict[str, Any] | None = None) -> dict[str, Any]:
    """The plan of one snapshot document, as a document.

    Args:
        snapshot: As described in the file format.
        policy: Thresholds that differ from the packaged ones; of its maps only the named goals.

    Raises:
        InvalidDocument: with the JSON path of what is wrong.
    """
    return codec.plan_json(plan(codec.read_snapshot(snapshot), overridden({} if policy is None else policy)))


def cap_minor(state: State) -> int:
    """What the live daily budget may not pass, in minor units a day."""
    return state.limits.cap


def cap_under(settings: UserSettings, state: State) -> int:
    """The cap that other settings of the same user would give, in minor units a day."""
    return limits(replace(state.snapshot, settings=settings), state.policy).cap
