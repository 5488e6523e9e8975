"""A creative must fit the goal, and what a call names must exist."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import US, Client

PAGE = "page"
GOALS: dict[str, dict[str, Any]] = {
    "THRUPLAY": {"objective": "OUTCOME_ENGAGEMENT", "destination_type": "ON_VIDEO", "promoted_object": None},
    "LEAD_GENERATION": {"objective": "OUTCOME_LEADS", "destination_type": "ON_AD", "promoted_object": PAGE},
    "LINK_CLICKS": {"objective": "OUTCOME_TRAFFIC", "destination_type": "WEBSITE", "promoted_object": None},
    "OFFSITE_CONVERSIONS": {"objective": "OUTCOME_SALES"},
    "VISIT_INSTAGRAM_PROFILE": {
        "objective": "OUTCOME_TRAFFIC",
        "destination_type": "INSTAGRAM_PROFILE",
        "promoted_object": PAGE,
    },
}
LINK = "https://example.com/song"


def an_ad_set(graph: Client, goal: str) -> str:
    more = dict(GOALS[goal])
    campaign = graph.campaign(objective=more.pop("objective"))
    if more.get("promoted_object") == PAGE:
        more["promoted_object"] = {"page_id": graph.me["page_id"]}
    return graph.ad_set(campaign, optimization_goal=goal, **more)


def story(graph: Client, *, video: bool, button: Any, identity: bool = True) -> dict[str, Any]:
    speakers = {"page_id": graph.me["page_id"]}
    if identity:
        speakers["instagram_user_id"] = graph.me["instagram_user_id"]
    shown = {"image_hash": graph.me["image_hash"], "call_to_action": button}
    if not button:
        del shown["call_to_action"]
    if video:
        return speakers | {"video_data": {"video_id": graph.me["video_id"], **shown}}
    return speakers | {"link_data": {"link": LINK, **shown}}


def refusal(answer: dict[str, Any]) -> tuple[int, int | None, str] | None:
    error = answer.get("error")
    return (error["code"], error.get("error_subcode"), error.get("error_user_title", "")) if error else None


def offered(graph: Client, goal: str, kind: str) -> dict[str, Any]:
    """The answer to an ad of this goal with a creative of this kind."""
    form = graph.me["lead_form_id"]
    buttons = {
        "button": {"type": "LISTEN_NOW", "value": {"link": LINK}},
        "form": {"type": "SIGN_UP", "value": {"link": LINK, "lead_gen_form_id": form}},
    }
    shown = story(
        graph,
        video="video" in kind,
        button=next((buttons[name] for name in buttons if name in kind), None),
        identity="no identity" not in kind,
    )
    ad = {"name": "a", "adset_id": an_ad_set(graph, goal), "creative": {"object_story_spec": shown}}
    answer: dict[str, Any] = graph.post(f"{graph.act}/ads", **ad)
    return answer


@pytest.mark.parametrize(
    ("goal", "kind", "expected"),
    [
        ("THRUPLAY", "video", None),
        ("THRUPLAY", "link with button", (100, None, "Video is missing")),
        ("LEAD_GENERATION", "link with form", None),
        ("LEAD_GENERATION", "video with form", None),
        ("LEAD_GENERATION", "link with button", (100, None, "Instant form is missing")),
        ("LEAD_GENERATION", "link", (100, None, "Instant form is missing")),
        ("LINK_CLICKS", "link with button", None),
        ("LINK_CLICKS", "video with button", None),
        ("LINK_CLICKS", "link", (100, None, "Call to action is missing")),
        ("LINK_CLICKS", "video", (100, 2446383, "The link field is required")),
        ("OFFSITE_CONVERSIONS", "link", None),
        ("OFFSITE_CONVERSIONS", "video with button", None),
        ("OFFSITE_CONVERSIONS", "video", (100, 2446383, "The link field is required")),
        ("VISIT_INSTAGRAM_PROFILE", "link", None),
        ("VISIT_INSTAGRAM_PROFILE", "link, no identity", (100, 1772103, "Instagram account is missing")),
    ],
)
def test_a_creative_must_fit_the_goal(
    graph: Client, goal: str, kind: str, expected: tuple[int, int | None, str] | None
):
    assert refusal(offered(graph, goal, kind)) == expected


def test_a_simulator_that_is_told_so_does_not_mind(graph: Client):
    graph.sim("reset", {"checks_fit": False})
    graph.open_account()
    assert "id" in offered(graph, "THRUPLAY", "link")


def test_another_creative_and_a_copy_must_fit_too(graph: Client):
    plays = offered(graph, "THRUPLAY", "video")["id"]
    link = graph.creative()
    assert (
        graph.post(plays, creative={"creative_id": link})["error"]["error_user_title"] == "Video is missing"
    )
    clicks = graph.ad(graph.ad_set(graph.campaign()), creative={"creative_id": link})
    refused = graph.post(f"{clicks}/copies", adset_id=an_ad_set(graph, "THRUPLAY"))
    assert refused["error"]["error_user_title"] == "Video is missing"


def test_what_is_seeded_fits_its_goal_and_can_be_copied(graph: Client):
    goals = {
        "THRUPLAY": "OUTCOME_ENGAGEMENT",
        "LEAD_GENERATION": "OUTCOME_LEADS",
        "LINK_CLICKS": "OUTCOME_TRAFFIC",
    }
    forms = [
        {"objective": objective, "ad_sets": [{"daily_budget_minor": 1000, "optimization_goal": goal}]}
        for goal, objective in goals.items()
    ]
    graph.open_account(campaigns=forms)
    for campaign in graph.me["campaigns"]:
        answer = graph.post(f"{campaign['ad_sets'][0]['id']}/copies", deep_copy=True)
        assert len(answer["ad_object_ids"]) == 2, answer


@pytest.mark.parametrize(
    ("link", "is_good"),
    [
        ("https://example.com", True),
        ("http://a.b/c?d=e", True),
        ("example.com", False),
        ("https://nowhere", False),
        ("https://", False),
        ("ftp://example.com", False),
    ],
)
def test_a_link_must_be_one(graph: Client, link: str, *, is_good: bool):
    assert ("id" in graph.post(f"{graph.act}/adcreatives", **graph.story(link=link))) == is_good


def test_a_form_must_be_one_of_the_page_and_active(graph: Client):
    form = graph.me["lead_form_id"]
    for number, is_good in (("1", False), (form, True)):
        button = {"type": "SIGN_UP", "value": {"lead_gen_form_id": number}}
        answer = graph.post(f"{graph.act}/adcreatives", **graph.story(call_to_action=button))
        assert ("id" in answer) == is_good
    graph.sim("assets", {"id": form, "is_gone": True})
    refused = graph.post(f"{graph.act}/adcreatives", **graph.story(call_to_action=button))
    assert refused["error"]["message"] == f"(#100) Param lead_gen_form_id: the Page has no active form {form}"


def test_lead_terms_that_nobody_accepted_are_refused_for_good(graph: Client):
    graph.sim("accounts", {"ad_account_id": graph.act, "has_lead_terms": False})
    more = {name: value for name, value in GOALS["LEAD_GENERATION"].items() if name != "objective"}
    more |= {"promoted_object": {"page_id": graph.me["page_id"]}, "optimization_goal": "LEAD_GENERATION"}
    params = graph.ad_set_params(graph.campaign(objective="OUTCOME_LEADS"), **more)
    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 1815089)


@pytest.mark.parametrize(
    ("targeting", "title"),
    [
        ({"interests": [{"id": "6003139266461"}]}, None),
        ({"interests": [{"id": "6003139266461"}, {"id": "77"}]}, "Invalid interest"),
        ({"flexible_spec": [{"interests": [{"id": "77"}]}]}, "Invalid interest"),
        ({"custom_audiences": [{"id": "AUDIENCE"}]}, None),
        ({"custom_audiences": [{"id": "1"}]}, "Custom audience isn't available"),
        ({"excluded_custom_audiences": [{"id": "1"}]}, "Custom audience isn't available"),
    ],
)
def test_what_a_targeting_names_must_exist(graph: Client, targeting: dict[str, Any], title: str | None):
    graph.open_account(custom_audiences=["Fans"])
    (audience,) = graph.me["custom_audience_ids"]
    named = {
        name: [{"id": audience} if each.get("id") == "AUDIENCE" else each for each in items]
        for name, items in targeting.items()
    }
    params = graph.ad_set_params(graph.campaign(), targeting=US | named)

    found = refusal(graph.post(f"{graph.act}/adsets", **params))

    assert (found[2] if found else None) == title


def test_a_simulator_may_take_assets_on_trust(graph: Client):
    graph.sim("reset", {"checks_assets": False})
    graph.open_account()
    button = {"type": "SIGN_UP", "value": {"lead_gen_form_id": "1"}}
    assert "id" in graph.post(f"{graph.act}/adcreatives", **graph.story(call_to_action=button))
    graph.ad_set(
        graph.campaign(), targeting=US | {"custom_audiences": [{"id": "1"}], "interests": [{"id": "7"}]}
    )


HOUSING = {"special_ad_categories": ["HOUSING"], "special_ad_category_country": ["US"]}
TITLE = "Targeting isn't available for this special ad category"


@pytest.mark.parametrize(
    ("change", "is_good"),
    [
        ({}, True),
        ({"age_min": 18, "age_max": 65}, True),
        ({"age_min": 19}, False),
        ({"age_max": 64}, False),
        ({"genders": [1, 2]}, True),
        ({"genders": [0]}, True),
        ({"genders": [2]}, False),
        ({"geo_locations": {"countries": ["US", "CA"]}}, False),
        ({"geo_locations": {"zips": [{"key": "US:94304"}]}}, False),
        ({"exclusions": {"interests": [{"id": "6003139266461"}]}}, False),
    ],
)
def test_a_special_category_restricts_the_targeting(graph: Client, change: dict[str, Any], *, is_good: bool):
    params = graph.ad_set_params(graph.campaign(**HOUSING), targeting=US | change)

    found = refusal(graph.post(f"{graph.act}/adsets", **params))

    assert found == (None if is_good else (100, None, TITLE))
    if "CA" not in str(change):
        plain = graph.ad_set_params(graph.campaign(), targeting=US | change)
        assert "id" in graph.post(f"{graph.act}/adsets", **plain)
