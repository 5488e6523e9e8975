"""What a creative shows at Meta, from its row's parts and the user's assets. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestrator.domain.records import AssetsRow
from orchestrator.errors import ConfigError
from orchestrator.platforms.meta.needs import POSTS
from orchestrator.platforms.meta.objectives import needed
from orchestrator.platforms.meta.wire.payloads import Params, fitted, without_nulls
from orchestrator.platforms.specs import CreativeSpec


def creative_params(spec: CreativeSpec, assets: AssetsRow) -> Params:
    """Parameters of ``POST /act_X/adcreatives``.

    Args:
        spec: ``parts`` holds either ``object_story_id`` or ``source_instagram_media_id`` of a post,
            or the parts of a new story: ``link``, ``message``, ``headline``, ``description``,
            ``image_hash`` or ``video_id`` with ``image_url``, ``call_to_action`` (Meta's type),
            ``lead_gen_form_id``, ``url_tags``.
        assets: the Page, and the Instagram user if there is one, that speak.

    Raises:
        ConfigError: there is no Page, neither a video nor a link to show, or more than one post.
    """
    posts = {kind: spec.parts[kind] for kind in POSTS if spec.parts.get(kind)}
    if len(posts) > 1:
        raise ConfigError(
            f"creative {spec.name!r} needs exactly one of object_story_spec, object_story_id and "
            "source_instagram_media_id: correct the creative's row",
        )
    shown = posts or {"object_story_spec": _story(spec, assets)}
    return without_nulls({"name": fitted(spec.name), **shown, "url_tags": spec.parts.get("url_tags")})


def _story(spec: CreativeSpec, assets: AssetsRow) -> Params:
    parts = spec.parts
    speakers = {
        "page_id": needed(spec.goal_key, "Page", assets.page_id),
        "instagram_user_id": assets.instagram_user_id,
    }
    return without_nulls(speakers) | (
        _video(parts) if parts.get("video_id") else _link(spec.creative_id, parts)
    )


def _video(parts: Mapping[str, Any]) -> Params:
    shown = {
        "video_id": parts["video_id"],
        "image_hash": parts.get("image_hash"),
        "image_url": None if parts.get("image_hash") else parts.get("image_url"),
        "title": parts.get("headline"),
        "message": parts.get("message"),
        "call_to_action": _call_to_action(parts),
    }
    return {"video_data": without_nulls(shown)}


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
    return {"link_data": without_nulls(shown)}


def _call_to_action(parts: Mapping[str, Any]) -> Params | None:
    if not parts.get("call_to_action"):
        return None
    value = without_nulls({"link": parts.get("link"), "lead_gen_form_id": parts.get("lead_gen_form_id")})
    return {"type": parts["call_to_action"], "value": value}
