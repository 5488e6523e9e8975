"""The world as the control API shows it: plain figures, nothing of Meta's shapes."""

from __future__ import annotations

from typing import Any

from graph_simulator.delivery.run import EVER, delivered
from graph_simulator.state.clock import iso
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign
from graph_simulator.state.status import effective
from graph_simulator.state.world import World


def account_row(account: Account) -> dict[str, Any]:
    """One account with its assets and its token."""
    return {
        "ad_account_id": account.id,
        "access_token": account.token,
        "name": account.name,
        "currency": account.currency,
        "timezone": account.timezone,
        "account_status": account.account_status,
        "page_id": account.page_id,
        "pixel_id": account.pixel_id,
        "instagram_user_id": account.instagram_user_id,
        "custom_conversion_id": account.conversions[0].id,
        "image_hash": next(iter(account.images), None),
        "video_id": account.video_id,
        "lead_form_id": account.lead_forms[0].id,
        "business_id": account.business_id,
    }


def state(world: World, account_id: str | None) -> dict[str, Any]:
    """Everything there is (of one account when named), with what was delivered up to now."""
    accounts = [each for each in world.accounts if account_id in {None, each.id, each.number}]
    for account in accounts:
        world.record_outcome(account)
    return {"now": iso(world.now()), "accounts": [_account(world, each) for each in accounts]}


def _account(world: World, account: Account) -> dict[str, Any]:
    campaigns = [_campaign(world, each) for each in account.campaigns]
    return account_row(account) | {
        "spend_minor": sum(each["spend_minor"] for each in campaigns),
        "campaigns": campaigns,
        "creatives": [
            {"id": each.id, "name": each.name, "status": each.status} for each in account.creatives
        ],
        "labels": [{"id": each.id, "name": each.name} for each in account.labels.values()],
    }


def _common(world: World, node: Campaign | AdSet | Ad) -> dict[str, Any]:
    return {
        "id": node.id,
        "name": node.name,
        "status": node.status,
        "effective_status": effective(node, world.now()),
        "created": iso(node.created),
        "updated": iso(node.updated),
        "source_id": None if node.source_id == "0" else node.source_id,
    }


def _end(instant: int | None) -> str | None:
    return iso(instant) if instant else None


def _campaign(world: World, campaign: Campaign) -> dict[str, Any]:
    ad_sets = [_ad_set(world, each) for each in campaign.ad_sets]
    return _common(world, campaign) | {
        "objective": campaign.objective,
        "bid_strategy": campaign.bid_strategy,
        "daily_budget_minor": campaign.daily_budget,
        "lifetime_budget_minor": campaign.lifetime_budget,
        "end": _end(campaign.stop),
        "is_cbo": campaign.is_cbo,
        "spend_minor": sum(each["spend_minor"] for each in ad_sets),
        "ad_sets": ad_sets,
    }


def _ad_set(world: World, ad_set: AdSet) -> dict[str, Any]:
    ads = [_ad(world, each) for each in ad_set.ads]
    return _common(world, ad_set) | {
        "daily_budget_minor": ad_set.daily_budget,
        "lifetime_budget_minor": ad_set.lifetime_budget,
        "end": _end(ad_set.end),
        "optimization_goal": ad_set.optimization_goal,
        "rates": {
            "cpm_minor": ad_set.rates.cpm_minor,
            "click_rate": ad_set.rates.click_rate,
            "cost_per_result_minor": 1 / ad_set.rates.results_per_minor
            if ad_set.rates.results_per_minor
            else None,
        },
        **{name: sum(each[name] for each in ads) for name in _FIGURES.values()},
        "ads": ads,
    }


_FIGURES = {
    "spend": "spend_minor",
    "impressions": "impressions",
    "clicks": "clicks",
    "link_clicks": "link_clicks",
    "results": "results",
}


def _ad(world: World, ad: Ad) -> dict[str, Any]:
    whole = delivered([ad], EVER, world.now(), world.laws)
    totals = {shown: getattr(whole, name) for name, shown in _FIGURES.items()}
    return _common(world, ad) | {"creative_id": ad.creative.id} | totals
