"""The pauses of step allocate: what has no goal, no budget, or nothing that could run."""

from __future__ import annotations

from orchestrator.domain.evidence import Evidence, Gate, figure
from orchestrator.domain.model import Action
from orchestrator.rules.actions import ActionFactory
from orchestrator.rules.division.priority_shares import share_of_day
from orchestrator.rules.division.scaling_budgets import Scaling
from orchestrator.rules.resumability import barred_ad_sets, comes_back, open_campaigns, runnable_ad_sets
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    active_ad_sets,
    active_campaigns,
    best_first,
    campaigns_of,
)

_GOAL_OFF: Evidence = (Gate("goal_switch", "switched off", "is", "switched off"),)
_EMPTY: Evidence = (Gate("runnable_ad_sets", 0, "less than", 1, "ad sets"),)
_DELIVERY = {"cannot_deliver": "not able to run", "ended": "ended"}


def pauses_of(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    """What step allocate pauses of a goal: learning before scaling, campaigns and ad sets by age."""
    if goal.is_active:
        return [*_learning_pauses(state, goal), *_scaling_pauses(state, goal, scaling)]
    factory = ActionFactory("allocate", goal.key)
    return [
        factory.pause_campaign(campaign, "goal_inactive", _GOAL_OFF)
        for role in ("testing", "scaling")
        for campaign in active_campaigns(state, goal.key, role)
    ]


def _has_no_share(goal: GoalNow) -> bool:
    return not goal.budget_minor and not goal.is_idle


def _learning_pauses(state: State, goal: GoalNow) -> list[Action]:
    """Pause what may not run and, of the rest, the worst that the budget cannot feed."""
    place = _starved(state, goal) if goal.budget_minor else {}
    actions: list[Action] = []
    for campaign in campaigns_of(state, goal.key, "testing"):
        if campaign.status == "ACTIVE" or (goal.budget_minor and comes_back(campaign)):
            if place or state.barred:
                actions += _ad_set_pauses(state, goal, campaign, place)
            if campaign.status == "ACTIVE" and _has_no_share(goal):
                actions.append(_without_share(state, goal, campaign))
    return actions


def _starved(state: State, goal: GoalNow) -> dict[str, int]:
    """The learning ad sets that the budget cannot feed at the minimum each, with their places."""
    sharing = [
        ad_set
        for campaign in open_campaigns(state, goal.key)
        if not campaign.is_moved
        for ad_set in runnable_ad_sets(state, campaign)
        if not ad_set.has_lifetime_budget
    ]
    fed = goal.learning_minor // goal.minimum_minor
    return {a.id: n for n, a in enumerate(best_first(sharing)[fed:], fed + 1)} if len(sharing) > fed else {}


def _ad_set_pauses(state: State, goal: GoalNow, campaign: CampaignNow, place: dict[str, int]) -> list[Action]:
    factory, stopped = ActionFactory("allocate", goal.key), barred_ad_sets(state, campaign)
    actions: list[Action] = []
    for ad_set in active_ad_sets(state, campaign.id) if stopped or place else ():
        if ad_set in stopped:
            actions.append(_pause_barred(state, goal, ad_set))
        elif ad_set.id in place:
            why = _why_starved(goal, place[ad_set.id])
            actions.append(factory.pause_ad_set(ad_set, "below_minimum_budget", why))
    return actions


def _pause_barred(state: State, goal: GoalNow, ad_set: AdSetNow) -> Action:
    """Pause an ad set for its creative, or for what the platform says of its ads."""
    reason = state.barred[ad_set.id]
    if reason in _DELIVERY:
        why: Evidence = (Gate("delivery", _DELIVERY[reason], "is not", "able to run"),)
    else:
        creative_id = ad_set.creative_id or ""
        status = Gate("creative_status", state.unapproved[creative_id], "is not", "approved")
        why = (figure("creative", creative_id), status)
    return ActionFactory("allocate", goal.key).pause_ad_set(ad_set, reason, why)


def _why_starved(goal: GoalNow, place: int) -> Evidence:
    """An ad set's place among those that the learning budget feeds at the minimum each."""
    fed = goal.learning_minor // goal.minimum_minor
    return (
        figure("learning_budget", goal.learning_minor, "minor"),
        figure("minimum", goal.minimum_minor, "minor"),
        figure("fed", fed, "ad sets"),
        Gate("place", place, "more than", fed, "ad sets"),
    )


def _without_share(state: State, goal: GoalNow, campaign: CampaignNow) -> Action:
    why = share_of_day(state, goal, is_wanted=False)
    return ActionFactory("allocate", goal.key).pause_campaign(campaign, "no_budget_left", why)


def _scaling_pauses(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    factory = ActionFactory("allocate", goal.key)
    actions: list[Action] = []
    for campaign in campaigns_of(state, goal.key, "scaling"):
        if state.barred:
            actions += [_pause_barred(state, goal, a) for a in barred_ad_sets(state, campaign)]
        if campaign.status != "ACTIVE":
            continue
        if _has_no_share(goal):
            actions.append(_without_share(state, goal, campaign))
        elif campaign.id in scaling.starved:
            why = (*scaling.crowded(state.limits.cap), scaling.cut(campaign.id, "less than"))
            actions.append(factory.pause_campaign(campaign, "below_minimum_budget", why))
        elif not runnable_ad_sets(state, campaign) and campaign.id not in scaling.refills:
            actions.append(factory.pause_campaign(campaign, "no_active_adset", _EMPTY))
    return actions
