"""Objects to create at Meta, as Graph parameters. Pure.

Everything is created PAUSED. The defaults that Meta has changed or guesses wrongly are always
said: the owner of the budget, the bid strategy, budget sharing, and the expansion of audiences and devices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.domain.records import AssetsRow
from orchestrator.platforms.meta.objectives import goal_of, promoted_object
from orchestrator.platforms.specs import AdSetSpec, AdSpec, CampaignSpec

Params = dict[str, Any]

MAX_NAME = 400
_KEY_AT_END = re.compile(r" \[k:[^\]]*\]$")

# Without it Meta has been seen to choose a bid cap and then to refuse each ad set for want of a bid.
LOWEST_COST = "LOWEST_COST_WITHOUT_CAP"

# Where the Digital Services Act requires a beneficiary and a payor.
EU_COUNTRIES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
EU_GROUPS = frozenset(
    {"worldwide", "europe", "eea", "eu", "eurozone", "itunes_app_store", "android_paid_store"}
)
_OTHER_PLATFORMS_POSITIONS = frozenset(
    {"facebook_positions", "audience_network_positions", "messenger_positions", "threads_positions"},
)

_DEVICES = frozenset({"user_device", "user_os", "excluded_user_device"})


def campaign_params(spec: CampaignSpec) -> Params:
    """Parameters of ``POST /act_X/campaigns``."""
    params: Params = {
        "name": fitted(spec.name),
        "objective": goal_of(spec.goal_key).objective,
        "buying_type": "AUCTION",
        "special_ad_categories": [],
        "status": "PAUSED",
    }
    if spec.daily_budget_minor is None:
        return params | {"is_adset_budget_sharing_enabled": False}
    return params | {"daily_budget": spec.daily_budget_minor, "bid_strategy": LOWEST_COST}


def ad_set_params(spec: AdSetSpec, assets: AssetsRow, *, knows_device_switch: bool = False) -> Params:
    """Parameters of ``POST /act_X/adsets``. Attribution is left to Meta's default of the goal.

    ``knows_device_switch``: the API's version knows the switch that widens devices.

    ``targeting`` is Graph targeting with ``geo_locations``. When it reaches the European Union, the
    beneficiary and the payor of ``assets`` are sent; null leaves them to the ad account's defaults.

    Raises:
        ConfigError: an asset that the goal needs is not configured.
    """
    goal = goal_of(spec.goal_key)
    targeting = _targeting(spec, knows_device_switch=knows_device_switch)
    params: Params = {
        "name": fitted(spec.name),
        "campaign_id": spec.campaign_id,
        "optimization_goal": goal.optimization_goal,
        "billing_event": goal.billing_event,
        "destination_type": goal.destination_type,
        "targeting": targeting,
        "promoted_object": promoted_object(spec.goal_key, assets),
        "status": "PAUSED",
    }
    if spec.daily_budget_minor is not None:  # the bid strategy goes with the budget
        params |= {"daily_budget": spec.daily_budget_minor, "bid_strategy": LOWEST_COST}
    if reaches_eu(targeting):
        params |= {
            "dsa_beneficiary": assets.dsa_beneficiary or None,
            "dsa_payor": assets.dsa_payor or None,
        }
    return without_nulls(params)


def ad_params(spec: AdSpec, pixel_id: str | None) -> Params:
    """Parameters of ``POST /act_X/ads``. ``pixel_id`` is the pixel whose events it is tracked by, if any."""
    tracking = [{"action.type": ["offsite_conversion"], "fb_pixel": [pixel_id]}] if pixel_id else None
    return without_nulls(
        {
            "name": fitted(spec.name),
            "adset_id": spec.ad_set_id,
            "creative": {"creative_id": spec.creative_id},
            "status": "PAUSED",
            "tracking_specs": tracking,
        }
    )


def copy_params(name: str, name_suffix: str) -> Params:
    """Parameters that any copy shares: PAUSED, and named so that a lost answer can be found again.

    ``name``: the source's. Meta refuses a copy whose name would be too long, so that one has its source's.
    """
    renamed = {"rename_strategy": "ONLY_TOP_LEVEL_RENAME", "rename_suffix": name_suffix}
    is_too_long = len(name) + len(name_suffix) > MAX_NAME
    return {
        "status_option": "PAUSED",
        "rename_options": {"rename_strategy": "NO_RENAME"} if is_too_long else renamed,
    }


def fitted(name: str) -> str:
    """The name as long as Meta takes it; the key at its end stays whole."""
    mark = _KEY_AT_END.search(name)
    key = mark.group() if mark else ""
    return name.removesuffix(key)[: MAX_NAME - len(key)] + key


def reaches_eu(targeting: Mapping[str, Any]) -> bool:
    """True when the included locations touch a member state of the European Union."""
    places = targeting.get("geo_locations") or {}
    groups = {str(group).lower() for group in places.get("country_groups", ())}
    return bool(groups & EU_GROUPS) or not EU_COUNTRIES.isdisjoint(_countries(places))


def _countries(places: Mapping[str, Any]) -> Iterator[str]:
    yield from map(str, places.get("countries", ()))
    for kind in places.values():
        if isinstance(kind, list):
            yield from (
                str(place["country"]) for place in kind if isinstance(place, Mapping) and "country" in place
            )


def _targeting(spec: AdSetSpec, *, knows_device_switch: bool) -> Params:
    # Meta refuses an ad set that leaves audience expansion unsaid; 0 separates test cells.
    automation = {"advantage_audience": 0}
    # From v27 on Meta widens the devices of a sales ad set that names some, unless it is declined.
    if knows_device_switch and _is_for_sales(spec) and not _DEVICES.isdisjoint(spec.targeting):
        automation["device"] = 0
    automation |= spec.targeting.get("targeting_automation", {})
    targeting = dict(spec.targeting) | {"targeting_automation": automation}
    if goal_of(spec.goal_key).destination_type == "INSTAGRAM_PROFILE":
        targeting = {key: value for key, value in targeting.items() if key not in _OTHER_PLATFORMS_POSITIONS}
        targeting["publisher_platforms"] = ["instagram"]
    return targeting


def _is_for_sales(spec: AdSetSpec) -> bool:
    return goal_of(spec.goal_key).objective == "OUTCOME_SALES"


def without_nulls(params: Params) -> Params:
    """Leave out what has no value."""
    return {name: value for name, value in params.items() if value is not None}
