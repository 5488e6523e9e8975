"""The state before step allocate changes it: what may run, what comes back, what splits a goal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orchestrator.domain.model import Snapshot
from orchestrator.rules.breakers import is_stopped_as_a_whole
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    active_ad_sets,
    active_count,
    ad_sets_of,
    campaigns_of,
    cbo_minimum,
    is_in_creation,
    is_paused_by_us,
    would_deliver,
)

_COMES_BACK_FROM = {
    "testing": {"goal_inactive", "no_budget_left"},
    "scaling": {"goal_inactive", "no_budget_left", "below_minimum_budget"},
}
_RETURNS_FROM = frozenset({"cannot_deliver", "ended", "creative_not_approved"})


def barred(snapshot: Snapshot, ad_sets: Iterable[AdSetNow], unapproved: Mapping[str, str]) -> dict[str, str]:
    """The ACTIVE ad sets of ours that may not run, by id, each with the first reason.

    A creative that is not in the snapshot is not known to be unapproved. While the account cannot spend at
    all, no ad set is known to be at fault.
    """
    is_known = not is_stopped_as_a_whole(snapshot)
    found: dict[str, str] = {}
    for a in ad_sets:
        if a.status != "ACTIVE" or not a.ours:
            continue
        if a.creative_id in unapproved:
            found[a.id] = "creative_not_approved"
        elif a.delivery == "cannot" and is_known:
            found[a.id] = "cannot_deliver"
        elif a.delivery == "ended":
            found[a.id] = "ended"
    return found


def is_resumable(campaign: CampaignNow) -> bool:
    """The orchestrator paused it for a reason that step allocate takes back.

    A reason that a person reset to null counts as ``goal_inactive``.
    """
    reason = campaign.paused_reason or "goal_inactive"
    return is_paused_by_us(campaign) and reason in _COMES_BACK_FROM[campaign.role]


def comes_back(campaign: CampaignNow) -> bool:
    """A learning campaign that step allocate resumes when its goal is active with a budget."""
    return is_resumable(campaign) or is_in_creation(campaign)


def is_blind(campaign: CampaignNow) -> bool:
    """It stays paused until a person resets it: its goal cost much and had no event anywhere."""
    return is_paused_by_us(campaign) and campaign.paused_reason == "no_events_anywhere"


def open_campaigns(state: State, goal_key: str) -> list[CampaignNow]:
    """A goal's learning campaigns that run once those that come back are resumed, by age."""
    return [c for c in campaigns_of(state, goal_key, "testing") if c.status == "ACTIVE" or comes_back(c)]


def barred_ad_sets(state: State, campaign: CampaignNow) -> list[AdSetNow]:
    """The ACTIVE ad sets that step allocate pauses because they may not run, by age.

    In a campaign that runs, that comes back, or that waits for a winner or a budget; the goal of a testing
    campaign that comes back has a budget.
    """
    if not state.barred:
        return []
    found = [a for a in active_ad_sets(state, campaign.id) if a.id in state.barred]
    if not found or campaign.status == "ACTIVE":
        return found
    waits = is_paused_by_us(campaign) and not is_blind(campaign)
    return found if (comes_back(campaign) if campaign.role == "testing" else waits) else []


def runnable_ad_sets(state: State, campaign: CampaignNow) -> Sequence[AdSetNow]:
    """The ACTIVE ad sets of ours that step allocate leaves to run, by age."""
    if not state.barred:
        return active_ad_sets(state, campaign.id)
    active, stopped = active_ad_sets(state, campaign.id), barred_ad_sets(state, campaign)
    return [a for a in active if a not in stopped] if stopped else active


def fed_count(state: State, campaign: CampaignNow) -> int:
    """How many ad sets a campaign's budget feeds once step allocate paused what may not run."""
    return active_count(state, campaign.id) - len(barred_ad_sets(state, campaign))


def may_deliver_again(state: State, ad_set: AdSetNow) -> bool:
    """The orchestrator paused it because it could not run, and now it could.

    Not so soon after a pause for ``cannot_deliver``: what the platform refused once it may refuse again.
    """
    return (
        is_paused_by_us(ad_set)
        and ad_set.paused_reason in _RETURNS_FROM
        and would_deliver(state, ad_set)
        and ad_set.id not in state.refusals.undelivered
    )


def is_dry(state: State, campaign: CampaignNow) -> bool:
    """A scaling campaign paused for ``no_active_adset``, or as good as: with nothing in it that could run."""
    if not is_paused_by_us(campaign) or is_blind(campaign):
        return False
    return campaign.paused_reason == "no_active_adset" or not runnable_ad_sets(state, campaign)


def returning_ad_sets(state: State, campaign: CampaignNow) -> list[AdSetNow]:
    """The ad sets of a scaling campaign that could be resumed in it, by age."""
    if campaign.is_moved:
        return []
    return [a for a in ad_sets_of(state, campaign.id) if may_deliver_again(state, a)]


def refilled(state: State, goal: GoalNow, campaign: CampaignNow, budget_minor: int) -> list[AdSetNow]:
    """The ad sets that return to a scaling campaign while a budget feeds them, by age."""
    found = returning_ad_sets(state, campaign)
    if not found:
        return []
    fed = fed_count(state, campaign)
    return [a for n, a in enumerate(found, fed + 1) if budget_minor >= cbo_minimum(goal, n)]


def revivable(state: State, goal_key: str) -> CampaignNow | None:
    """The dry scaling campaign that comes back with ad sets that deliver again; none is ACTIVE beside it."""
    campaigns = campaigns_of(state, goal_key, "scaling")
    if any(c.status == "ACTIVE" for c in campaigns):
        return None
    return next((c for c in campaigns if is_dry(state, c) and returning_ad_sets(state, c)), None)


def returning_minimum(state: State, goal: GoalNow, campaign: CampaignNow) -> int | None:
    """The least budget with which a paused scaling campaign could come back; null when it does not."""
    if campaign.is_moved:
        return None
    if is_resumable(campaign) and not is_dry(state, campaign):
        return cbo_minimum(goal, fed_count(state, campaign))
    if campaign is revivable(state, goal.key):
        return cbo_minimum(goal, fed_count(state, campaign) + 1)
    return None


def is_split(state: State, goal: GoalNow) -> bool:
    """The goal has a scaling campaign that runs, or one that its scaling part could bring back."""
    return any(_splits(state, goal, campaign) for campaign in campaigns_of(state, goal.key, "scaling"))


def _splits(state: State, goal: GoalNow, campaign: CampaignNow) -> bool:
    if campaign.status == "ACTIVE":
        return bool(runnable_ad_sets(state, campaign))
    least = returning_minimum(state, goal, campaign)
    return least is not None and min(campaign.budget_minor, goal.scaling_if_split) >= least
