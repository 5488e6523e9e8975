"""No evidence is not zero: whether the insights of a run may still be used.

When insights could not be read completely, or were read more than ``max_insights_age_hours`` before the
run, steps ``promote``, ``scale`` and ``pause`` are held, one ``stale_insights`` each. Allocation and
learning continue. An ad set that Insights does not list had no delivery.
"""

from __future__ import annotations

from datetime import timedelta

from orchestrator.domain.evidence import Evidence, Gate
from orchestrator.domain.model import ActionType, Decision, Hold
from orchestrator.domain.steps import StepName
from orchestrator.rules.state import State, Taken


def is_stale(state: State) -> bool:
    """Insights were not read wholly, or too long before this run."""
    return not _gate(state).passed


def stale_evidence(state: State) -> Evidence:
    """The gate of a hold without evidence from Insights."""
    return (_gate(state),)


def _gate(state: State) -> Gate:
    read_at = state.snapshot.account.insights_read_at
    if read_at is None:
        return Gate("insights", "not read whole", "is", "read whole")
    most = timedelta(hours=state.policy.max_insights_age_hours)
    return Gate("insights_age", state.snapshot.now - read_at, "at most", most, "hours")


def stale(state: State, step: StepName, action_type: ActionType) -> Taken:
    """What a step decides without evidence: nothing, and one hold that says so."""
    hold = Hold(
        step=step,
        action_type=action_type,
        goal_key=None,
        campaign_id=None,
        adset_id=None,
        reason="stale_insights",
        evidence=stale_evidence(state),
    )
    return Taken(Decision(holds=(hold,)), state)
