"""Assets that are read before a plan is made, in one batch, and assets that are gone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.client import Client


def reads(graph: Client) -> dict[str, str]:
    me = graph.me
    return {
        "page_id": f"{me['page_id']}?fields=id,name,is_published,instagram_business_account",
        "instagram_user_id": f"{me['instagram_user_id']}?fields=id,username",
        "pixel_id": f"{me['pixel_id']}?fields=id,name,is_unavailable",
        "custom_conversion_id": f"{me['custom_conversion_id']}?fields=id,name,is_archived",
        "lead_form_id": f"{me['lead_form_id']}?fields=id,name,status,page",
        "video_id": f"{me['video_id']}?fields=id,status",
    }


def batch(graph: Client, urls: list[str]) -> list[tuple[int, Any]]:
    calls = [{"method": "GET", "relative_url": url} for url in urls]
    return [(slot["code"], json.loads(slot["body"])) for slot in graph.post("", batch=calls)]


def test_every_asset_is_read_in_one_batch(graph: Client):
    found = batch(graph, list(reads(graph).values()))

    assert [code for code, _ in found] == [200] * 6
    page, speaker, pixel, conversion, form, video = (body for _, body in found)
    assert page["instagram_business_account"]["id"] == speaker["id"] == graph.me["instagram_user_id"]
    assert (page["is_published"], pixel["is_unavailable"], conversion["is_archived"]) == (True, False, False)
    assert (form["status"], form["page"]["id"]) == ("ACTIVE", graph.me["page_id"])
    assert video["status"] == {"video_status": "ready"}


def test_images_are_read_by_their_hashes(graph: Client):
    graph.open_account(images=["a" * 32, "b" * 32])

    found = graph.get(f"{graph.act}/adimages", hashes=["a" * 32, "c" * 32], fields="hash,status")["data"]

    assert [(each["hash"], each["status"]) for each in found] == [("a" * 32, "ACTIVE")]
    assert len(graph.get(f"{graph.act}/adimages")["data"]) == 3


def test_the_edges_list_forms_videos_and_audiences(graph: Client):
    graph.open_account(lead_forms=["Tour"], custom_audiences=["Fans"])
    me = graph.me
    forms = graph.get(f"{me['page_id']}/leadgen_forms", fields="name")["data"]
    assert [each["name"] for each in forms] == ["Tour", "Newsletter"]
    assert [each["id"] for each in forms] == me["lead_form_ids"][::-1]
    audiences = graph.get(f"{me['ad_account_id']}/customaudiences", fields="name")["data"]
    assert audiences == [{"id": me["custom_audience_ids"][0], "name": "Fans"}]
    assert graph.get(f"{me['ad_account_id']}/advideos")["data"] == [{"id": me["video_id"]}]


@pytest.mark.parametrize(
    "name", ["page_id", "instagram_user_id", "pixel_id", "custom_conversion_id", "lead_form_id", "video_id"]
)
def test_an_asset_that_is_gone_is_no_object(graph: Client, name: str):
    url = reads(graph)[name]
    assert graph.sim("assets", {"id": graph.me[name], "is_gone": True}) == {
        "id": graph.me[name],
        "is_gone": True,
    }

    ((code, body),) = batch(graph, [url])
    assert (code, body["error"]["code"], body["error"]["error_subcode"]) == (400, 100, 33)

    graph.sim("assets", {"id": graph.me[name], "is_gone": False})
    assert batch(graph, [url])[0][0] == 200


@pytest.mark.parametrize(
    ("name", "edge", "refused"),
    [
        ("page_id", "adcreatives", (100, 1487202)),
        ("instagram_user_id", "adcreatives", (100, 1772103)),
        ("pixel_id", "adsets", (100, 1885014)),
        ("custom_conversion_id", "conversion", (100, 1885014)),
    ],
)
def test_nothing_new_is_made_of_what_is_gone(graph: Client, name: str, edge: str, refused: tuple[int, int]):
    campaign = graph.campaign()
    params = {
        "adcreatives": graph.story(),
        "adsets": graph.ad_set_params(campaign),
        "conversion": graph.ad_set_params(
            campaign, promoted_object={"custom_conversion_id": graph.me["custom_conversion_id"]}
        ),
    }[edge]
    path = f"{graph.act}/{'adcreatives' if edge == 'adcreatives' else 'adsets'}"
    assert "id" in graph.post(path, **params)

    graph.sim("assets", {"id": graph.me[name], "is_gone": True})

    assert graph.refused(path, **params) == refused


def test_an_archived_conversion_is_promoted_no_more(graph: Client):
    campaign, number = graph.campaign(), graph.me["custom_conversion_id"]
    params = graph.ad_set_params(campaign, promoted_object={"custom_conversion_id": number})
    assert graph.delete(number) == {"success": True}
    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 1885014)
    assert graph.get(number, fields="is_archived")["is_archived"] is True


def test_an_archived_form_takes_no_leads(graph: Client):
    form = graph.me["lead_form_id"]
    button = {"type": "SIGN_UP", "value": {"lead_gen_form_id": form}}
    graph.sim("assets", {"id": form, "is_archived": True})
    assert graph.get(form, fields="status")["status"] == "ARCHIVED"
    assert "error" in graph.post(f"{graph.act}/adcreatives", **graph.story(call_to_action=button))
    graph.sim("assets", {"id": form, "is_archived": False})
    assert "id" in graph.post(f"{graph.act}/adcreatives", **graph.story(call_to_action=button))


def test_only_forms_and_conversions_are_archived(graph: Client):
    page = graph.me["page_id"]
    answer = graph.sim("assets", {"id": page, "is_archived": True})
    assert answer == {"error": f"there is no such asset {page}"}
    assert graph.sim("assets", {"id": "1", "is_gone": True}) == {"error": "there is no such asset 1"}
