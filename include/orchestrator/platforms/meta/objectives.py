"""What a goal is at Meta: objective, optimization goal, what an ad set promotes, what Insights counts. Pure.

Insights sums what must not be summed: ``lead`` already holds its variants, ``video_view`` in ``actions`` is
not a thruplay, and all custom events of a pixel are lumped together in ``actions`` (only ``conversions``
distinguishes them). So each goal counts exactly one action type of one field, as
developers.facebook.com/docs/marketing-api/reference/ads-action-stats names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from orchestrator.domain.records import AssetsRow
from orchestrator.errors import ConfigError

PROFILE_VISITS = "instagram_profile_visits"
"""The one Insights field of a metric that is a number and not a list of actions."""
_CONVERSIONS = {
    "streams": ("conversions", "custom_event_str", "offsite_conversion.fb_pixel_custom."),
    "presave": ("actions", "custom_conversion_id", "offsite_conversion.custom."),
}
CONVERSION_GOALS = frozenset(_CONVERSIONS)
"""The goals that count a conversion of the user's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaGoal:
    """How Meta delivers for a goal.

    ``metric`` is the Insights field and the action type that count; None where the user's own
    conversion counts.
    """

    objective: str
    optimization_goal: str
    destination_type: str
    metric: tuple[str, str] | None
    billing_event: str = "IMPRESSIONS"


GOALS: Mapping[str, MetaGoal] = MappingProxyType(
    {
        "streams": MetaGoal(
            objective="OUTCOME_SALES",
            optimization_goal="OFFSITE_CONVERSIONS",
            destination_type="WEBSITE",
            metric=None,
        ),
        "presave": MetaGoal(
            objective="OUTCOME_SALES",
            optimization_goal="OFFSITE_CONVERSIONS",
            destination_type="WEBSITE",
            metric=None,
        ),
        "virality": MetaGoal(
            objective="OUTCOME_ENGAGEMENT",
            optimization_goal="THRUPLAY",
            destination_type="ON_VIDEO",
            metric=("video_thruplay_watched_actions", "video_view"),
        ),
        "followers": MetaGoal(
            objective="OUTCOME_TRAFFIC",
            optimization_goal="VISIT_INSTAGRAM_PROFILE",
            destination_type="INSTAGRAM_PROFILE",
            metric=(PROFILE_VISITS, ""),
        ),
        "build_audience": MetaGoal(
            objective="OUTCOME_LEADS",
            optimization_goal="LEAD_GENERATION",
            destination_type="ON_AD",
            metric=("actions", "lead"),
        ),
        "fan_segmentation": MetaGoal(
            objective="OUTCOME_TRAFFIC",
            optimization_goal="LINK_CLICKS",
            destination_type="WEBSITE",
            metric=("actions", "link_click"),
        ),
    }
)


def goal_of(goal_key: str) -> MetaGoal:
    """Look up a goal.

    Raises:
        ConfigError: there is none of that key.
    """
    try:
        return GOALS[goal_key]
    except KeyError:
        raise ConfigError(
            f"goal {goal_key!r} is not one the orchestrator knows: correct the settings"
        ) from None


def metric_of(goal_key: str, conversions: Mapping[str, Mapping[str, str]]) -> tuple[str, str] | None:
    """The Insights field and action type that count for a goal; None when it is not known what to count.

    Args:
        goal_key: any goal.
        conversions: the user's own, by goal.
    """
    if goal_key in _CONVERSIONS:
        field, name, prefix = _CONVERSIONS[goal_key]
        conversion = conversions.get(goal_key, {}).get(name)
        return (field, f"{prefix}{conversion}") if conversion else None
    return GOALS[goal_key].metric if goal_key in GOALS else None


def promoted_object(goal_key: str, assets: AssetsRow) -> dict[str, Any] | None:
    """What an ad set of this goal promotes; None when the goal promotes nothing of the user's.

    Raises:
        ConfigError: an asset that the goal needs is not configured.
    """
    goal_of(goal_key)
    of_goal = assets.conversions.get(goal_key, {})
    match goal_key:
        case "streams":
            return {
                "pixel_id": needed(goal_key, "pixel", assets.pixel_id),
                "custom_event_type": "OTHER",
                "custom_event_str": needed(goal_key, "custom event", of_goal.get("custom_event_str")),
            }
        case "presave":
            custom_conversion_id = of_goal.get("custom_conversion_id")
            return {"custom_conversion_id": needed(goal_key, "custom conversion", custom_conversion_id)}
        case "followers" | "build_audience":
            return {"page_id": needed(goal_key, "Page", assets.page_id)}
        case _:
            return None


def needed(goal_key: str, what: str, value: str | None) -> str:
    """The value, which a goal cannot do without.

    Raises:
        ConfigError: it is not configured.
    """
    if not value:
        raise ConfigError(f"goal {goal_key!r} needs a {what}, and none is configured: finish the asset setup")
    return value
