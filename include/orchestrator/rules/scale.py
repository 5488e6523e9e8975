"""Step ``scale``: raise what keeps performing, one capped step a day.

A scaling campaign that stood in the snapshot is raised by ``scale_step_bp``, at most to the cap and to
what the learning shares leave of it. It needs ``min_events`` yesterday and a cost an event at most
``scale_tolerance_bp`` above the day before's; days are the account's, and today never counts.

Holds, the first that applies: ``auto_scale_off``, ``cooldown`` (the goal was raised, or may have been,
less than ``scale_cooldown_hours`` ago), ``too_early_in_day`` (before ``settle_hours``),
``too_few_events``, ``too_little_history``, ``cost_rising``, ``budget_below_minimum``, ``no_room`` (also
for a raise under ``scale_min_step_bp``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orchestrator.model import Action, Decision, Hold
from orchestrator.rules.evidence import is_stale, stale
from orchestrator.rules.fold import fold
from orchestrator.rules.state import (
    CampaignNow,
    GoalNow,
    State,
    Taken,
    active_ad_sets,
    active_campaigns,
    active_goals,
    ad_sets_of,
    cbo_minimum,
)
from orchestrator.rules.words import Words, held


class Total(NamedTuple):
    """What a campaign's ad sets of every status did together on one account day."""

    spend_minor: int
    events: int


def scale(state: State) -> Taken:
    """Raise each scaling campaign that stood in the snapshot and earned it, goal order then age."""
    if is_stale(state):
        return stale(state, "scale", "update_budget")
    actions: list[Action] = []
    holds: list[Hold] = []
    for goal in active_goals(state):
        for campaign in [c for c in active_campaigns(state, goal.key, "scaling") if c.stood]:
            outcome = _raise(state, goal, campaign)
            if isinstance(outcome, Hold):
                holds.append(outcome)
            else:
                actions.append(outcome)
                state = fold(state, [(outcome, "success")])
    return Taken(Decision(actions=tuple(actions), holds=tuple(holds)), state)


def _raise(state: State, goal: GoalNow, campaign: CampaignNow) -> Action | Hold:
    say = Words("scale", goal.key)
    reason = _first_hold(state, goal, campaign)
    if reason is not None:
        return say.hold("update_budget", reason, campaign.id)
    new = _new_budget(state, campaign)
    if new < cbo_minimum(goal, len(active_ad_sets(state, campaign.id))):
        return say.hold("update_budget", "budget_below_minimum", campaign.id)
    step = new - campaign.budget_minor
    if step * 10000 < max(1, state.policy.scale_min_step_bp * campaign.budget_minor):
        return say.hold("update_budget", "no_room", campaign.id)
    action = say.set_campaign_budget(campaign, new, "scale_up")
    return held(action, "reduction_failed") if state.reduction_failed else action


def _first_hold(state: State, goal: GoalNow, campaign: CampaignNow) -> str | None:
    """The first reason not to raise, but for the money."""
    if not state.snapshot.settings.auto_scale_winners:
        return "auto_scale_off"
    if _is_cooling(state, goal):
        return "cooldown"
    local = state.snapshot.now.astimezone(ZoneInfo(state.snapshot.account.timezone))
    if local.hour < state.policy.settle_hours:
        return "too_early_in_day"
    today = local.toordinal()
    return _weak_evidence(state, goal, _total(state, campaign, today - 1), _total(state, campaign, today - 2))


def _weak_evidence(state: State, goal: GoalNow, d1: Total, d2: Total) -> str | None:
    """Compare the last two whole account days; a day before without events compares with none."""
    if d1.events < goal.min_events:
        return "too_few_events"
    if not d2.spend_minor:
        return "too_little_history"
    tolerated = 10000 + state.policy.scale_tolerance_bp
    is_rising = d1.spend_minor * d2.events * 10000 > d2.spend_minor * d1.events * tolerated
    return "cost_rising" if is_rising else None


def _is_cooling(state: State, goal: GoalNow) -> bool:
    """The goal's scaling budget was raised, or may have been, not long ago."""
    now = state.snapshot.now
    past = [
        row.at
        for row in state.snapshot.history
        if row.action_type == "update_budget"
        and row.reason == "scale_up"
        and row.goal_key == goal.key
        and row.status != "failed"
    ]
    past += [now] if goal.key in state.scaled else []
    cooldown = timedelta(hours=state.policy.scale_cooldown_hours)
    return any(now - at < cooldown for at in past)


def _total(state: State, campaign: CampaignNow, day: int) -> Total:
    """A day by its ordinal; one without a row is zero."""
    rows = [
        row for ad_set in ad_sets_of(state, campaign.id) for row in ad_set.days if row.date.toordinal() == day
    ]
    return Total(sum(row.spend_minor for row in rows), sum(row.events for row in rows))


def _new_budget(state: State, campaign: CampaignNow) -> int:
    """One step up, as far as the cap and the room of the scaling campaigns allow."""
    budget = campaign.budget_minor
    active = [c for g in active_goals(state) for c in active_campaigns(state, g.key, "scaling")]
    scaling_now = {c.goal_key for c in active}
    learning = sum(
        goal.learning_if_split if goal.key in scaling_now else goal.learning_minor for goal in state.goals
    )
    room = state.limits.cap - learning
    return min(
        budget * (10000 + state.policy.scale_step_bp) // 10000,
        budget + state.limits.cap - state.live_minor,
        budget + room - sum(c.budget_minor for c in active),
    )
