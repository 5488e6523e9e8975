"""How an ad set's fields are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from graph_simulator.answers.view import View
from graph_simulator.delivery.learning_phase import stage
from graph_simulator.delivery.run import spent_minor
from graph_simulator.state.clock import day_of
from graph_simulator.state.objects import Ad, AdSet, Campaign
from graph_simulator.state.status import effective

_CLICK = {"event_type": "CLICK_THROUGH", "window_days": 1}
_SITE = [{"event_type": "CLICK_THROUGH", "window_days": 7}, {"event_type": "VIEW_THROUGH", "window_days": 1}]


def attribution(ad_set: AdSet) -> list[dict[str, Any]]:
    """The attribution setting: as given, else Meta's default for the goal."""
    if ad_set.attribution_spec:
        return ad_set.attribution_spec
    return _SITE if ad_set.optimization_goal in {"OFFSITE_CONVERSIONS", "VALUE"} else [_CLICK]


def attribution_setting(ad_set: AdSet) -> str:
    """The setting as Insights names it: ``7d_click_1d_view``."""
    short = {"CLICK_THROUGH": "click", "VIEW_THROUGH": "view", "ENGAGED_VIDEO_VIEW": "ev"}
    windows = (
        f"{each['window_days']}d_{short.get(each['event_type'], 'click')}" for each in attribution(ad_set)
    )
    return "_".join(windows)


def _targeting(ad_set: AdSet, view: View) -> dict[str, Any]:
    return {
        "age_min": 18,
        "age_max": 65,
        "brand_safety_content_filter_levels": ["FACEBOOK_STANDARD", "AN_STANDARD"],
    } | {
        **ad_set.targeting,
        "geo_locations": {"location_types": ["home", "recent"]} | ad_set.targeting.get("geo_locations", {}),
    }


def _remaining(ad_set: AdSet, view: View) -> str:
    if ad_set.daily_budget is None and ad_set.lifetime_budget is None:
        return "0"
    view.world.record_outcome(ad_set.account)
    if ad_set.daily_budget is None:
        return str(max(0, (ad_set.lifetime_budget or 0) - spent_minor(ad_set)))
    today = day_of(view.now, ad_set.account.timezone)
    return str(max(0, ad_set.daily_budget - spent_minor(ad_set) + spent_minor(ad_set, before=today)))


def _learning(ad_set: AdSet, view: View) -> dict[str, Any] | None:
    view.world.record_outcome(ad_set.account)
    return stage(ad_set, view.now, view.world.laws)


def issues_info(node: Campaign | AdSet | Ad, view: View) -> list[dict[str, Any]] | None:
    """What Meta reports of an object; absent when it is nothing."""
    return [asdict(issue) for issue in node.issues] or None


AD_SET: dict[str, Callable[[Any, View], Any]] = {
    "id": lambda ad_set, view: ad_set.id,
    "account_id": lambda ad_set, view: ad_set.account.number,
    "attribution_spec": lambda ad_set, view: attribution(ad_set),
    "bid_amount": lambda ad_set, view: ad_set.bid_amount,
    "bid_strategy": lambda ad_set, view: ad_set.bid_strategy or ad_set.campaign.bid_strategy,
    "billing_event": lambda ad_set, view: ad_set.billing_event,
    "budget_remaining": _remaining,
    "campaign": lambda ad_set, view: ad_set.campaign,
    "campaign_active_time": lambda ad_set, view: str(max(0, view.now - ad_set.created)),
    "campaign_id": lambda ad_set, view: ad_set.campaign.id,
    "configured_status": lambda ad_set, view: ad_set.status,
    "created_time": lambda ad_set, view: view.at(ad_set.created, ad_set.account),
    "daily_budget": lambda ad_set, view: str(ad_set.daily_budget or 0),
    "destination_type": lambda ad_set, view: ad_set.destination_type or "UNDEFINED",
    "dsa_beneficiary": lambda ad_set, view: ad_set.dsa_beneficiary,
    "dsa_payor": lambda ad_set, view: ad_set.dsa_payor,
    "effective_status": lambda ad_set, view: effective(ad_set, view.now),
    "end_time": lambda ad_set, view: view.at(ad_set.end or None, ad_set.account),
    "is_dynamic_creative": lambda ad_set, view: False,
    "issues_info": issues_info,
    "learning_stage_info": _learning,
    "lifetime_budget": lambda ad_set, view: str(ad_set.lifetime_budget or 0),
    "name": lambda ad_set, view: ad_set.name,
    "optimization_goal": lambda ad_set, view: ad_set.optimization_goal,
    "pacing_type": lambda ad_set, view: ["standard"],
    "promoted_object": lambda ad_set, view: ad_set.promoted_object,
    "source_adset": lambda ad_set, view: view.world.objects.get(ad_set.source_id),
    "source_adset_id": lambda ad_set, view: ad_set.source_id,
    "start_time": lambda ad_set, view: view.at(ad_set.start or ad_set.created, ad_set.account),
    "status": lambda ad_set, view: ad_set.status,
    "targeting": _targeting,
    "updated_time": lambda ad_set, view: view.at(ad_set.updated, ad_set.account),
}
