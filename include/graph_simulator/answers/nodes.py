"""How each node's fields are written. A field that gives None is absent from the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_simulator.answers.ad_set_fields import AD_SET, issues_info
from graph_simulator.answers.asset_fields import ASSETS
from graph_simulator.answers.view import View
from graph_simulator.delivery.run import spent_minor
from graph_simulator.state import money
from graph_simulator.state.clock import day_of, day_start
from graph_simulator.state.objects import Account, Ad, Campaign, Creative
from graph_simulator.state.status import effective, is_rejected

Field = Callable[[Any, View], Any]


def _amount(number: int | None) -> str | None:
    return None if number is None else str(number)


def _account_spent(account: Account, view: View) -> str:
    view.world.record_outcome(account)
    return str(sum(spent_minor(ad_set) for campaign in account.campaigns for ad_set in campaign.ad_sets))


def _utc_offset(account: Account, view: View) -> float:
    local = day_start(day_of(view.now, account.timezone), account.timezone)
    seconds = day_start(day_of(view.now, account.timezone), "UTC") - local
    return seconds / 3600 if seconds % 3600 else seconds // 3600


def _labels(node: Any, view: View) -> list[dict[str, str]] | None:
    found = [node.account.labels[label] for label in node.labels if label in node.account.labels]
    return [{"id": label.id, "name": label.name} for label in found] or None


def _campaign_remaining(campaign: Campaign, view: View) -> str:
    if not campaign.is_cbo:
        return "0"
    today = day_of(view.now, campaign.account.timezone)
    view.world.record_outcome(campaign.account)
    if campaign.daily_budget is None:
        spent = sum(spent_minor(item) for item in campaign.ad_sets)
        return str(max(0, (campaign.lifetime_budget or 0) - spent))
    spent = sum(spent_minor(item) - spent_minor(item, before=today) for item in campaign.ad_sets)
    return str(max(0, campaign.daily_budget - spent))


_OPTIMIZED_FOR = {
    "LINK_CLICKS": "link_click",
    "LANDING_PAGE_VIEWS": "landing_page_view",
    "LEAD_GENERATION": "leadgen.other",
    "THRUPLAY": "video_view",
}


def _conversion_specs(ad: Ad) -> list[dict[str, list[str]]] | None:
    """What the ad is optimized for, as Meta notes it on the ad."""
    goal, promoted = ad.ad_set.optimization_goal, ad.ad_set.promoted_object or {}
    if goal == "OFFSITE_CONVERSIONS":
        number = str(promoted.get("custom_conversion_id") or promoted.get("pixel_id", ""))
        return [{"action.type": ["offsite_conversion"], "conversion_id": [number]}]
    return [{"action.type": [_OPTIMIZED_FOR[goal]]}] if goal in _OPTIMIZED_FOR else None


_ACCOUNT: dict[str, Field] = {
    "id": lambda account, view: account.id,
    "account_id": lambda account, view: account.number,
    "account_status": lambda account, view: account.account_status,
    "age": lambda account, view: round((view.now - account.created) / 86400, 2),
    "amount_spent": _account_spent,
    "balance": lambda account, view: "0",
    "business": lambda account, view: {"id": account.business_id, "name": account.name},
    "created_time": lambda account, view: view.at(account.created, account),
    "currency": lambda account, view: account.currency,
    "default_dsa_beneficiary": lambda account, view: account.dsa_beneficiary,
    "default_dsa_payor": lambda account, view: account.dsa_payor,
    "disable_reason": lambda account, view: account.disable_reason,
    "min_campaign_group_spend_cap": lambda account, view: str(
        round(money.from_cents(10000, account.currency))
    ),
    "min_daily_budget": lambda account, view: money.minimum("imp", account.currency),
    "name": lambda account, view: account.name,
    "spend_cap": lambda account, view: str(account.spend_cap),
    "timezone_name": lambda account, view: account.timezone,
    "timezone_offset_hours_utc": _utc_offset,
}

_CAMPAIGN: dict[str, Field] = {
    "id": lambda campaign, view: campaign.id,
    "account_id": lambda campaign, view: campaign.account.number,
    "adlabels": _labels,
    "bid_strategy": lambda campaign, view: campaign.bid_strategy,
    "budget_rebalance_flag": lambda campaign, view: False,
    "budget_remaining": _campaign_remaining,
    "buying_type": lambda campaign, view: campaign.buying_type,
    "can_use_spend_cap": lambda campaign, view: True,
    "configured_status": lambda campaign, view: campaign.status,
    "created_time": lambda campaign, view: view.at(campaign.created, campaign.account),
    "daily_budget": lambda campaign, view: _amount(campaign.daily_budget),
    "effective_status": lambda campaign, view: effective(campaign, view.now),
    "issues_info": issues_info,
    "is_adset_budget_sharing_enabled": lambda campaign, view: (
        None if campaign.is_cbo else bool(campaign.budget_sharing)
    ),
    "lifetime_budget": lambda campaign, view: _amount(campaign.lifetime_budget),
    "name": lambda campaign, view: campaign.name,
    "objective": lambda campaign, view: campaign.objective,
    "pacing_type": lambda campaign, view: ["standard"],
    "promoted_object": lambda campaign, view: campaign.promoted_object,
    "smart_promotion_type": lambda campaign, view: "GUIDED_CREATION",
    "source_campaign": lambda campaign, view: view.world.objects.get(campaign.source_id),
    "source_campaign_id": lambda campaign, view: campaign.source_id,
    "special_ad_categories": lambda campaign, view: list(campaign.special_ad_categories),
    "special_ad_category": lambda campaign, view: next(iter(campaign.special_ad_categories), "NONE"),
    "special_ad_category_country": lambda campaign, view: list(campaign.special_ad_category_country) or None,
    "spend_cap": lambda campaign, view: _amount(campaign.spend_cap),
    "start_time": lambda campaign, view: view.at(campaign.start or campaign.created, campaign.account),
    "status": lambda campaign, view: campaign.status,
    "stop_time": lambda campaign, view: view.at(campaign.stop, campaign.account),
    "updated_time": lambda campaign, view: view.at(campaign.updated, campaign.account),
}

_AD: dict[str, Field] = {
    "id": lambda ad, view: ad.id,
    "account_id": lambda ad, view: ad.account.number,
    "ad_review_feedback": lambda ad, view: (
        {"global": {"Advertising policy": "The ad was not approved."}}
        if view.now >= ad.reviewed_at and is_rejected(ad, view.now)
        else None
    ),
    "adlabels": _labels,
    "adset": lambda ad, view: ad.ad_set,
    "adset_id": lambda ad, view: ad.ad_set.id,
    "bid_type": lambda ad, view: "ABSOLUTE_OCPM",
    "campaign": lambda ad, view: ad.campaign,
    "campaign_id": lambda ad, view: ad.campaign.id,
    "configured_status": lambda ad, view: ad.status,
    "conversion_domain": lambda ad, view: (ad.extra or {}).get("conversion_domain"),
    "conversion_specs": lambda ad, view: _conversion_specs(ad),
    "created_time": lambda ad, view: view.at(ad.created, ad.account),
    "creative": lambda ad, view: ad.creative,
    "effective_status": lambda ad, view: effective(ad, view.now),
    "issues_info": issues_info,
    "name": lambda ad, view: ad.name,
    "source_ad": lambda ad, view: view.world.objects.get(ad.source_id),
    "source_ad_id": lambda ad, view: ad.source_id,
    "status": lambda ad, view: ad.status,
    "tracking_specs": lambda ad, view: ad.tracking_specs,
    "updated_time": lambda ad, view: view.at(ad.updated, ad.account),
}

_CREATIVE: dict[str, Field] = {
    "id": lambda creative, view: creative.id,
    "account_id": lambda creative, view: creative.account.number,
    "actor_id": lambda creative, view: creative.account.page_id,
    "adlabels": _labels,
    "effective_object_story_id": lambda creative, view: (
        creative.spec.get("object_story_id") or f"{creative.account.page_id}_{creative.id}"
    ),
    "name": lambda creative, view: creative.name,
    "object_type": lambda creative, view: "VIDEO" if _video(creative) else "SHARE",
    "status": lambda creative, view: creative.status,
    "thumbnail_url": lambda creative, view: f"{view.base}/{creative.id}/thumbnail.jpg",
    "video_id": lambda creative, view: _video(creative),
}


def _video(creative: Creative) -> str | None:
    story = creative.spec.get("object_story_spec")
    video: str | None = story.get("video_data", {}).get("video_id") if isinstance(story, dict) else None
    return video


FIELDS: dict[str, dict[str, Field]] = {
    "AdAccount": _ACCOUNT,
    "Campaign": _CAMPAIGN,
    "AdSet": AD_SET | {"adlabels": _labels},
    "Ad": _AD,
    "AdCreative": _CREATIVE,
    **ASSETS,
}
