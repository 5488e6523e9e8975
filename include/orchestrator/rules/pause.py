"""Step ``pause``: stop what spends and brings nothing. Nothing is ever deleted.

An ad set of the snapshot, learning or scaling, is paused (``loser``) unless, in this order:
``auto_pause_off``, ``too_young`` (under ``loser_min_active_hours``), ``too_little_spend`` (up to
``loser_min_spend``), ``has_events`` (now or ever), ``budget_too_low`` (the user's daily budget is below
``loser_min_total_budget``). A scaling campaign that loses its last is paused with it
(``no_active_adset``).

A goal is blind when none of its ad sets ever had an event and two or more would be paused: then the
tracking is suspect, and each is held ``no_events_anywhere``. Once the goal has cost more than
``blind_spend_limit``, its campaigns are paused instead.
"""

from __future__ import annotations

from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.model import Action, Decision, Hold
from orchestrator.rules.actions import ActionFactory, switch
from orchestrator.rules.fold import fold
from orchestrator.rules.freshness import is_stale, stale, trusted_goals
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    Taken,
    active_ad_sets,
    active_campaigns,
    goal_ad_sets,
)


def pause(state: State) -> Taken:
    """Judge every running ad set of the snapshot, goal by goal."""
    if is_stale(state):
        return stale(state, "pause", "pause_adset")
    goals, holds = trusted_goals(state, "pause", "pause_adset")
    actions: list[Action] = []
    is_on = switch("auto_pause", is_on=state.snapshot.settings.auto_pause_losers)
    for goal in goals:
        factory = ActionFactory("pause", goal.key)
        losers: dict[str, Evidence] = {}
        running = _running(state, goal)
        for ad_set in _judged(state, running):
            reason, evidence = _spared(state, is_on, ad_set)
            if reason is None:
                losers[ad_set.id] = evidence
            else:
                holds.append(factory.hold("pause_adset", reason, evidence, ad_set.campaign_id, ad_set.id))
        if len(losers) >= 2 and not _goal_events(state, goal):
            stopped, spared = _blind(state, goal, running, losers)
            actions += stopped
            holds += spared
        elif losers:
            actions += _losses(state, running, losers)
    decision = Decision(actions=tuple(actions), holds=tuple(holds))
    return Taken(decision, fold(state, ((action, "success") for action in actions)) if actions else state)


def _running(state: State, goal: GoalNow) -> list[CampaignNow]:
    """The goal's ACTIVE campaigns, learning before scaling, by age."""
    return [*active_campaigns(state, goal.key, "testing"), *active_campaigns(state, goal.key, "scaling")]


def _judged(state: State, running: list[CampaignNow]) -> list[AdSetNow]:
    return [
        ad_set for campaign in running for ad_set in active_ad_sets(state, campaign.id) if ad_set.in_snapshot
    ]


def _spared(state: State, is_on: Gate, ad_set: AdSetNow) -> tuple[str | None, Evidence]:
    """What must be so before an ad set is paused, and the reason that spares it: null for a loser."""
    limits, active = state.limits, state.snapshot.now - ad_set.active_since
    if not is_on.passed:
        return "auto_pause_off", (is_on,)
    age = Gate("age", active, "at least", limits.loser_min_active, "hours")
    if not age.passed:
        return "too_young", (is_on, age)
    spent = Gate("spent", ad_set.spend_minor, "more than", limits.loser_min_spend, "minor")
    if not spent.passed:
        return "too_little_spend", (is_on, age, spent)
    events = Gate("core_events", _events(ad_set), "is", 0, "events")
    if not events.passed:
        return "has_events", (is_on, age, spent, events)
    budget = Gate("daily_budget", limits.total, "at least", limits.loser_min_total_budget, "minor")
    return None if budget.passed else "budget_too_low", (is_on, age, spent, events, budget)


def _goal_events(state: State, goal: GoalNow) -> int:
    """The core events that the goal's ad sets of any status ever had; without one, tracking is suspect."""
    return sum(_events(ad_set) for ad_set in goal_ad_sets(state, goal.key))


def _events(ad_set: AdSetNow) -> int:
    """The core events read of an ad set or, where more were ever stored, those known."""
    return max(ad_set.events, ad_set.known_events or 0)


def _blind(
    state: State, goal: GoalNow, running: list[CampaignNow], losers: dict[str, Evidence]
) -> tuple[list[Action], list[Hold]]:
    """Hold the losers of a blind goal; once it has cost too much, stop the whole goal."""
    factory, reason = ActionFactory("pause", goal.key), "no_events_anywhere"
    limit = state.limits.blind_spend_limit
    spent = sum(ad_set.spend_minor for ad_set in goal_ad_sets(state, goal.key))
    cost = Gate("goal_spent", spent, "more than", limit, "minor")
    if cost.passed:
        silent = Gate("goal_events", 0, "is", 0, "events")
        return [factory.pause_campaign(campaign, reason, (silent, cost)) for campaign in running], []
    sign = (figure("blind_limit", limit, "minor"), Gate("any_events", 0, "at least", 1, "events"))
    return [], [
        factory.hold("pause_adset", reason, (*evidence, *sign), state.ad_sets[id_].campaign_id, id_)
        for id_, evidence in losers.items()
    ]


def _losses(state: State, running: list[CampaignNow], losers: dict[str, Evidence]) -> list[Action]:
    """Pause the losers, and a scaling campaign right after its last ACTIVE ad set."""
    actions: list[Action] = []
    for campaign in running:
        factory = ActionFactory("pause", campaign.goal_key)
        active = active_ad_sets(state, campaign.id)
        lost = [ad_set for ad_set in active if ad_set.id in losers]
        actions += [factory.pause_ad_set(ad_set, "loser", losers[ad_set.id]) for ad_set in lost]
        if campaign.role == "scaling" and lost and len(lost) == len(active):
            actions.append(factory.pause_campaign(campaign, "no_active_adset", _EMPTIED))
    return actions


_EMPTIED: Evidence = (Gate("active_ad_sets", 0, "less than", 1, "ad sets"),)
