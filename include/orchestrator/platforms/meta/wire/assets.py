"""What a user's own assets become in an ad: what it promotes and what it shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestrator.domain.records import AssetsRow, CreativeRow
from orchestrator.errors import ConfigError
from orchestrator.platforms.base import CreativeSpec
from orchestrator.platforms.meta.wire.payloads import Params, goal_of, said


def promoted_object(goal_key: str, assets: AssetsRow) -> Params | None:
    """What an ad set of this goal promotes; None when the goal promotes nothing of the user's.

    Raises:
        ConfigError: An asset that the goal needs is not configured.
    """
    of_goal = assets.conversions.get(goal_of(goal_key).goal_key, {})
    match goal_key:
        case "streams":
            return {
                "pixel_id": _needed(goal_key, "pixel", assets.pixel_id),
                "custom_event_type": "OTHER",
                "custom_event_str": _needed(goal_key, "custom event", of_goal.get("custom_event_str")),
            }
        case "presave":
            custom_conversion_id = of_goal.get("custom_conversion_id")
            return {"custom_conversion_id": _needed(goal_key, "custom conversion", custom_conversion_id)}
        case "followers" | "build_audience":
            return {"page_id": _needed(goal_key, "Page", assets.page_id)}
        case _:
            return None


def creative_spec(
    name: str, creative: CreativeRow, assets: AssetsRow, story: Mapping[str, Any] | None = None
) -> CreativeSpec:
    """Build what Meta shows from a creative's row.

    Args:
        name: Its name on Meta, with the key.
        creative: ``spec`` holds either ``object_story_id`` or ``source_instagram_media_id`` of a post,
            or the parts of a new story: ``link``, ``message``, ``headline``, ``description``,
            ``image_hash`` or ``video_id`` with ``image_url``, ``call_to_action`` (Meta's type),
            ``lead_gen_form_id``, ``url_tags``.
        assets: The Page, and the Instagram user if there is one, that speak.
        story: The template's defaults for parts that the creative leaves out.

    Raises:
        ConfigError: There is no Page, or neither a video nor a link to show.
    """
    parts = {**(story or {}), **creative.spec}
    post = {kind: parts.get(kind) for kind in ("object_story_id", "source_instagram_media_id")}
    if any(post.values()):
        return CreativeSpec(name=name, url_tags=parts.get("url_tags"), **post)
    told = {
        "page_id": _needed(creative.goal_key, "Page", assets.page_id),
        "instagram_user_id": assets.instagram_user_id,
    }
    shown = _video(parts) if parts.get("video_id") else _link(creative.id, parts)
    return CreativeSpec(name=name, url_tags=parts.get("url_tags"), object_story_spec=said(told) | shown)


def _video(parts: Mapping[str, Any]) -> Params:
    shown = {
        "video_id": parts["video_id"],
        "image_hash": parts.get("image_hash"),
        "image_url": None if parts.get("image_hash") else parts.get("image_url"),
        "title": parts.get("headline"),
        "message": parts.get("message"),
        "call_to_action": _call_to_action(parts),
    }
    return {"video_data": said(shown)}


def _link(creative_id: str, parts: Mapping[str, Any]) -> Params:
    if not parts.get("link"):
        raise ConfigError(f"creative {creative_id!r} has neither a video nor a link: complete its row")
    shown = {
        "link": parts["link"],
        "message": parts.get("message"),
        "name": parts.get("headline"),
        "description": parts.get("description"),
        "image_hash": parts.get("image_hash"),
        "call_to_action": _call_to_action(parts),
    }
    return {"link_data": said(shown)}


def _call_to_action(parts: Mapping[str, Any]) -> Params | None:
    if not parts.get("call_to_action"):
        return None
    value = said({"link": parts.get("link"), "lead_gen_form_id": parts.get("lead_gen_form_id")})
    return {"type": parts["call_to_action"], "value": value}


def _needed(goal_key: str, what: str, value: str | None) -> str:
    if not value:
        raise ConfigError(f"goal {goal_key!r} needs a {what}, and none is configured: finish the asset setup")
    return value
