"""Whether a user's next action may be sent: given what was done before it, and what the platform has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator import rules
from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Action
from orchestrator.errors import AuthExpired, OrchestratorError, Stopped, Throttled, UnresolvedOutcome
from orchestrator.execution.context import ExecutionContext, may_have_been_sent
from orchestrator.execution.outcomes import IN_MANY_WRITES
from orchestrator.execution.preflight import Preflight, preflight, refuse

_STOP_WORDS: Mapping[type[OrchestratorError], str] = {
    Throttled: reasons.THROTTLED.code,
    Stopped: reasons.STOPPED.code,
    UnresolvedOutcome: reasons.UNSETTLED.code,
}


@dataclass(slots=True)
class Progress:
    """How far a user's step is: the state after what was done, and why nothing rises any more, if so.

    ``open_goals``: goals of which an action of an earlier step or run may or may not have happened.
    ``is_surprised``: the account had what the database did not know, so nothing rises in the whole run.
    """

    state: rules.State
    rows: list[ActionRow]
    stopped: OrchestratorError | None = None
    open_goals: frozenset[str] = frozenset()
    is_surprised: bool = False

    @property
    def is_over(self) -> bool:
        """Whether not even a reduction may be sent."""
        return isinstance(self.stopped, Stopped | AuthExpired)


def admit(context: ExecutionContext, row: ActionRow, progress: Progress) -> Preflight:
    """Whether the action may be sent now. Reads the platform unless the answer is known without.

    A reduction waits for nothing: neither for what stopped the rises nor for anything that is open.
    """
    action = row.action
    if progress.stopped is not None and (progress.is_over or not rules.is_reduction(action)):
        return refuse(_stop_word(progress.stopped))
    may_not_rise = progress.state.reduction_failed and rules.is_increase(action)
    refused = _refusal_to_rise(action, progress)
    if refused is not None and rules.is_increase(action) and not may_have_been_sent(row):
        return refuse(refused)
    if _parent_is_missing(context, action, progress):
        return refuse(reasons.PARENT_FAILED.code)
    if action.action_type == "create_campaign" or _is_half_made(row):
        return Preflight("go", {})
    answer = preflight(context, row, progress.state)
    return refuse(reasons.REDUCTION_FAILED.code) if may_not_rise and answer.word == "go" else answer


def _refusal_to_rise(action: Action, progress: Progress) -> str | None:
    """Why nothing new rises now, whatever the platform has."""
    if progress.is_surprised:
        return reasons.UNKNOWN_OBJECTS.code
    if action.goal_key in progress.open_goals:
        return reasons.UNSETTLED.code
    return reasons.REDUCTION_FAILED.code if progress.state.reduction_failed else None


def _stop_word(error: OrchestratorError) -> str:
    return _STOP_WORDS.get(type(error), reasons.ACCOUNT_STOPPED.code)


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
