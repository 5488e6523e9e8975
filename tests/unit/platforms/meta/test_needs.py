"""What each goal and each creative needs of the user's at Meta."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from orchestrator.domain.records import AudienceRow, CreativeRow, GoalRow, TemplateRow, UserRows
from orchestrator.platforms.meta.needs import needs
from orchestrator.platforms.user_assets import Asset, Need
from tests.unit.platforms.meta.assets import assets
from tests.unit.snapshot.rows import CREATED, a_creative_row, a_user

LINK = {"link": "https://example.com/song"}
IMAGE = {"image_hash": "abc"}
VIDEO = {"video_id": "6", "image_hash": "abc"}
BUTTON = {"call_to_action": "LEARN_MORE"}
FORM = {"lead_gen_form_id": "777"}
POST = {"object_story_id": "1_2"}

NOTHING = {"page_id": None, "instagram_user_id": None, "pixel_id": None, "conversions": {}}
ALL_GOALS = ("streams", "presave", "virality", "followers", "build_audience", "fan_segmentation")


def creative(goal_key: str, parts: dict[str, Any], **change: Any) -> CreativeRow:
    return a_creative_row(**({"goal_key": goal_key, "spec": parts} | change))


def goal(goal_key: str, *, is_active: bool = True) -> GoalRow:
    return GoalRow(
        goal_key=goal_key, is_active=is_active, priority=5, budget_hint=None, learning_share_bp=None
    )


def user(goal_key: str, *creatives: CreativeRow, **change: Any) -> UserRows:
    of_user = replace(a_user(), assets=assets(**change))
    return replace(of_user, goals=(goal(goal_key),), creatives=creatives)


def of_goal(found: tuple[Need, ...]) -> list[tuple[str, str | None]]:
    return [(n.words, n.asset.id if n.asset else None) for n in found if n.creative_id is None]


def lacking(goal_key: str, parts: dict[str, Any]) -> list[str]:
    found = needs(user(goal_key, creative(goal_key, parts)))
    return [n.words for n in found if n.creative_id == "c1" and n.asset is None]


@pytest.mark.parametrize(
    ("goal_key", "missing"),
    [
        ("streams", ["Facebook Page", "pixel", "custom event of the pixel"]),
        ("presave", ["Facebook Page", "custom conversion"]),
        ("virality", ["Facebook Page"]),
        ("followers", ["Facebook Page", "Instagram account"]),
        ("build_audience", ["Facebook Page"]),
        ("fan_segmentation", ["Facebook Page"]),
    ],
)
def test_what_is_not_configured_is_named_all_at_once(goal_key: str, missing: list[str]) -> None:
    assert of_goal(needs(user(goal_key, **NOTHING))) == [(words, None) for words in missing]


@pytest.mark.parametrize("goal_key", ALL_GOALS)
def test_what_is_configured_is_shown_by_every_ad(goal_key: str) -> None:
    configured = {
        "page_id": "1",
        "instagram_user_id": "2",
        "pixel_id": "3",
        "conversions": {
            "streams": {"custom_event_str": "Clicked"},
            "presave": {"custom_conversion_id": "4"},
        },
    }
    expected = [("Facebook Page", "1"), ("Instagram account", "2"), ("pixel", "3")]

    assert of_goal(needs(user(goal_key, **configured))) == [
        *expected,
        *([("custom conversion", "4")] if goal_key == "presave" else []),
        *([("custom event", "Clicked")] if goal_key == "streams" else []),
    ]


def test_a_custom_event_belongs_to_its_pixel() -> None:
    found = needs(user("streams", pixel_id="3"))
    assert Need("streams", None, "custom event", Asset("event", "SmartLinkClicked", "3")) in found


def test_without_a_pixel_no_event_is_looked_for() -> None:
    assert [n.words for n in needs(user("streams", pixel_id=None))] == [
        "Facebook Page",
        "Instagram account",
        "pixel",
    ]


def audience(name: str, **targeting: Any) -> AudienceRow:
    return AudienceRow(name=name, targeting={"geo_locations": {"countries": ["US"]}} | targeting)


@pytest.mark.parametrize(
    ("targeting", "ids"),
    [
        ({}, []),
        ({"interests": [{"id": "6003", "name": "Pop"}, {"id": 6004}]}, ["6003", "6004"]),
        ({"interests": ["6003", "6003"]}, ["6003"]),
        ({"flexible_spec": [{"interests": [{"id": "1"}]}, {"interests": [{"id": "2"}]}]}, ["1", "2"]),
        ({"exclusions": {"interests": [{"id": "3"}]}}, ["3"]),
        ({"interests": [{"name": "Pop"}]}, [""]),
        ({"interests": "6003", "flexible_spec": {"interests": []}, "exclusions": ["6003"]}, []),
        ({"behaviors": [{"id": "6003"}], "flexible_spec": [7, None]}, []),
    ],
)
def test_an_audience_needs_its_interests(targeting: dict[str, Any], ids: list[str]) -> None:
    template = TemplateRow(goal_key="virality", audiences=(audience("fans", **targeting),), story={})
    found = needs(replace(user("virality"), templates=(template,)))

    assert [n for n in found if n.audience] == [
        Need("virality", None, "interest", Asset("interest", each), "fans") for each in ids
    ]


def test_only_audiences_of_active_goals_need_anything() -> None:
    fans = audience("fans", interests=[{"id": "6003"}])
    templates = tuple(
        TemplateRow(goal_key=key, audiences=(fans, audience("broad")), story={}) for key in ALL_GOALS
    )

    found = needs(replace(user("virality"), templates=templates))

    assert [(n.goal_key, n.audience) for n in found if n.audience] == [("virality", "fans")]


@pytest.mark.parametrize(
    ("goal_key", "expected"),
    [("streams", ["pixel"]), ("followers", ["Facebook Page", "Instagram account"]), ("virality", [])],
)
def test_a_post_needs_no_page_to_speak(goal_key: str, expected: list[str]) -> None:
    configured = NOTHING | {"conversions": {"streams": {"custom_event_str": "Clicked"}}}
    found = needs(user(goal_key, creative(goal_key, POST), **configured))

    assert [words for words, _ in of_goal(found)] == expected


def test_one_new_story_beside_a_post_needs_the_page() -> None:
    found = needs(
        user("virality", creative("virality", POST), creative("virality", VIDEO, id="c2"), **NOTHING)
    )

    assert of_goal(found) == [("Facebook Page", None)]


@pytest.mark.parametrize(
    ("goal_key", "parts", "expected"),
    [
        ("virality", VIDEO, []),
        ("virality", LINK | IMAGE, ["video"]),
        ("virality", {}, ["video"]),
        ("virality", {"video_id": "6"}, ["thumbnail of its video"]),
        ("virality", {"video_id": "6", "image_url": "https://example.com/a.png"}, []),
        ("virality", POST, []),
        ("build_audience", LINK | IMAGE | BUTTON | FORM, []),
        ("build_audience", LINK | IMAGE | BUTTON, ["lead form"]),
        ("build_audience", LINK | IMAGE | FORM, ["call to action"]),
        ("build_audience", IMAGE, ["lead form", "public http or https link", "call to action"]),
        ("fan_segmentation", LINK | IMAGE | BUTTON, []),
        ("fan_segmentation", LINK | IMAGE, ["call to action"]),
        ("fan_segmentation", IMAGE | BUTTON, ["public http or https link"]),
        ("fan_segmentation", VIDEO | BUTTON, ["public http or https link"]),
        ("fan_segmentation", IMAGE, ["public http or https link", "call to action"]),
        ("streams", LINK | IMAGE, []),
        ("streams", LINK | VIDEO | BUTTON, []),
        ("streams", LINK | VIDEO, ["call to action"]),
        ("streams", VIDEO | BUTTON, ["public http or https link"]),
        ("presave", IMAGE, ["public http or https link"]),
        ("presave", POST, []),
        ("followers", LINK | IMAGE, []),
        ("followers", VIDEO, []),
        ("followers", IMAGE, ["public http or https link"]),
    ],
)
def test_a_creative_must_bring_what_its_goal_is_about(
    goal_key: str, parts: dict[str, Any], expected: list[str]
) -> None:
    assert lacking(goal_key, parts) == expected


@pytest.mark.parametrize(
    ("link", "works"),
    [("https://example.com", True), ("https://10.0.0.1/song", False), ("", False), (None, False), (7, False)],
)
def test_a_link_must_lead_somewhere(link: Any, *, works: bool) -> None:
    assert (lacking("streams", IMAGE | {"link": link}) == []) is works


def test_a_creative_shows_its_parts_over_those_of_the_template() -> None:
    template = TemplateRow(goal_key="fan_segmentation", audiences=(), story=LINK | BUTTON | {"video_id": "5"})
    of_user = replace(
        user("fan_segmentation", creative("fan_segmentation", VIDEO | FORM)), templates=(template,)
    )

    assert [n.asset for n in needs(of_user) if n.creative_id == "c1"] == [
        Asset("video", "6"),
        Asset("image", "abc"),
        Asset("form", "777"),
    ]


def test_a_creative_that_was_made_at_meta_has_its_image_for_good() -> None:
    found = needs(user("virality", creative("virality", VIDEO, remote_id="120")))

    assert [n.asset for n in found if n.creative_id == "c1"] == [Asset("video", "6")]


def test_only_what_the_newest_creatives_show_is_looked_for_and_all_are_read() -> None:
    days = {f"c{n:02}": CREATED + timedelta(days=n % 20) for n in range(20)}
    many = [
        creative("virality", {"video_id": name[1:]}, id=name, created_at=day) for name, day in days.items()
    ]
    found = needs(user("virality", *many))

    assert {n.asset.id for n in found if n.creative_id and n.asset} == {f"{n:02}" for n in range(5, 20)}
    assert [n.creative_id for n in found if n.words == "thumbnail of its video"] == sorted(days)


@pytest.mark.parametrize("spec", [[], "text", 7, None])
def test_a_creative_that_is_no_object_shows_nothing(spec: Any) -> None:
    found = needs(user("streams", creative("streams", {}, spec=spec)))

    assert [n.words for n in found if n.creative_id == "c1"] == ["public http or https link"]


@pytest.mark.parametrize("status", ["draft", "rejected", "archived"])
def test_only_approved_creatives_are_looked_at(status: str) -> None:
    found = needs(user("virality", creative("virality", IMAGE, status=status)))

    assert {n.creative_id for n in found} == {None}


def test_only_goals_that_are_active_and_known_need_anything() -> None:
    off = replace(user("streams", **NOTHING), goals=(goal("streams", is_active=False), goal("fame")))

    assert needs(off) == ()
