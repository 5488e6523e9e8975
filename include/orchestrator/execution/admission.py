"""Whether a user's next action may be sent: given what was done before it, and what the platform has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator import rules
from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Action
from orchestrator.errors import (
    AuthExpired,
    OrchestratorError,
    ProofRefused,
    Stopped,
    Throttled,
    UnresolvedOutcome,
)
from orchestrator.execution.context import ExecutionContext, may_have_been_sent
from orchestrator.execution.outcomes import IN_MANY_WRITES
from orchestrator.execution.preflight import Preflight, preflight, refuse

_STOP_WORDS: Mapping[type[OrchestratorError], str] = {
    Throttled: reasons.THROTTLED.code,
    Stopped: reasons.STOPPED.code,
}


@dataclass(slots=True)
class Progress:
    """How far a user's step is: the state after what was done, and why nothing rises any more, if so.

    ``open_goals``: goals of which an action may or may not have happened; ``unresolved``: the first such
    outcome of this step.
    ``is_surprised``: the account had what the database did not know, so nothing rises in the whole run.
    """

    state: rules.State
    rows: list[ActionRow]
    stopped: OrchestratorError | None = None
    open_goals: frozenset[str] = frozenset()
    refused_kinds: frozenset[str] | None = None
    """Types of action that are refused for many users of the run; null: not read since the last refusal."""
    is_surprised: bool = False
    unresolved: UnresolvedOutcome | None = None

    @property
    def is_over(self) -> bool:
        """Whether not even a reduction may be sent."""
        return isinstance(self.stopped, Stopped | AuthExpired | ProofRefused)


def admit(context: ExecutionContext, row: ActionRow, progress: Progress) -> Preflight:
    """Whether the action may be sent now. Reads the platform unless the answer is known without.

    A reduction waits for nothing: neither for what stopped the rises nor for anything that is open.
    """
    action = row.action
    if progress.stopped is not None and (progress.is_over or not rules.is_reduction(action)):
        return refuse(_stop_word(progress.stopped))
    hold = _hold_of_rise(context, row, progress)
    if hold is not None:
        return refuse(hold)
    if _parent_is_missing(context, action, progress):
        return refuse(reasons.PARENT_FAILED.code)
    if action.action_type == "create_campaign" or _is_half_made(row):
        return Preflight("go", {})
    answer = preflight(context, row, progress.state)
    may_not_rise = progress.state.reduction_failed and rules.is_increase(action)
    return refuse(reasons.REDUCTION_FAILED.code) if may_not_rise and answer.word == "go" else answer


def _hold_of_rise(context: ExecutionContext, row: ActionRow, progress: Progress) -> str | None:
    """Why a rise that was never sent is not begun now; null for any other action."""
    if not rules.is_increase(row.action) or may_have_been_sent(row):
        return None
    if progress.is_surprised:
        return reasons.UNKNOWN_OBJECTS.code
    if row.action.goal_key in progress.open_goals:
        return reasons.UNSETTLED.code
    if progress.state.reduction_failed:
        return reasons.REDUCTION_FAILED.code
    return reasons.REFUSED_FOR_MANY.code if _is_refused_for_many(context, row, progress) else None


def _stop_word(error: OrchestratorError) -> str:
    return _STOP_WORDS.get(type(error), reasons.ACCOUNT_STOPPED.code)


def _is_refused_for_many(context: ExecutionContext, row: ActionRow, progress: Progress) -> bool:
    if progress.refused_kinds is None:
        users = progress.state.policy.breaker_errors
        progress.refused_kinds = context.store.action_log.refused_kinds(row.run_id, users)
    return row.action.action_type in progress.refused_kinds


def _is_half_made(row: ActionRow) -> bool:
    """A creation that was begun may be part of what the platform has now: it is checked once it is whole."""
    return may_have_been_sent(row) and row.action.action_type in IN_MANY_WRITES


def _parent_is_missing(context: ExecutionContext, action: Action, progress: Progress) -> bool:
    if action.action_type == "create_campaign":
        return False
    if context.remote_id(action.campaign_id) is None and action.campaign_id is not None:
        return True
    if (
        action.action_type != "create_adset"
        and action.adset_id is not None
        and context.remote_id(action.adset_id) is None
    ):
        return True
    waits_for_copy = action.action_type == "resume_campaign" and action.reason == reasons.WINNER.code
    return waits_for_copy and not any(
        r.action.action_type == "promote_winner" and r.action.campaign_id == action.campaign_id
        for r in progress.rows
        if r.status == "success"
    )
