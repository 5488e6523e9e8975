"""Which creative fits which goal: a video for plays, a form for leads, a link and its button for clicks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graph_simulator.errors import GraphError, invalid
from graph_simulator.state.objects import Ad

_SITES = {None, "WEBSITE", "UNDEFINED"}
_PROFILES = {"INSTAGRAM_PROFILE", "INSTAGRAM_PROFILE_AND_FACEBOOK_PAGE"}
_BLAMED = "object_story_spec"


def check_fit(ad: Ad) -> None:
    """Refuse a creative that cannot bring what the ad set is optimized for; a post is taken as it is.

    Raises:
        GraphError: 100, with 1772103, 2061015 or 2446383 where Meta is known to have one of these.
    """
    story = ad.creative.spec.get("object_story_spec")
    if not isinstance(story, dict):
        return
    if ad.ad_set.destination_type in _PROFILES and not story.get("instagram_user_id"):
        text = "This ad needs an Instagram account: set instagram_user_id in object_story_spec."
        raise invalid(1772103, "Instagram account is missing", text, "instagram_user_id")
    check = _CHECKS.get(ad.ad_set.optimization_goal)
    if check and ad.account.checks_fit:
        check(ad, story)


def _unfit(title: str, text: str) -> GraphError:
    return invalid(None, title, text, _BLAMED)


def _plays(ad: Ad, story: Mapping[str, Any]) -> None:
    if not story.get("video_data"):
        raise _unfit("Video is missing", f"The goal {ad.ad_set.optimization_goal} needs a video creative.")


def _leads(ad: Ad, story: Mapping[str, Any]) -> None:
    if ad.ad_set.destination_type in {None, "ON_AD"} and not value_of(story).get("lead_gen_form_id"):
        text = "Ads for leads on Meta need an instant form: set lead_gen_form_id in the call to action."
        raise _unfit("Instant form is missing", text)


def _visits(ad: Ad, story: Mapping[str, Any]) -> None:
    if ad.ad_set.destination_type in _SITES and not _link_of(story):
        subcode = 2446383 if story.get("video_data") else 2061015
        raise invalid(subcode, "The link field is required", "This ad needs a link to a website.", _BLAMED)


def _clicks(ad: Ad, story: Mapping[str, Any]) -> None:
    _visits(ad, story)
    if not button_of(story).get("type"):
        text = f"Ads with the goal {ad.ad_set.optimization_goal} need a call to action."
        raise _unfit("Call to action is missing", text)


_CHECKS: Mapping[str, Callable[[Ad, Mapping[str, Any]], None]] = {
    "THRUPLAY": _plays,
    "LEAD_GENERATION": _leads,
    "QUALITY_LEAD": _leads,
    "OFFSITE_CONVERSIONS": _visits,
    "LANDING_PAGE_VIEWS": _visits,
    "LINK_CLICKS": _clicks,
}


def button_of(story: Mapping[str, Any]) -> Mapping[str, Any]:
    """The call to action of a story; empty without one."""
    for name in ("link_data", "video_data"):
        part = story.get(name)
        action = part.get("call_to_action") if isinstance(part, dict) else None
        if isinstance(action, dict):
            return action
    return {}


def value_of(story: Mapping[str, Any]) -> Mapping[str, Any]:
    """What its call to action leads to; empty without one."""
    value = button_of(story).get("value")
    return value if isinstance(value, dict) else {}


def _link_of(story: Mapping[str, Any]) -> Any:
    part = story.get("link_data")
    return (part.get("link") if isinstance(part, dict) else None) or value_of(story).get("link")
