"""What a creative and an ad must be."""

from __future__ import annotations

import re
from typing import Any

from graph_simulator import spec
from graph_simulator.errors import GraphError, bad_param, invalid
from graph_simulator.rules.campaigns import check_name, check_new_status
from graph_simulator.rules.goal_creatives import check_fit, value_of
from graph_simulator.state.objects import Account, Ad, Creative
from graph_simulator.state.status import GONE

_LINK = re.compile(r"https?://[^\s/?#]+\.[^\s/?#.]+", re.IGNORECASE)
MOST_ADS_AN_AD_SET = 50
MOST_ADS = 5000
_SOURCES = (
    "object_story_spec",
    "object_story_id",
    "source_instagram_media_id",
    "asset_feed_spec",
    "source_facebook_post_id",
    "object_id",
    "object_url",
    "template_url",
    "product_set_id",
)


def check_creative(creative: Creative) -> None:
    """Refuse a creative that shows nothing, or in a name that is not the caller's.

    Raises:
        GraphError: 100, with 1487202, 1772103, 2061015, 2446383 or 3858504 where there is one.
    """
    if creative.name:
        check_name(creative.name)
    given = creative.spec
    if not any(given.get(source) for source in _SOURCES):
        raise bad_param("The parameter object_story_spec is required.", "object_story_spec")
    _check_features(given.get("degrees_of_freedom_spec"))
    if given.get("object_story_id") and not creative.account.has(
        given["object_story_id"].partition("_")[0], creative.account.page_id
    ):
        raise _no_page()
    if given.get("object_story_spec"):
        _check_story(given["object_story_spec"], creative.account)


def _no_page() -> GraphError:
    text = "You do not have permission to create ads for this Page."
    return invalid(1487202, "No permission for this Page", text, "object_story_spec")


def _no_link(subcode: int, text: str) -> GraphError:
    return invalid(subcode, "The link field is required", text, "object_story_spec")


def _check_features(freedom: Any) -> None:
    features = freedom.get("creative_features_spec") if isinstance(freedom, dict) else None
    if isinstance(features, dict) and "standard_enhancements" in features:
        text = "The bundle standard_enhancements is gone: choose single features."
        raise invalid(3858504, "Invalid creative feature", text, "degrees_of_freedom_spec")


def _check_story(story: Any, account: Account) -> None:
    if not isinstance(story, dict):
        raise bad_param("Param object_story_spec must be a JSON-encoded object.", "object_story_spec")
    unknown = sorted(story.keys() - spec.fields("AdCreativeObjectStorySpec"))
    if unknown:
        raise bad_param(
            f"Invalid parameter: {unknown[0]} is not a field of object_story_spec", "object_story_spec"
        )
    _check_speakers(story, account)
    if "link_data" in story:
        _check_link(_part(story, "link_data"), account)
    elif "video_data" in story:
        _check_video(_part(story, "video_data"), account)
    elif not story.keys() & {"photo_data", "text_data", "template_data"}:
        raise bad_param("object_story_spec needs link_data or video_data", "object_story_spec")
    if account.checks_assets:
        _check_targets(story, account)


def _check_speakers(story: dict[str, Any], account: Account) -> None:
    if not account.has(story.get("page_id"), account.page_id):
        raise _no_page()
    speaker = story.get("instagram_user_id")
    if speaker is not None and not account.has(speaker, account.instagram_user_id):
        text = "This Instagram account is not connected to the Page."
        raise invalid(1772103, "Instagram account is missing", text, "instagram_user_id")


def _check_targets(story: dict[str, Any], account: Account) -> None:
    """Refuse links that lead nowhere and forms that the Page has not."""
    value = value_of(story)
    form = value.get("lead_gen_form_id")
    if form is not None and not any(
        account.has(form, each.id) and each.status == "ACTIVE" for each in account.lead_forms
    ):
        raise bad_param(f"Param lead_gen_form_id: the Page has no active form {form}", "object_story_spec")
    part = story.get("link_data") or {}
    for link in (part.get("link"), value.get("link")):
        if link and not _LINK.match(str(link)):
            raise bad_param(f"Param link must be a valid URL: {link}", "object_story_spec")


def _part(story: dict[str, Any], name: str) -> dict[str, Any]:
    part = story[name]
    if not isinstance(part, dict):
        raise bad_param(f"Param object_story_spec[{name}] must be an object", "object_story_spec")
    unknown = sorted(part.keys() - spec.fields(_PARTS[name]))
    if unknown:
        raise bad_param(f"Invalid parameter: {unknown[0]} is not a field of {name}", "object_story_spec")
    return part


_PARTS = {"link_data": "AdCreativeLinkData", "video_data": "AdCreativeVideoData"}


def _check_link(part: dict[str, Any], account: Account) -> None:
    if not part.get("link"):
        raise _no_link(2061015, "link_data needs a link.")
    _check_image(part, account)


def _check_video(part: dict[str, Any], account: Account) -> None:
    if not account.has(part.get("video_id"), account.video_id):
        raise bad_param("Param video_id must be the ID of a video of this ad account", "object_story_spec")
    if not (part.get("image_hash") or part.get("image_url")):
        raise bad_param("video_data needs image_hash or image_url", "object_story_spec")
    _check_image(part, account)
    action = part.get("call_to_action")
    if isinstance(action, dict) and action.get("type") not in {None, "LIKE_PAGE", "NO_BUTTON"}:
        value = action.get("value")
        if not (isinstance(value, dict) and (value.get("link") or value.get("lead_gen_form_id"))):
            raise _no_link(2446383, "The call to action needs a link.")


def _check_image(part: dict[str, Any], account: Account) -> None:
    image = part.get("image_hash")
    if image is not None and not any(account.has(image, each) for each in account.images):
        raise bad_param(
            "Param image_hash must be the hash of an image of this ad account", "object_story_spec"
        )


def check_new_ad(ad: Ad) -> None:
    """Refuse an ad that may not be created, by hand or as a copy.

    Raises:
        GraphError: 100, with 1772103 when an Instagram goal has no Instagram identity.
    """
    check_name(ad.name)
    check_new_status(ad.status)
    ad_set = ad.ad_set
    if ad_set.status in GONE or ad_set.campaign.status in GONE:
        text = "The ad set was deleted or archived: nothing can be added to it."
        raise invalid(1487056, "Ad set is not available", text, "adset_id")
    if sum(1 for each in ad_set.ads if each.status != "DELETED") >= MOST_ADS_AN_AD_SET:
        raise bad_param(f"An ad set may have at most {MOST_ADS_AN_AD_SET} ads", "adset_id")
    if ad.creative.status == "DELETED":
        raise bad_param("The creative was deleted", "creative")
    check_fit(ad)
    if ad.account.account_status == 3:
        text = "Add a payment method to your ad account."
        raise invalid(1359188, "No payment method", text)
