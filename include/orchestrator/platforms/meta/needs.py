"""What goals and their creatives need of the user's at Meta. Pure: nothing is read.

A post that exists is taken as it is: what it shows is not in its row. Of each goal's creatives the newest
are looked at whole, since they are tested first; of the others only what their rows say. A link is judged by
its form (``links.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrator.domain.records import AssetsRow, AudienceRow, CreativeRow, UserRows
from orchestrator.platforms.meta.links import leads_somewhere
from orchestrator.platforms.meta.objectives import GOALS
from orchestrator.platforms.user_assets import Asset, AssetKind, Need

POSTS = ("object_story_id", "source_instagram_media_id")
NEWEST = 15
"""Creatives of a goal whose images, videos and forms are looked for: all goals' together fit in one list."""
_WEBSITE_GOALS = frozenset({"streams", "presave", "fan_segmentation"})
_PAGE_GOALS = frozenset({"followers", "build_audience"})
"""Their ad sets promote the Page itself."""


def needs(user: UserRows) -> tuple[Need, ...]:
    """What the active goals that are known need, each of their approved creatives, and their audiences."""
    return tuple(
        need
        for goal in user.goals
        if goal.is_active and goal.goal_key in GOALS
        for need in (*_of_goal_and_creatives(user, goal.goal_key), *_of_audiences(user, goal.goal_key))
    )


def _of_goal_and_creatives(user: UserRows, goal_key: str) -> Iterator[Need]:
    approved = [c for c in user.creatives if c.goal_key == goal_key and c.status == "approved"]
    shown = {creative.id: user.parts_of(creative) for creative in approved}
    are_all_posts = bool(shown) and all(is_post(parts) for parts in shown.values())
    yield from _of_goal(goal_key, user.assets, shows_story=not are_all_posts)
    by_age = sorted(approved, key=lambda c: (c.created_at, c.id), reverse=True)
    newest = {creative.id for creative in by_age[:NEWEST]}
    for creative in approved:
        if not is_post(shown[creative.id]):
            yield from _lacking_of(creative, shown[creative.id])
            yield from _shown_by(creative, shown[creative.id]) if creative.id in newest else ()


def _of_audiences(user: UserRows, goal_key: str) -> Iterator[Need]:
    for template in user.templates:
        if template.goal_key == goal_key:
            for audience in template.audiences:
                for interest in dict.fromkeys(_interests(audience)):
                    yield Need(goal_key, None, "interest", Asset("interest", interest), audience.name)


def _interests(audience: AudienceRow) -> Iterator[str]:
    """The ids of the interests that an audience is made of, or leaves out."""
    targeting = audience.targeting
    parts: list[object] = [targeting, targeting.get("exclusions")]
    flexible = targeting.get("flexible_spec")
    parts += flexible if isinstance(flexible, list) else []
    for part in parts:
        found = part.get("interests") if isinstance(part, Mapping) else None
        for each in found if isinstance(found, list) else ():
            yield str(each.get("id", "")) if isinstance(each, Mapping) else str(each)


def is_post(parts: Mapping[str, Any]) -> bool:
    """Whether a creative shows a post that exists, and no new story."""
    return any(parts.get(kind) for kind in POSTS)


def _of_goal(goal_key: str, assets: AssetsRow, *, shows_story: bool) -> Iterator[Need]:
    of_goal = assets.conversions.get(goal_key, {})

    def need(words: str, kind: AssetKind, asset_id: str | None) -> Need:
        return Need(goal_key, None, words, Asset(kind, asset_id) if asset_id else None)

    if shows_story or goal_key in _PAGE_GOALS:
        yield need("Facebook Page", "page", assets.page_id)
    if goal_key == "followers" or (shows_story and assets.instagram_user_id):
        yield need("Instagram account", "profile", assets.instagram_user_id)
    # Every ad reports to the pixel, where there is one.
    if goal_key == "streams" or assets.pixel_id:
        yield need("pixel", "pixel", assets.pixel_id)
    event = of_goal.get("custom_event_str")
    if goal_key == "streams" and not event:
        yield Need(goal_key, None, "custom event of the pixel", None)
    if goal_key == "streams" and event and assets.pixel_id:
        yield Need(goal_key, None, "custom event", Asset("event", event, assets.pixel_id))
    if goal_key == "presave":
        yield need("custom conversion", "conversion", of_goal.get("custom_conversion_id"))


def _lacking_of(creative: CreativeRow, parts: Mapping[str, Any]) -> Iterator[Need]:
    for words in _lacking(creative.goal_key, parts):
        yield Need(creative.goal_key, creative.id, words, None)


def _shown_by(creative: CreativeRow, parts: Mapping[str, Any]) -> Iterator[Need]:
    """What a creative shows. Once it was made at Meta, it has its image for good."""
    video, image, form = (parts.get(name) for name in ("video_id", "image_hash", "lead_gen_form_id"))

    def need(words: str, kind: AssetKind, asset_id: object) -> Need:
        return Need(creative.goal_key, creative.id, words, Asset(kind, str(asset_id)))

    if video:
        yield need("video", "video", video)
    if image and creative.remote_id is None:
        yield need("image", "image", image)
    if form:
        yield need("lead form", "form", form)


def _lacking(goal_key: str, parts: Mapping[str, Any]) -> Iterator[str]:
    """What a creative lacks to bring what its goal is about, or to be shown at all."""
    video, button = parts.get("video_id"), parts.get("call_to_action")
    if goal_key == "virality" and not video:
        yield "video"
    if video and not (parts.get("image_hash") or parts.get("image_url")):
        yield "thumbnail of its video"
    if goal_key == "build_audience" and not parts.get("lead_gen_form_id"):
        yield "lead form"
    if parts.get("link") or goal_key in _WEBSITE_GOALS or not (video or goal_key == "virality"):
        yield from () if leads_somewhere(parts.get("link")) else ("public http or https link",)
    if goal_key in {"fan_segmentation", "build_audience"} or (video and goal_key in _WEBSITE_GOALS):
        yield from () if button else ("call to action",)
