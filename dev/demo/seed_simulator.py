"""A person's past as the simulator loads it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from demo.personas import AdDay, PastAdSet, PastCampaign, Persona
from demo.seed_history import MetaIds
from orchestrator.domain.records import AssetsRow
from orchestrator.platforms.meta.objectives import goal_of, promoted_object
from stack.simulator_control import AdAccount, SeedForm


def past_of(person: Persona, account: AdAccount, assets: AssetsRow, ids: MetaIds) -> SeedForm:
    """What fills the person's account: campaigns, ad sets, ads and their figures day by day."""
    return {
        "ad_account_id": account.ad_account_id,
        "campaigns": [_campaign(campaign, assets, ids) for campaign in person.campaigns],
    }


def _campaign(campaign: PastCampaign, assets: AssetsRow, ids: MetaIds) -> SeedForm:
    form = {
        "id": ids.campaigns[campaign.name],
        "name": campaign.name,
        "status": "PAUSED" if campaign.paused_by_hand else "ACTIVE",
        "hours_ago": campaign.age_days * 24,
        "objective": goal_of(campaign.goal_key).objective,
        "ad_sets": [_ad_set(campaign, ad_set, assets, ids) for ad_set in campaign.ad_sets],
    }
    return form | _budget(campaign.daily_budget_minor)


def _ad_set(campaign: PastCampaign, ad_set: PastAdSet, assets: AssetsRow, ids: MetaIds) -> SeedForm:
    goal = goal_of(campaign.goal_key)
    form = {
        "id": ids.ad_sets[ad_set.name],
        "name": ad_set.name,
        "status": "PAUSED" if ad_set.paused_by_hand else "ACTIVE",
        "hours_ago": ad_set.age_days * 24,
        "optimization_goal": goal.optimization_goal,
        "destination_type": goal.destination_type,
        "promoted_object": promoted_object(campaign.goal_key, assets),
        "source_adset_id": ids.ad_sets[ad_set.copy_of] if ad_set.copy_of else "0",
        "ads": [
            {
                "name": ad.name,
                "hours_ago": ad_set.age_days * 24,
                "review": ad.review,
                "history": list(_history(ad.days)),
            }
            for ad in ad_set.ads
        ],
    }
    return form | _budget(ad_set.daily_budget_minor)


def _budget(minor: int | None) -> SeedForm:
    return {} if minor is None else {"daily_budget_minor": minor}


def _history(days: tuple[AdDay, ...]) -> Iterator[Mapping[str, int]]:
    """Each day's figures; an event is the result that the goal is optimised for."""
    for number, figures in enumerate(days):
        clicks = figures.clicks or max(figures.events, figures.impressions // 100)
        yield {
            "days_ago": len(days) - number,
            "spend_minor": figures.spend_minor,
            "impressions": figures.impressions,
            "clicks": clicks,
            "link_clicks": figures.events,
            "conversions": figures.events,
        }
