"""The state before step allocate changes it: what may run, what comes back, what splits a goal."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    active_ad_sets,
    campaigns_of,
    cbo_minimum,
    is_in_creation,
    is_paused_by_us,
)

_COMES_BACK_FROM = {
    "testing": {"goal_inactive", "no_budget_left"},
    "scaling": {"goal_inactive", "no_budget_left", "below_minimum_budget"},
}


def is_resumable(campaign: CampaignNow) -> bool:
    """The orchestrator paused it for a reason that step allocate takes back.

    A reason that a person reset to null counts as ``goal_inactive``.
    """
    reason = campaign.paused_reason or "goal_inactive"
    return is_paused_by_us(campaign) and reason in _COMES_BACK_FROM[campaign.role]


def comes_back(campaign: CampaignNow) -> bool:
    """A testing campaign that step allocate resumes when its goal is active with a budget."""
    return is_resumable(campaign) or is_in_creation(campaign)


def unapproved_ad_sets(state: State, campaign: CampaignNow) -> list[AdSetNow]:
    """The ACTIVE ad sets that step allocate pauses because their creative may not run, by age.

    A creative that is not in the snapshot is not known to be unapproved.
    """
    found = [a for a in active_ad_sets(state, campaign.id) if a.creative_id in state.unapproved]
    return found if campaign.status == "ACTIVE" or is_resumable(campaign) else []


def runnable_ad_sets(state: State, campaign: CampaignNow) -> Sequence[AdSetNow]:
    """The ACTIVE ad sets that step allocate leaves to run, by age."""
    active = active_ad_sets(state, campaign.id)
    unapproved = unapproved_ad_sets(state, campaign)
    return [a for a in active if a not in unapproved] if unapproved else active


def is_split(state: State, goal: GoalNow) -> bool:
    """The goal has a scaling campaign that runs, or one that its scaling part could bring back."""
    return any(_splits(state, goal, campaign) for campaign in campaigns_of(state, goal.key, "scaling"))


def _splits(state: State, goal: GoalNow, campaign: CampaignNow) -> bool:
    runnable = runnable_ad_sets(state, campaign)
    if not runnable or campaign.status == "ACTIVE":
        return bool(runnable)
    affordable = min(campaign.budget_minor, goal.scaling_if_split)
    return is_resumable(campaign) and affordable >= cbo_minimum(goal, len(runnable))
