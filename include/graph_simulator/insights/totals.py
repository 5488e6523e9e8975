"""Figures of many ads over many days, added up, with the actions they represent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graph_simulator.delivery.outcomes import EMPTY, Cell, reach
from graph_simulator.state.objects import AdSet

_PROFILE_GOALS = {"VISIT_INSTAGRAM_PROFILE", "PROFILE_VISIT"}
_LEAD_GOALS = {"LEAD_GENERATION", "QUALITY_LEAD"}
SITE_GOALS = {"OFFSITE_CONVERSIONS", "VALUE"}


@dataclass(slots=True)
class Totals:
    """The sums of one row. ``actions`` and ``conversions`` count by action type, ``seen`` by ad set."""

    spend: int = 0
    impressions: int = 0
    clicks: int = 0
    link_clicks: int = 0
    thruplays: int = 0
    profile_visits: int = 0
    results: int = 0
    actions: dict[str, int] = field(default_factory=dict)
    conversions: dict[str, int] = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)

    @property
    def reach(self) -> int:
        """How many people saw the ads; those of two ad sets are counted twice."""
        return sum(map(reach, self.seen))

    def add(self, other: Totals) -> None:
        """Take in another row's sums."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        _count(self.actions, other.actions)
        _count(self.conversions, other.conversions)
        self.seen += other.seen

    @property
    def delivered(self) -> bool:
        """False when there is no row to show."""
        return bool(self.spend or self.impressions or self.results)


_SUMS = tuple(name for name in Totals.__slots__ if name not in {"actions", "conversions", "seen"})


def _count(counts: dict[str, int], more: dict[str, int]) -> None:
    for kind, value in more.items():
        counts[kind] = counts.get(kind, 0) + value


def total(cells: Iterable[tuple[AdSet, Cell]]) -> Totals:
    """Add up what several ad sets delivered."""
    totals = Totals()
    for ad_set, whole in cells:
        if whole != EMPTY:
            _add(totals, ad_set, whole)
    return totals


def _add(totals: Totals, ad_set: AdSet, whole: Cell) -> None:
    goal, results = ad_set.optimization_goal, whole.results
    links = results if goal == "LINK_CLICKS" else whole.link_clicks
    clicks = max(links, whole.clicks)
    totals.spend += whole.spend
    totals.impressions += whole.impressions
    totals.seen.append(whole.impressions)
    totals.clicks += clicks
    totals.link_clicks += links
    totals.results += results
    totals.thruplays += results if goal == "THRUPLAY" else 0
    totals.profile_visits += results if goal in _PROFILE_GOALS else 0
    _count(totals.actions, _actions(goal, clicks, links, results))
    if goal in SITE_GOALS:
        actions, conversions = site_action_types(ad_set.promoted_object or {})
        _count(totals.actions, dict.fromkeys(actions, results))
        _count(totals.conversions, dict.fromkeys(conversions, results))


def _actions(goal: str, clicks: int, links: int, results: int) -> dict[str, int]:
    """What everyone's clicks and results count as; those of a website are counted by its events."""
    found = {
        "link_click": links,
        "landing_page_view": results if goal == "LANDING_PAGE_VIEWS" else links * 4 // 5,
        "page_engagement": clicks,
        "post_engagement": clicks,
    }
    if goal == "THRUPLAY":
        found["video_view"] = results * 2
    if goal in _LEAD_GOALS:
        found |= {"lead": results, "onsite_conversion.lead_grouped": results}
    return found


def site_action_types(promoted: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The action types a website result is counted under: in ``actions``, and in ``conversions``."""
    conversion = promoted.get("custom_conversion_id")
    if conversion:
        return [f"offsite_conversion.custom.{conversion}"], []
    event = str(promoted.get("custom_event_type", "OTHER"))
    if event == "OTHER":
        name = promoted.get("custom_event_str", "Other")
        return ["offsite_conversion.fb_pixel_custom"], [f"offsite_conversion.fb_pixel_custom.{name}"]
    short = _SHORT.get(event, event.lower())
    return [f"offsite_conversion.fb_pixel_{short}", short, *_OMNI.get(event, ())], []


_SHORT = {"INITIATED_CHECKOUT": "initiate_checkout", "CONTENT_VIEW": "view_content"}
_OMNI = {"PURCHASE": ("omni_purchase",), "ADD_TO_CART": ("omni_add_to_cart",)}


def indicator(ad_set: AdSet) -> str:
    """What the ``results`` field calls the ad set's result."""
    goal = ad_set.optimization_goal
    if goal in SITE_GOALS:
        actions, conversions = site_action_types(ad_set.promoted_object or {})
        return f"conversions:{conversions[0]}" if conversions else f"actions:{actions[0]}"
    if goal in _PROFILE_GOALS:
        return "total_profile_visits"
    named = {
        "LINK_CLICKS": "link_click",
        "LANDING_PAGE_VIEWS": "landing_page_view",
        "THRUPLAY": "video_thruplay",
    }
    if goal in _LEAD_GOALS:
        return "actions:lead"
    return f"actions:{named[goal]}" if goal in named else "reach"
