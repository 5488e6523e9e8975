"""The goals a user can have, and the core signal by which each is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSpec:
    """One goal: what it counts (``core_signal``) and how Meta is asked to deliver for it.

    ``event`` is what people call one core signal; more of them end in an s.

    How many events it needs is policy: ``min_events`` and ``best_min_events`` there.
    """

    goal_key: str
    title: str
    core_signal: str
    event: str
    objective: str
    optimization_goal: str
    destination_type: str | None
    billing_event: str = "IMPRESSIONS"


_SPECS = (
    GoalSpec(
        goal_key="streams",
        title="Streams",
        core_signal="smartlinkclicked",
        event="click",
        objective="OUTCOME_SALES",
        optimization_goal="OFFSITE_CONVERSIONS",
        destination_type="WEBSITE",
    ),
    GoalSpec(
        goal_key="presave",
        title="Pre-saves",
        core_signal="presavecomplete",
        event="pre-save",
        objective="OUTCOME_SALES",
        optimization_goal="OFFSITE_CONVERSIONS",
        destination_type="WEBSITE",
    ),
    GoalSpec(
        goal_key="virality",
        title="Virality",
        core_signal="thruplay",
        event="ThruPlay",
        objective="OUTCOME_ENGAGEMENT",
        optimization_goal="THRUPLAY",
        destination_type="ON_VIDEO",
    ),
    GoalSpec(
        goal_key="followers",
        title="Followers",
        core_signal="profile_view",
        event="profile visit",
        objective="OUTCOME_TRAFFIC",
        optimization_goal="VISIT_INSTAGRAM_PROFILE",
        destination_type="INSTAGRAM_PROFILE",
    ),
    GoalSpec(
        goal_key="build_audience",
        title="Audience building",
        core_signal="lead",
        event="lead",
        objective="OUTCOME_LEADS",
        optimization_goal="LEAD_GENERATION",
        destination_type="ON_AD",
    ),
    GoalSpec(
        goal_key="fan_segmentation",
        title="Fan segmentation",
        core_signal="onclicklink",
        event="link click",
        objective="OUTCOME_TRAFFIC",
        optimization_goal="LINK_CLICKS",
        destination_type="WEBSITE",
    ),
)

REGISTRY: Mapping[str, GoalSpec] = MappingProxyType({spec.goal_key: spec for spec in _SPECS})
"""Every goal by its key. A key outside it is an error of that goal, ``unknown_goal``."""
