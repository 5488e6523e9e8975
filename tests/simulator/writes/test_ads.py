"""Creatives, ads, their review, labels."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.client import US, Client


def test_a_creative_is_read_back(graph: Client):
    creative = graph.creative(name="x", url_tags="utm_source=meta")

    answer = graph.get(
        creative, fields="name,object_story_spec,url_tags,status,object_type,effective_object_story_id"
    )

    assert answer == {
        "id": creative,
        "name": "x",
        "url_tags": "utm_source=meta",
        "status": "ACTIVE",
        "object_type": "SHARE",
        "effective_object_story_id": f"{graph.me['page_id']}_{creative}",
        **graph.story(),
    }


@pytest.mark.parametrize(
    ("link", "subcode"),
    [
        pytest.param({"link": None}, 2061015, id="link missing"),
        pytest.param({"image_hash": "0" * 32}, None, id="image of nobody"),
        pytest.param({"colour": "blue"}, None, id="unknown field"),
    ],
)
def test_a_link_creative_is_refused(graph: Client, link: dict[str, Any], subcode: int | None):
    assert graph.refused(f"{graph.act}/adcreatives", name="x", **graph.story(**link)) == (100, subcode)


def test_a_creative_in_the_name_of_another_page_is_refused(graph: Client):
    story = graph.story()["object_story_spec"] | {"page_id": "1"}

    assert graph.refused(f"{graph.act}/adcreatives", object_story_spec=story) == (100, 1487202)
    assert graph.refused(f"{graph.act}/adcreatives", object_story_id="1_2") == (100, 1487202)


def test_a_creative_that_shows_nothing_is_refused(graph: Client):
    assert graph.refused(f"{graph.act}/adcreatives", name="x") == (100, None)


def test_the_bundle_of_enhancements_is_gone(graph: Client):
    freedom = {"creative_features_spec": {"standard_enhancements": {"enroll_status": "OPT_OUT"}}}

    refused = graph.refused(f"{graph.act}/adcreatives", **graph.story(), degrees_of_freedom_spec=freedom)

    assert refused == (100, 3858504)


@pytest.mark.parametrize(
    ("change", "subcode"),
    [
        pytest.param({}, None, id="good"),
        pytest.param({"video_id": "1"}, 0, id="video of nobody"),
        pytest.param({"image_hash": None}, 0, id="no picture"),
        pytest.param({"call_to_action": {"type": "LISTEN_NOW"}}, 2446383, id="call to action without link"),
    ],
)
def test_a_video_creative(graph: Client, change: dict[str, Any], subcode: int | None):
    data = {"video_id": graph.me["video_id"], "image_hash": graph.me["image_hash"]} | change
    story = {"page_id": graph.me["page_id"], "video_data": data}

    answer = graph.post(f"{graph.act}/adcreatives", object_story_spec=story)

    assert answer.get("error", {}).get("error_subcode", 0 if "error" in answer else None) == subcode


def test_a_creative_can_only_change_name_status_and_labels(graph: Client):
    creative = graph.creative()

    assert graph.post(creative, name="y") == {"success": True}
    assert graph.refused(creative, url_tags="x=1") == (100, None)


@pytest.mark.parametrize(
    ("change", "code", "subcode"),
    [
        pytest.param({"name": None}, 100, None, id="name missing"),
        pytest.param({"adset_id": None}, 194, None, id="ad set missing"),
        pytest.param({"creative": None}, 194, None, id="creative missing"),
        pytest.param({"creative": {"creative_id": "1"}}, 100, None, id="creative of nobody"),
        pytest.param({"adset_id": "1"}, 100, None, id="ad set of nobody"),
        pytest.param({"status": "ARCHIVED"}, 100, None, id="archived at create"),
    ],
)
def test_an_ad_is_refused(graph: Client, change: dict[str, Any], code: int, subcode: int | None):
    ad_set = graph.ad_set(graph.campaign())
    good = {"name": "a", "adset_id": ad_set, "creative": {"creative_id": graph.creative()}}

    assert graph.refused(f"{graph.act}/ads", **(good | change)) == (code, subcode)


def test_an_ad_set_has_at_most_50_ads(graph: Client):
    forms = [{"name": str(number)} for number in range(50)]
    me = graph.open_account(campaigns=[{"ad_sets": [{"daily_budget_minor": 100, "ads": forms}]}])
    ad_set = me["campaigns"][0]["ad_sets"][0]["id"]

    refused = graph.refused(
        f"{graph.act}/ads", name="a", adset_id=ad_set, creative={"creative_id": graph.creative()}
    )

    assert refused == (100, None)


def test_an_instagram_goal_needs_an_instagram_identity(graph: Client):
    ad_set = graph.ad_set(
        graph.campaign(objective="OUTCOME_TRAFFIC"),
        optimization_goal="VISIT_INSTAGRAM_PROFILE",
        destination_type="INSTAGRAM_PROFILE",
        promoted_object={"page_id": graph.me["page_id"]},
        targeting=US | {"publisher_platforms": ["instagram"]},
    )
    story = graph.story()["object_story_spec"]
    story.pop("instagram_user_id")
    without = graph.post(f"{graph.act}/adcreatives", object_story_spec=story)["id"]

    refused = graph.refused(f"{graph.act}/ads", name="a", adset_id=ad_set, creative={"creative_id": without})

    assert refused == (100, 1772103)


def test_an_ad_is_reviewed_before_it_runs(graph: Client):
    _, _, ad = graph.tree()

    assert graph.get(ad, fields="status,effective_status") == {
        "id": ad,
        "status": "ACTIVE",
        "effective_status": "PENDING_REVIEW",
    }
    graph.advance(0.5)
    assert graph.get(ad, fields="effective_status")["effective_status"] == "ACTIVE"


def test_a_disapproved_ad_does_not_run(graph: Client):
    _, _, ad = graph.tree()
    graph.sim("review", {"ad_id": ad, "verdict": "DISAPPROVED"})
    graph.advance(48)

    assert graph.get(ad, fields="effective_status")["effective_status"] == "DISAPPROVED"
    assert graph.get(f"{ad}/insights", date_preset="maximum") == {"data": []}


def test_another_creative_is_reviewed_again(graph: Client):
    _, _, ad = graph.tree()
    graph.advance(1)
    graph.post(ad, creative={"creative_id": graph.creative()})

    assert graph.get(ad, fields="effective_status")["effective_status"] == "PENDING_REVIEW"


def test_an_ad_can_be_created_with_a_whole_creative(graph: Client):
    ad_set = graph.ad_set(graph.campaign())

    ad = graph.ad(ad_set, creative=graph.story())

    creative = graph.get(ad, fields="creative{id,name,object_story_spec}")["creative"]
    assert creative["object_story_spec"] == graph.story()["object_story_spec"]


def test_labels_find_what_they_are_on(graph: Client):
    campaign = graph.campaign(adlabels=[{"name": "idem:1"}])
    graph.campaign()
    labels = graph.get(f"{graph.act}/adlabels", fields="name")["data"]

    found = graph.get(f"{graph.act}/campaignsbylabels", ad_label_ids=[labels[0]["id"]], operator="ANY")

    assert [each["name"] for each in labels] == ["idem:1"]
    assert [each["id"] for each in found["data"]] == [campaign]


def test_labels_are_added_by_the_edge_and_replaced_by_an_update(graph: Client):
    campaign = graph.campaign(adlabels=[{"name": "a"}])
    graph.post(f"{campaign}/adlabels", adlabels=[{"name": "b"}])

    both = graph.get(campaign, fields="adlabels")["adlabels"]
    graph.post(campaign, adlabels=[{"name": "c"}])

    assert [label["name"] for label in both] == ["a", "b"]
    assert [label["name"] for label in graph.get(campaign, fields="adlabels")["adlabels"]] == ["c"]
