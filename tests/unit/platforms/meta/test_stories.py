"""What a creative's row becomes at Meta."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.errors import ConfigError
from orchestrator.platforms.meta.wire.stories import creative_params
from orchestrator.platforms.specs import CreativeSpec
from tests.unit.platforms.meta.assets import assets


def creative(**parts: Any) -> CreativeSpec:
    return CreativeSpec(name="c1 [k:1]", creative_id="c1", goal_key="streams", parts=parts)


def test_a_picture_becomes_a_link_story():
    row = creative(
        link="https://example.com/song",
        message="Listen",
        headline="New",
        image_hash="h",
        call_to_action="LISTEN_NOW",
    )

    assert creative_params(row, assets()) == {
        "name": "c1 [k:1]",
        "object_story_spec": {
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
    }


def test_a_video_becomes_a_video_story():
    row = creative(video_id="5", image_url="https://example.com/i.jpg", message="Watch")

    spec = creative_params(row, assets(instagram_user_id=None))

    assert spec["object_story_spec"] == {
        "page_id": "10",
        "video_data": {"video_id": "5", "image_url": "https://example.com/i.jpg", "message": "Watch"},
    }


def test_a_form_is_reached_through_the_call_to_action():
    row = creative(link="https://fb.me/", call_to_action="SIGN_UP", lead_gen_form_id="33")

    spec = creative_params(row, assets())

    assert spec["object_story_spec"]["link_data"]["call_to_action"] == {
        "type": "SIGN_UP",
        "value": {"link": "https://fb.me/", "lead_gen_form_id": "33"},
    }


@pytest.mark.parametrize("kind", ["object_story_id", "source_instagram_media_id"])
def test_a_post_that_exists_is_shown_as_it_is(kind: str):
    row = creative(**{kind: "1_2", "url_tags": "utm_source=meta", "link": "https://example.com"})

    assert creative_params(row, assets()) == {"name": "c1 [k:1]", kind: "1_2", "url_tags": "utm_source=meta"}


@pytest.mark.parametrize(
    ("spec", "change", "problem"),
    [
        ({}, {}, "creative 'c1' has neither a video nor a link"),
        ({"link": "https://example.com"}, {"page_id": None}, "goal 'streams' needs a Page"),
        (
            {"object_story_id": "1_2", "source_instagram_media_id": "3"},
            {},
            "creative 'c1 .k:1.' needs exactly one of",
        ),
    ],
)
def test_a_creative_that_cannot_be_shown_says_why(spec: dict[str, Any], change: dict[str, Any], problem: str):
    with pytest.raises(ConfigError, match=problem):
        creative_params(creative(**spec), assets(**change))
