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

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orchestrator.domain.model import Action, Decision, Hold
from orchestrator.rules.actions import ActionFactory, hold_for
from orchestrator.rules.fold import fold
from orchestrator.rules.freshness import is_stale, stale
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


class Total(NamedTuple):
    """What a campaign's ad sets of every status did together on one account day."""

    spend_minor: int
    events: int


class Look(NamedTuple):
    """One scaling campaign as it was looked at, what came of it, and the state after that."""

    before: State
    campaign: CampaignNow
    outcome: Action | Hold
    after: State


def scale(state: State) -> Taken:
    """Raise each scaling campaign that stood in the snapshot and earned it, goal order then age."""
    if is_stale(state):
        return stale(state, "scale", "update_budget")
    actions: list[Action] = []
    holds: list[Hold] = []
    for look in looks(state):
        state = look.after
        if isinstance(look.outcome, Hold):
            holds.append(look.outcome)
        else:
            actions.append(look.outcome)
    return Taken(Decision(actions=tuple(actions), holds=tuple(holds)), state)


def looks(state: State) -> Iterator[Look]:
    """Look at each scaling campaign in turn, with the raises before it made."""
    for goal in active_goals(state):
        for campaign in [c for c in active_campaigns(state, goal.key, "scaling") if c.in_snapshot]:
            outcome = _raise(state, goal, campaign)
            after = state if isinstance(outcome, Hold) else fold(state, [(outcome, "success")])
            yield Look(state, campaign, outcome, after)
            state = after


def _raise(state: State, goal: GoalNow, campaign: CampaignNow) -> Action | Hold:
    factory = ActionFactory("scale", goal.key)
    reason = _first_hold(state, goal, campaign)
    if reason is not None:
        return factory.hold("update_budget", reason, campaign.id)
    new = new_budget(state, campaign)
    if new < cbo_minimum(goal, len(active_ad_sets(state, campaign.id))):
        return factory.hold("update_budget", "budget_below_minimum", campaign.id)
    if new - campaign.budget_minor < least_raise(state, campaign):
        return factory.hold("update_budget", "no_room", campaign.id)
    action = factory.set_campaign_budget(campaign, new, "scale_up")
    return hold_for(action, "reduction_failed") if state.reduction_failed else action


def _first_hold(state: State, goal: GoalNow, campaign: CampaignNow) -> str | None:
    """The first reason not to raise, but for the money."""
    if not state.snapshot.settings.auto_scale_winners:
        return "auto_scale_off"
    if _is_cooling(state, goal):
        return "cooldown"
    local = local_time(state)
    if local.hour < state.policy.settle_hours:
        return "too_early_in_day"
    return _weak_evidence(state, goal, *last_two_days(state, campaign))


def local_time(state: State) -> datetime:
    """The run's time by the account's clock: days are the account's."""
    return state.snapshot.now.astimezone(ZoneInfo(state.snapshot.account.timezone))


def last_two_days(state: State, campaign: CampaignNow) -> tuple[Total, Total]:
    """The last whole account day and the one before it. Today never counts."""
    today = local_time(state).toordinal()
    return _total(state, campaign, today - 1), _total(state, campaign, today - 2)


def _weak_evidence(state: State, goal: GoalNow, d1: Total, d2: Total) -> str | None:
    """Compare the last two whole account days; a day before without events compares with none."""
    if d1.events < goal.min_events:
        return "too_few_events"
    if not d2.spend_minor:
        return "too_little_history"
    costs = cost_and_most(state, d1, d2)
    return "cost_rising" if costs is not None and costs[0] > costs[1] else None


def cost_and_most(state: State, d1: Total, d2: Total) -> tuple[Fraction, Fraction] | None:
    """Yesterday's cost of an event, and the most it may be to be raised; null where a day has none."""
    if not d1.events or not d2.events:
        return None
    tolerated = 10000 + state.policy.scale_tolerance_bp
    return Fraction(d1.spend_minor, d1.events), Fraction(d2.spend_minor * tolerated, d2.events * 10000)


def _is_cooling(state: State, goal: GoalNow) -> bool:
    """The goal's scaling budget was raised, or may have been, not long ago."""
    at = last_raised_at(state, goal)
    cooldown = timedelta(hours=state.policy.scale_cooldown_hours)
    return at is not None and state.snapshot.now - at < cooldown


def last_raised_at(state: State, goal: GoalNow) -> datetime | None:
    """When the goal's scaling budget was last raised, or may have been; null when it never was."""
    if goal.key in state.scaled:
        return state.snapshot.now
    return max(
        (
            row.at
            for row in state.snapshot.history
            if row.action_type == "update_budget"
            and row.reason == "scale_up"
            and row.goal_key == goal.key
            and row.status != "failed"
        ),
        default=None,
    )


def _total(state: State, campaign: CampaignNow, day: int) -> Total:
    """A day by its ordinal; one without a row is zero."""
    rows = [
        row for ad_set in ad_sets_of(state, campaign.id) for row in ad_set.days if row.date.toordinal() == day
    ]
    return Total(sum(row.spend_minor for row in rows), sum(row.events for row in rows))


def least_raise(state: State, campaign: CampaignNow) -> int:
    """The smallest raise that is worth an edit, in minor units, at least 1."""
    return max(1, -(-state.policy.scale_min_step_bp * campaign.budget_minor // 10000))


def full_step(state: State, campaign: CampaignNow) -> int:
    """The budget that one whole step up gives, in minor units."""
    return campaign.budget_minor * (10000 + state.policy.scale_step_bp) // 10000


def new_budget(state: State, campaign: CampaignNow) -> int:
    """One step up, as far as the cap and the room of the scaling campaigns allow."""
    budget = campaign.budget_minor
    active = [c for g in active_goals(state) for c in active_campaigns(state, g.key, "scaling")]
    scaling_now = {c.goal_key for c in active}
    learning = sum(
        goal.learning_if_split if goal.key in scaling_now else goal.learning_minor for goal in state.goals
    )
    room = state.limits.cap - learning
    return min(
        full_step(state, campaign),
        budget + state.limits.cap - state.live_minor,
        budget + room - sum(c.budget_minor for c in active),
    )
