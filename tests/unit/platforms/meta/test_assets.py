"""What a user's assets become in an ad."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from orchestrator.domain.records import AssetsRow, CreativeRow
from orchestrator.errors import ConfigError
from orchestrator.platforms.base import CreativeSpec
from orchestrator.platforms.meta.wire.assets import creative_spec, promoted_object


def assets(**change: Any) -> AssetsRow:
    complete = {
        "ad_account_id": "act_1",
        "page_id": "10",
        "instagram_user_id": "20",
        "pixel_id": "9",
        "conversions": {
            "streams": {"custom_event_str": "SmartLinkClicked"},
            "presave": {"custom_conversion_id": "77"},
        },
        "currency": "USD",
        "timezone": "UTC",
        "access_token": SecretStr("t"),
    }
    return AssetsRow(**(complete | change))


def creative(**spec: Any) -> CreativeRow:
    return CreativeRow(
        id="c1",
        goal_key="streams",
        status="approved",
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        spec=spec,
        meta_creative_id=None,
    )


@pytest.mark.parametrize(
    ("goal", "promoted"),
    [
        (
            "streams",
            {"pixel_id": "9", "custom_event_type": "OTHER", "custom_event_str": "SmartLinkClicked"},
        ),
        ("presave", {"custom_conversion_id": "77"}),
        ("virality", None),
        ("followers", {"page_id": "10"}),
        ("build_audience", {"page_id": "10"}),
        ("fan_segmentation", None),
    ],
)
def test_each_goal_promotes_its_own_thing(goal: str, promoted: dict[str, str] | None):
    assert promoted_object(goal, assets()) == promoted


@pytest.mark.parametrize(
    ("goal", "change", "missing"),
    [
        ("streams", {"pixel_id": None}, "pixel"),
        ("streams", {"conversions": {}}, "custom event"),
        ("presave", {"conversions": {"presave": {}}}, "custom conversion"),
        ("followers", {"page_id": None}, "Page"),
        ("build_audience", {"page_id": ""}, "Page"),
    ],
)
def test_a_missing_asset_is_named(goal: str, change: dict[str, Any], missing: str):
    with pytest.raises(ConfigError, match=f"goal '{goal}' needs a {missing}"):
        promoted_object(goal, assets(**change))


def test_a_picture_becomes_a_link_story():
    row = creative(
        link="https://example.com/song",
        message="Listen",
        headline="New",
        image_hash="h",
        call_to_action="LISTEN_NOW",
    )

    assert creative_spec("c1 [k:1]", row, assets()) == CreativeSpec(
        name="c1 [k:1]",
        object_story_spec={
            "page_id": "10",
            "instagram_user_id": "20",
            "link_data": {
                "link": "https://example.com/song",
                "message": "Listen",
                "name": "New",
                "image_hash": "h",
                "call_to_action": {"type": "LISTEN_NOW", "value": {"link": "https://example.com/song"}},
            },
        },
    )


def test_a_video_becomes_a_video_story():
    row = creative(video_id="5", image_url="https://example.com/i.jpg", message="Watch")

    spec = creative_spec("c1", row, assets(instagram_user_id=None))

    assert spec.object_story_spec == {
        "page_id": "10",
        "video_data": {"video_id": "5", "image_url": "https://example.com/i.jpg", "message": "Watch"},
    }


def test_a_form_is_reached_through_the_call_to_action():
    row = creative(link="https://fb.me/", call_to_action="SIGN_UP", lead_gen_form_id="33")

    spec = creative_spec("c1", row, assets())

    assert spec.object_story_spec is not None
    assert spec.object_story_spec["link_data"]["call_to_action"] == {
        "type": "SIGN_UP",
        "value": {"link": "https://fb.me/", "lead_gen_form_id": "33"},
    }


def test_the_template_fills_what_the_creative_leaves_out():
    row = creative(link="https://example.com/own")
    defaults = {"link": "https://example.com/default", "message": "Hear this", "url_tags": "utm_source=meta"}

    spec = creative_spec("c1", row, assets(), defaults)

    assert spec.url_tags == "utm_source=meta"
    assert spec.object_story_spec is not None
    assert spec.object_story_spec["link_data"] == {"link": "https://example.com/own", "message": "Hear this"}


@pytest.mark.parametrize("kind", ["object_story_id", "source_instagram_media_id"])
def test_a_post_that_exists_is_shown_as_it_is(kind: str):
    assert creative_spec("c1", creative(**{kind: "1_2"}), assets()) == CreativeSpec(
        name="c1", **{kind: "1_2"}
    )


@pytest.mark.parametrize(
    ("spec", "change", "problem"),
    [
        ({}, {}, "creative 'c1' has neither a video nor a link"),
        ({"link": "https://example.com"}, {"page_id": None}, "goal 'streams' needs a Page"),
    ],
)
def test_a_creative_that_cannot_be_shown_says_why(spec: dict[str, Any], change: dict[str, Any], problem: str):
    with pytest.raises(ConfigError, match=problem):
        creative_spec("c1", creative(**spec), assets(**change))
