"""Step ``pause``: stop what spends and brings nothing. Nothing is ever deleted.

An ad set that stood in the snapshot, learning or scaling, is paused (``loser``) unless, in this order:
``auto_pause_off``, ``too_young`` (under ``loser_min_active_hours``), ``too_little_spend`` (up to
``loser_min_spend``), ``has_events``, ``budget_too_low`` (the user's daily budget is below
``loser_min_total_budget``). A scaling campaign that loses its last is paused with it
(``no_active_adset``).

A goal is blind when none of its ad sets ever had an event and two or more would be paused: then the
tracking is suspect, and each is held ``no_events_anywhere``. Once the goal has cost more than
``blind_spend_limit``, its campaigns are paused instead.
"""

from __future__ import annotations

from orchestrator.domain.model import Action, Decision, Hold
from orchestrator.rules.actions import ActionFactory
from orchestrator.rules.fold import fold
from orchestrator.rules.freshness import is_stale, stale
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    Taken,
    active_ad_sets,
    active_campaigns,
    active_goals,
    goal_ad_sets,
)


def pause(state: State) -> Taken:
    """Judge every ad set that runs and stood in the snapshot, goal by goal."""
    if is_stale(state):
        return stale(state, "pause", "pause_adset")
    actions: list[Action] = []
    holds: list[Hold] = []
    for goal in active_goals(state):
        factory = ActionFactory("pause", goal.key)
        losers: list[AdSetNow] = []
        running = _running(state, goal)
        for ad_set in _judged(state, running):
            reason = _first_hold(state, ad_set)
            if reason is None:
                losers.append(ad_set)
            else:
                holds.append(factory.hold("pause_adset", reason, ad_set.campaign_id, ad_set.id))
        if len(losers) >= 2 and is_blind(state, goal):
            stopped, spared = _blind(state, goal, running, losers)
            actions += stopped
            holds += spared
        elif losers:
            actions += _losses(state, running, {ad_set.id for ad_set in losers})
    decision = Decision(actions=tuple(actions), holds=tuple(holds))
    return Taken(decision, fold(state, ((action, "success") for action in actions)))


def _running(state: State, goal: GoalNow) -> list[CampaignNow]:
    """The goal's ACTIVE campaigns, learning before scaling, by age."""
    return [*active_campaigns(state, goal.key, "testing"), *active_campaigns(state, goal.key, "scaling")]


def _judged(state: State, running: list[CampaignNow]) -> list[AdSetNow]:
    return [
        ad_set for campaign in running for ad_set in active_ad_sets(state, campaign.id) if ad_set.in_snapshot
    ]


def _first_hold(state: State, ad_set: AdSetNow) -> str | None:
    """The first reason to let an ad set run on."""
    limits = state.limits
    if not state.snapshot.settings.auto_pause_losers:
        return "auto_pause_off"
    if state.snapshot.now - ad_set.active_since < limits.loser_min_active:
        return "too_young"
    if ad_set.spend_minor <= limits.loser_min_spend:
        return "too_little_spend"
    if ad_set.events:
        return "has_events"
    return "budget_too_low" if limits.total < limits.loser_min_total_budget else None


def is_blind(state: State, goal: GoalNow) -> bool:
    """No ad set of the goal, of any status, ever had a core event: the tracking is suspect."""
    return not any(ad_set.events for ad_set in goal_ad_sets(state, goal.key))


def goal_spend_minor(state: State, goal: GoalNow) -> int:
    """What all ad sets of the goal ever spent, in minor units."""
    return sum(ad_set.spend_minor for ad_set in goal_ad_sets(state, goal.key))


def _blind(
    state: State, goal: GoalNow, running: list[CampaignNow], losers: list[AdSetNow]
) -> tuple[list[Action], list[Hold]]:
    """Hold the losers of a blind goal; once it has cost too much, stop the whole goal."""
    factory = ActionFactory("pause", goal.key)
    reason = "no_events_anywhere"
    if goal_spend_minor(state, goal) > state.limits.blind_spend_limit:
        return [factory.pause_campaign(campaign, reason) for campaign in running], []
    return [], [factory.hold("pause_adset", reason, a.campaign_id, a.id) for a in losers]


def _losses(state: State, running: list[CampaignNow], losers: set[str]) -> list[Action]:
    """Pause the losers, and a scaling campaign right after its last ACTIVE ad set."""
    actions: list[Action] = []
    for campaign in running:
        factory = ActionFactory("pause", campaign.goal_key)
        active = active_ad_sets(state, campaign.id)
        lost = [ad_set for ad_set in active if ad_set.id in losers]
        actions += [factory.pause_ad_set(ad_set, "loser") for ad_set in lost]
        if campaign.role == "scaling" and lost and len(lost) == len(active):
            actions.append(factory.pause_campaign(campaign, "no_active_adset"))
    return actions
