"""The live sum: what can be spent in a day, and what one action changes about it.

Daily budgets of ACTIVE ad sets in ACTIVE testing campaigns and of ACTIVE scaling campaigns, over
everything in the snapshot, goals outside the registry included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from orchestrator.domain.model import Action
from orchestrator.rules.state import AdSetNow, CampaignNow, State


class World(Protocol):
    """What the live sum is made of: a ``State``, or one in the making."""

    @property
    def campaigns(self) -> Mapping[str, CampaignNow]:
        """All campaigns by id."""

    @property
    def ad_sets(self) -> Mapping[str, AdSetNow]:
        """All ad sets by id."""

    @property
    def active_of(self) -> Mapping[str, tuple[AdSetNow, ...]]:
        """The ACTIVE ad sets of each campaign that has some."""


def campaign_minor(world: World, campaign: CampaignNow) -> int:
    """What a campaign adds to the live sum while it is ACTIVE."""
    if campaign.role == "scaling":
        return campaign.budget_minor
    return sum(ad_set.budget_minor for ad_set in world.active_of.get(campaign.id, ()))


def live_minor(state: State) -> int:
    """The live sum, counted anew."""
    return sum(campaign_minor(state, c) for c in state.campaigns.values() if c.status == "ACTIVE")


def change_minor(world: World, action: Action) -> int:
    """By how much ``action`` moves the live sum: above 0 it raises it, below 0 it lowers it.

    A campaign that this run has yet to create has no share in it, and a copy has no budget of its own.
    """
    campaign = world.campaigns.get(action.campaign_id or "")
    if campaign is None:
        return 0
    if action.adset_id is None:
        return _campaign_change(world, campaign, action)
    if campaign.status != "ACTIVE" or campaign.role != "testing":
        return 0
    return _ad_set_change(world.ad_sets.get(action.adset_id), action)


def _campaign_change(world: World, campaign: CampaignNow, action: Action) -> int:
    """From what it adds now to what it will; a pause leaves nothing."""
    is_active = campaign.status == "ACTIVE"
    if action.action_type == "resume_campaign":
        return 0 if is_active else campaign_minor(world, campaign)
    return (action.after_minor or 0) - campaign_minor(world, campaign) if is_active else 0


def _ad_set_change(ad_set: AdSetNow | None, action: Action) -> int:
    """From what it adds now to what it will; a pause leaves nothing, a new one comes from nothing."""
    if ad_set is None:
        return action.after_minor or 0
    is_active = ad_set.status == "ACTIVE"
    if action.action_type == "resume_adset":
        return 0 if is_active else ad_set.budget_minor
    return (action.after_minor or 0) - ad_set.budget_minor if is_active else 0
