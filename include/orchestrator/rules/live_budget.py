"""The live daily budget: what can be spent in a day, and what one action changes about it.

Over all ACTIVE campaigns, whatever their role, goals outside the registry included: a campaign's own budget
where it has one, else that of each of its ACTIVE ad sets, also of those that a person made in it. A lifetime
budget counts as what is left of it a day.

The only definition in Python: the guardrail of a plan and the preflight of a write apply it to their own
worlds. The view ``ads_live_budgets`` says the same of what is stored. Minor units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from orchestrator.domain.model import Action, ObjectStatus


class BudgetedCampaign(Protocol):
    """A campaign, as far as the live budget is concerned."""

    @property
    def id(self) -> str:
        """The id by which ad sets and actions name it."""

    @property
    def status(self) -> ObjectStatus:
        """As configured, not as effective."""

    @property
    def own_budget_minor(self) -> int | None:
        """Its own budget a day; null: its ad sets have the budgets."""


class BudgetedAdSet(Protocol):
    """An ad set, as far as the live budget is concerned. A budget that is not set is 0."""

    @property
    def campaign_id(self) -> str:
        """The campaign it is in."""

    @property
    def status(self) -> ObjectStatus:
        """As configured, not as effective."""

    @property
    def budget_minor(self) -> int:
        """Its own budget a day."""


class World(Protocol):
    """What a live budget is computed from: a ``State``, one in the making, or a ``RemoteState``."""

    @property
    def campaigns(self) -> Mapping[str, BudgetedCampaign]:
        """All campaigns by id."""

    @property
    def ad_sets(self) -> Mapping[str, BudgetedAdSet]:
        """All ad sets by id."""

    @property
    def active_of(self) -> Mapping[str, Sequence[BudgetedAdSet]]:
        """The ACTIVE ad sets of each campaign that has some."""


_AdSet = TypeVar("_AdSet", bound=BudgetedAdSet)


def active_by_campaign(ad_sets: Iterable[_AdSet]) -> dict[str, tuple[_AdSet, ...]]:
    """Group the ACTIVE ad sets by campaign, in the order given: a world's ``active_of``."""
    groups: dict[str, list[_AdSet]] = {}
    for ad_set in ad_sets:
        if ad_set.status == "ACTIVE":
            groups.setdefault(ad_set.campaign_id, []).append(ad_set)
    return {campaign_id: tuple(group) for campaign_id, group in groups.items()}


def campaign_minor(campaign: BudgetedCampaign, active_of: Mapping[str, Sequence[BudgetedAdSet]]) -> int:
    """What a campaign adds to the live budget while it is ACTIVE, given the ACTIVE ad sets of each."""
    own = campaign.own_budget_minor
    return sum(a.budget_minor for a in active_of.get(campaign.id, ())) if own is None else own


def live_minor(world: World) -> int:
    """The live daily budget, counted anew."""
    active_of = world.active_of
    return sum(campaign_minor(c, active_of) for c in world.campaigns.values() if c.status == "ACTIVE")


def change_minor(world: World, action: Action) -> int:
    """By how much ``action`` moves the live daily budget: above 0 it raises it, below 0 it lowers it.

    A campaign that is created is PAUSED and changes nothing before it is resumed; a copy has no budget of
    its own; in a campaign that is not there, nothing is live.
    """
    campaign = world.campaigns.get(action.campaign_id or "")
    if campaign is None or action.action_type == "promote_winner":
        return 0
    if action.adset_id is None:
        return _campaign_change(world, campaign, action)
    if campaign.status != "ACTIVE" or campaign.own_budget_minor is not None:
        return 0
    return _ad_set_change(world.ad_sets.get(action.adset_id), action)


def _campaign_change(world: World, campaign: BudgetedCampaign, action: Action) -> int:
    """From what it adds now to what it will; a pause leaves nothing."""
    is_active = campaign.status == "ACTIVE"
    if action.action_type == "resume_campaign":
        return 0 if is_active else _adds(world, campaign)
    if not is_active:
        return 0
    budget = action.after_minor or 0 if action.action_type == "update_budget" else 0
    return budget - _adds(world, campaign)


def _adds(world: World, campaign: BudgetedCampaign) -> int:
    """What a campaign adds while it is ACTIVE; ad sets are grouped only for one that has no budget."""
    own = campaign.own_budget_minor
    return campaign_minor(campaign, world.active_of) if own is None else own


def _ad_set_change(ad_set: BudgetedAdSet | None, action: Action) -> int:
    """From what it adds now to what it will; a pause leaves nothing, a new one comes from nothing.

    An ad set that was never activated is opened by the same ``create_adset`` as a new one.
    """
    if ad_set is None:
        return action.after_minor or 0
    is_active = ad_set.status == "ACTIVE"
    if action.action_type == "create_adset":
        return (action.after_minor or 0) - (ad_set.budget_minor if is_active else 0)
    if action.action_type == "resume_adset":
        return 0 if is_active else ad_set.budget_minor
    return (action.after_minor or 0) - ad_set.budget_minor if is_active else 0
