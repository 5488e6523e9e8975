"""Step ``scale``: raise what still performs, one capped step a day.

A scaling campaign of the snapshot is raised by ``scale_step_bp``, at most to the cap and to
what the learning shares leave of it. It needs ``min_events`` yesterday and a cost an event at most
``scale_tolerance_bp`` above the day before's; days are the account's, and today never counts.

Holds, the first that applies: ``auto_scale_off``, ``budget_moved`` (a person moved it), ``in_review`` (the
platform has passed no ad in it yet), ``cooldown`` (the goal was raised, or may have been,
less than ``scale_cooldown_hours`` ago), ``too_early_in_day`` (before ``settle_hours``),
``too_few_events``, ``too_little_history``, ``cost_rising``, ``budget_below_minimum``, ``no_room`` (also
for a raise under ``scale_min_step_bp``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from msgspec import Struct

from orchestrator.domain.evidence import Gate, figure, first_failed
from orchestrator.domain.model import Action, Decision, Hold
from orchestrator.rules.actions import (
    IN_REVIEW,
    MOVED,
    ActionFactory,
    switch,
)
from orchestrator.rules.freshness import is_stale, stale, trusted_goals
from orchestrator.rules.guardrail import admit
from orchestrator.rules.state import (
    CampaignNow,
    GoalNow,
    State,
    Taken,
    active_ad_sets,
    active_campaigns,
    active_count,
    active_goals,
    ad_sets_of,
    cbo_minimum,
)


class _Total(Struct, gc=False):
    """What a campaign's ad sets of every status did together on one account day."""

    spend_minor: int = 0
    events: int = 0


def scale(state: State) -> Taken:
    """Raise each scaling campaign of the snapshot that earned it, goal order then age.

    Each is looked at with the raises before it made.
    """
    if is_stale(state):
        return stale(state, "scale", "update_budget")
    goals, holds = trusted_goals(state, "scale", "update_budget")
    actions: list[Action] = []
    left = _left(state)
    local = state.snapshot.now.astimezone(ZoneInfo(state.snapshot.account.timezone))
    for goal in goals:
        for campaign in [c for c in active_campaigns(state, goal.key, "scaling") if c.in_snapshot]:
            outcome = _raise(state, goal, campaign, local, left)
            if isinstance(outcome, Hold):
                holds.append(outcome)
                continue
            made, refused, state = admit(state, [outcome])
            actions += made
            holds += refused
            left -= sum((action.after_minor or 0) - campaign.budget_minor for action in made)
    return Taken(Decision(actions=tuple(actions), holds=tuple(holds)), state)


def _raise(
    state: State, goal: GoalNow, campaign: CampaignNow, local: datetime, left_minor: int
) -> Action | Hold:
    """Raise one campaign, but for the guardrail, or hold it; ``local`` is the account's time of the run."""
    factory = ActionFactory("scale", goal.key)
    reason, evidence = first_failed(
        chain(_permission(state, goal, campaign, local), _growth(state, goal, campaign, local))
    )
    if reason is not None:
        return factory.hold("update_budget", reason, evidence, campaign.id)
    new = _new_budget(state, campaign, left_minor)
    reason, room = first_failed(_room(state, goal, campaign, new))
    if reason is not None:
        return factory.hold("update_budget", reason, evidence + room, campaign.id)
    return factory.set_campaign_budget(campaign, new, "scale_up", evidence + room)


def _permission(
    state: State, goal: GoalNow, campaign: CampaignNow, local: datetime
) -> Iterator[tuple[str, Gate]]:
    """Whether the campaign may be raised now."""
    yield "auto_scale_off", switch("auto_scale", is_on=state.snapshot.settings.auto_scale_winners)
    if campaign.is_moved:
        yield "budget_moved", MOVED[0]
    if all(a.delivery != "ok" for a in active_ad_sets(state, campaign.id)):
        yield "in_review", IN_REVIEW
    raised_at = _last_raised_at(state, goal)
    if raised_at is not None:
        cooldown = timedelta(hours=state.policy.scale_cooldown_hours)
        yield "cooldown", Gate("since_raise", state.snapshot.now - raised_at, "at least", cooldown, "hours")
    yield "too_early_in_day", Gate("hour", local.hour, "at least", state.policy.settle_hours, "o'clock")


def _growth(
    state: State, goal: GoalNow, campaign: CampaignNow, local: datetime
) -> Iterator[tuple[str, Gate]]:
    """Compare the last whole account day with the one before; one without events compares with none."""
    today = local.toordinal()
    d1, d2 = _totals(state, campaign, (today - 1, today - 2))
    yield "too_few_events", Gate("events_yesterday", d1.events, "at least", goal.min_events, "events")
    yield "", figure("spent_yesterday", d1.spend_minor, "minor")
    yield "too_little_history", Gate("spent_day_before", d2.spend_minor, "more than", 0, "minor")
    if d1.events and d2.events:
        tolerated = 10000 + state.policy.scale_tolerance_bp
        most = (d2.spend_minor * tolerated, d2.events * 10000)
        yield "", figure("limit", (tolerated, 100), "percent")
        yield "", figure("cost_day_before", (d2.spend_minor, d2.events), "minor")
        yield "cost_rising", Gate("cost_yesterday", (d1.spend_minor, d1.events), "at most", most, "minor")


def _room(state: State, goal: GoalNow, campaign: CampaignNow, new: int) -> Iterator[tuple[str, Gate]]:
    """Whether the next budget is one that the platform takes, and the raise worth an edit."""
    running, whole = active_count(state, campaign.id), _full_step(state, campaign)
    yield "", figure("cap", state.limits.cap, "minor")
    if new < whole:
        yield "", figure("full_step", whole, "minor")
    yield "", figure("running", running, "ad sets")
    least = cbo_minimum(goal, running)
    yield "budget_below_minimum", Gate("next_budget", new, "at least", least, "minor")
    step = new - campaign.budget_minor
    yield "no_room", Gate("raise", step, "at least", _least_raise(state, campaign), "minor")


def _last_raised_at(state: State, goal: GoalNow) -> datetime | None:
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


def _totals(state: State, campaign: CampaignNow, days: Sequence[int]) -> list[_Total]:
    """Each of ``days``, by its ordinal; one without a row is zero."""
    totals = {day: _Total() for day in days}
    for ad_set in ad_sets_of(state, campaign.id):
        for row in ad_set.days:
            total = totals.get(row.date.toordinal())
            if total is not None:
                total.spend_minor += row.spend_minor
                total.events += row.events
    return list(totals.values())


def _least_raise(state: State, campaign: CampaignNow) -> int:
    """The smallest raise that is worth an edit, in minor units, at least 1."""
    return max(1, -(-state.policy.scale_min_step_bp * campaign.budget_minor // 10000))


def _full_step(state: State, campaign: CampaignNow) -> int:
    """The budget that one whole step up gives, in minor units."""
    return campaign.budget_minor * (10000 + state.policy.scale_step_bp) // 10000


def _new_budget(state: State, campaign: CampaignNow, left_minor: int) -> int:
    """One step up, as far as the cap and the room of the scaling campaigns allow."""
    budget = campaign.budget_minor
    return min(_full_step(state, campaign), budget + state.limits.cap - state.live_minor, budget + left_minor)


def _left(state: State) -> int:
    """What the learning shares and the scaling campaigns that run leave of the cap; it may be below 0."""
    active = [c for g in active_goals(state) for c in active_campaigns(state, g.key, "scaling")]
    scaling_now = {c.goal_key for c in active}
    learning = sum(
        goal.learning_minor if goal.is_split or goal.key not in scaling_now else goal.learning_if_split
        for goal in state.goals
    )
    return state.limits.cap - learning - sum(c.budget_minor for c in active if not c.is_moved)
