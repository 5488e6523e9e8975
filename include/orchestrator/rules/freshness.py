"""No evidence is not zero, and evidence that contradicts what is known is none.

When insights could not be read completely, or were read more than ``max_insights_age_hours`` before the
run, steps ``promote``, ``scale`` and ``pause`` are held, one ``stale_insights`` each. Allocation and
learning continue, except for their increases. An ad set that Insights does not list had no delivery.

The same steps are held for one goal, one ``evidence_contradicts`` each, while an ad set of it, ACTIVE or
PAUSED, has less than ``evidence_keep_bp`` of the events once known (from ``evidence_min_events`` known), or
more events than impressions. In learning it counts with the larger of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orchestrator.domain.contradiction import contradicts
from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.model import ActionType, AdSet, Decision, Hold, Lifetime
from orchestrator.domain.policy import Policy
from orchestrator.domain.steps import StepName
from orchestrator.rules.actions import ActionFactory
from orchestrator.rules.state import AdSetNow, CampaignNow, GoalNow, State, Taken, active_goals


def is_stale(state: State) -> bool:
    """Insights were not read wholly, or too long before this run."""
    return not state.breakers.insights.passed


def stale(state: State, step: StepName, action_type: ActionType) -> Taken:
    """What a step decides without evidence: nothing, and one hold that says so."""
    hold = Hold(
        step=step,
        action_type=action_type,
        goal_key=None,
        campaign_id=None,
        adset_id=None,
        reason="stale_insights",
        evidence=(state.breakers.insights,),
    )
    return Taken(Decision(holds=(hold,)), state)


def proven_events(read: Lifetime, ad_set: AdSet, policy: Policy) -> int:
    """The core events an ad set surely had: those read or, where they contradict more, those known."""
    known = ad_set.known_events
    if known is not None and _contradicts(read.events, read.impressions, known, policy):
        return max(read.events, known)
    return read.events


def contradicting(
    ad_sets: Iterable[AdSetNow], campaigns: Mapping[str, CampaignNow], policy: Policy
) -> dict[str, str]:
    """The first ad set by age of each goal whose figures cannot be the whole truth, by goal."""
    found: dict[str, str] = {}
    for a in ad_sets:
        if a.known_events is None and a.events <= a.impressions:
            continue
        lives = a.ours and a.status in {"ACTIVE", "PAUSED"}
        if lives and _contradicts(a.events, a.impressions, a.known_events, policy):
            found.setdefault(campaigns[a.campaign_id].goal_key, a.id)
    return found


def trusted_goals(state: State, step: StepName, action_type: ActionType) -> tuple[list[GoalNow], list[Hold]]:
    """The active goals whose evidence a step may use, in goal order, and a hold for each of the others."""
    trusted: list[GoalNow] = []
    holds: list[Hold] = []
    for goal in active_goals(state):
        if goal.key in state.contradicting:
            why = _contradiction(state, state.ad_sets[state.contradicting[goal.key]])
            holds.append(ActionFactory(step, goal.key).hold(action_type, "evidence_contradicts", why))
        else:
            trusted.append(goal)
    return trusted, holds


def _contradiction(state: State, ad_set: AdSetNow) -> Evidence:
    """What cannot be: fewer events than known, or more than impressions."""
    name = figure("contradicting", ad_set.id)
    known, keep_bp = ad_set.known_events or 0, state.policy.evidence_keep_bp
    kept = Gate("events_read", (ad_set.events, 1), "at least", (known * keep_bp, 10_000), "events")
    if known >= state.policy.evidence_min_events and not kept.passed:
        return name, figure("known_events", known, "events"), kept
    return name, Gate("events_shown", ad_set.events, "at most", ad_set.impressions)


def _contradicts(events: int, impressions: int, known_events: int | None, policy: Policy) -> bool:
    return contradicts(
        events,
        impressions,
        known_events,
        min_events=policy.evidence_min_events,
        keep_bp=policy.evidence_keep_bp,
    )
