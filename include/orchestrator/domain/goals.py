"""The goals a user can have, and the core signal by which each is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSpec:
    """One goal and what it counts, ``core_signal``. How a platform delivers for it is in its adapter.

    ``event`` is what people call one core signal; more of them end in an s.

    How many events it needs is policy: ``min_events`` and ``best_min_events`` there.
    """

    goal_key: str
    title: str
    core_signal: str
    event: str


_SPECS = (
    GoalSpec(
        goal_key="streams",
        title="Streams",
        core_signal="smartlinkclicked",
        event="click",
    ),
    GoalSpec(
        goal_key="presave",
        title="Pre-saves",
        core_signal="presavecomplete",
        event="pre-save",
    ),
    GoalSpec(
        goal_key="virality",
        title="Virality",
        core_signal="thruplay",
        event="ThruPlay",
    ),
    GoalSpec(
        goal_key="followers",
        title="Followers",
        core_signal="profile_view",
        event="profile visit",
    ),
    GoalSpec(
        goal_key="build_audience",
        title="Audience building",
        core_signal="lead",
        event="lead",
    ),
    GoalSpec(
        goal_key="fan_segmentation",
        title="Fan segmentation",
        core_signal="onclicklink",
        event="link click",
    ),
)

REGISTRY: Mapping[str, GoalSpec] = MappingProxyType({spec.goal_key: spec for spec in _SPECS})
"""Every goal by its key. A key outside it is an error of that goal, ``unknown_goal``."""


def goal_name(goal_key: str) -> str:
    """A goal as it is named inside a sentence; a key outside the registry as it is."""
    spec = REGISTRY.get(goal_key)
    return spec.title.lower() if spec else goal_key


def event_name(goal_key: str | None, count: int = 2) -> str:
    """What people call so many of a goal's core signals: ``click``, ``clicks``."""
    spec = REGISTRY.get(goal_key or "")
    noun = spec.event if spec else "event"
    return noun if count == 1 else f"{noun}s"
