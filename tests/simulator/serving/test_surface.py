"""The rest of what an ad account offers: images, budgets, logs, tokens, asynchronous copies."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.simulator.client import Client

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def test_an_image_is_uploaded_with_the_sdk(graph: Client, tmp_path: Path):
    file = tmp_path / "cover.png"
    file.write_bytes(PNG)

    image = graph.sdk().create_ad_image(params={"filename": str(file)})

    assert len(image["hash"]) == 32
    story = graph.story(image_hash=image["hash"])
    assert "id" in graph.post(f"{graph.act}/adcreatives", **story)


def test_an_image_may_come_twice_and_is_one(graph: Client):
    url = f"{graph.url}/v26.0/{graph.act}/adimages"
    token = {"access_token": graph.me["access_token"]}
    before = len(graph.get(f"{graph.act}/adimages")["data"])

    answer = requests.post(
        url, data=token, files=[("a.png", PNG), ("filename", ("a.png", PNG))], timeout=30
    ).json()

    assert list(answer["images"]["a.png"])[:2] == ["hash", "url"]
    assert len(graph.get(f"{graph.act}/adimages")["data"]) == before + 1


def test_an_image_may_come_as_text(graph: Client):
    answer = graph.post(f"{graph.act}/adimages", bytes=base64.b64encode(PNG).decode())

    assert list(answer["images"]) == ["bytes"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        pytest.param({}, 100, id="nothing"),
        pytest.param({"bytes": "%"}, 100, id="no base64"),
        pytest.param({"bytes": base64.b64encode(b"text").decode()}, 100, id="no image"),
        pytest.param({"url": "https://example.com/a.png"}, 3, id="an address"),
    ],
)
def test_what_is_no_image_is_refused(graph: Client, params: dict[str, str], code: int):
    assert graph.refused(f"{graph.act}/adimages", **params)[0] == code


def test_an_image_is_deleted_by_its_hash(graph: Client):
    path = f"{graph.act}/adimages"

    assert graph.raw("DELETE", path, hash=graph.me["image_hash"]).json() == {"success": True}
    assert graph.get(path) == {"data": []}
    assert graph.raw("DELETE", path, hash=graph.me["image_hash"]).json()["error"]["code"] == 100


def test_minimum_budgets_are_whole_minor_units(graph: Client):
    rows = {row.pop("currency"): row for row in graph.get(f"{graph.act}/minimum_budgets")["data"]}

    assert rows["USD"] == {
        "min_daily_budget_imp": 100,
        "min_daily_budget_high_freq": 500,
        "min_daily_budget_low_freq": 4000,
        "min_daily_budget_video_views": 500,
    }
    assert rows["JPY"]["min_daily_budget_imp"] == 150


def test_a_bid_raises_the_minimum(graph: Client):
    row = graph.get(f"{graph.act}/minimum_budgets", bid_amount="200")["data"][0]

    assert (row["currency"], row["min_daily_budget_imp"], row["min_daily_budget_high_freq"]) == (
        "USD",
        200,
        1000,
    )


def test_a_bid_raises_the_minimum_of_its_ad_set(graph: Client):
    campaign = graph.campaign()
    bid = {"bid_strategy": "COST_CAP", "bid_amount": 300}

    assert graph.refused(f"{graph.act}/adsets", **graph.ad_set_params(campaign, daily_budget=299, **bid)) == (
        100,
        1885272,
    )
    graph.ad_set(campaign, daily_budget=300, **bid)


def test_every_change_is_in_the_audit_log(graph: Client):
    campaign, ad_set, _ = graph.tree()
    graph.advance(1)
    graph.post(ad_set, daily_budget=1500)
    graph.post(campaign, status="PAUSED")

    rows = graph.get(f"{graph.act}/activities", fields="event_type,event_time,object_id,extra_data")["data"]

    assert [row["event_type"] for row in rows] == [
        "update_campaign_run_status",
        "update_ad_set_budget",
        "create_ad",
        "create_ad_set",
        "create_campaign_group",
    ]
    assert rows[1]["event_time"] == "2026-11-23T13:00:00+0000"
    assert json.loads(rows[1]["extra_data"]) == {"old_value": 1000, "new_value": 1500}
    since = graph.get(f"{graph.act}/activities", since="2026-11-23T13:00:00+0000")["data"]
    assert len(since) == 2
    assert len(graph.get(f"{ad_set}/activities")["data"]) == 2


def test_a_custom_conversion_can_be_made_and_promoted(graph: Client):
    rule = '{"and":[{"event":{"eq":"PresaveComplete"}}]}'
    made = graph.post(
        f"{graph.act}/customconversions",
        name="Presave",
        event_source_id=graph.me["pixel_id"],
        rule=rule,
        custom_event_type="OTHER",
    )["id"]

    ad_set = graph.ad_set(graph.campaign(), promoted_object={"custom_conversion_id": made})

    assert graph.get(made, fields="name,rule,pixel{id},creation_time") == {
        "id": made,
        "name": "Presave",
        "rule": rule,
        "pixel": {"id": graph.me["pixel_id"]},
        "creation_time": "2026-11-23T12:00:00+0000",
    }
    assert graph.get(ad_set, fields="promoted_object")["promoted_object"] == {"custom_conversion_id": made}


@pytest.mark.parametrize(
    "change",
    [{"name": None}, {"rule": None}, {"rule": "x"}, {"event_source_id": "1"}, {"event_source_id": None}],
)
def test_a_custom_conversion_is_refused(graph: Client, change: dict[str, Any]):
    good = {"name": "x", "event_source_id": graph.me["pixel_id"], "rule": "{}"}

    assert graph.refused(f"{graph.act}/customconversions", **(good | change)) == (100, None)


def test_an_account_has_one_pixel(graph: Client):
    assert [each["id"] for each in graph.get(f"{graph.act}/adspixels")["data"]] == [graph.me["pixel_id"]]
    assert graph.refused(f"{graph.act}/adspixels", name="another") == (6200, None)


def test_the_account_names_who_pays_in_the_eu(graph: Client):
    targeting = {"geo_locations": {"countries": ["FR"]}, "targeting_automation": {"advantage_audience": 0}}
    params = graph.ad_set_params(graph.campaign(), targeting=targeting)
    assert graph.refused(f"{graph.act}/adsets", **params) == (100, 3858079)

    graph.post(graph.act, default_dsa_payor="me", default_dsa_beneficiary="me")

    assert "id" in graph.post(f"{graph.act}/adsets", **params)


def app_token(graph: Client) -> str:
    app = graph.sim("app")
    return f"{app['app_id']}|{app['app_secret']}"


def test_a_token_tells_what_it_is(graph: Client):
    answer = graph.get("debug_token", access_token=app_token(graph), input_token=graph.me["access_token"])[
        "data"
    ]

    assert (answer["app_id"], answer["type"], answer["is_valid"], answer["expires_at"]) == (
        graph.sim("app")["app_id"],
        "SYSTEM_USER",
        True,
        0,
    )
    assert {"ads_management", "ads_read", "business_management"} <= set(answer["scopes"])


def test_a_dead_token_tells_so(graph: Client):
    graph.sim("tokens", {"access_token": graph.me["access_token"], "dead": 460})

    answer = graph.get("debug_token", access_token=app_token(graph), input_token=graph.me["access_token"])[
        "data"
    ]

    assert (answer["is_valid"], answer["error"]["code"], answer["error"]["subcode"]) == (False, 190, 460)


def exchange(graph: Client, **change: str) -> Any:
    app = graph.sim("app")
    good = {
        "grant_type": "fb_exchange_token",
        "client_id": app["app_id"],
        "client_secret": app["app_secret"],
        "set_token_expires_in_60_days": "true",
        "fb_exchange_token": graph.me["access_token"],
    }
    return requests.get(f"{graph.url}/v26.0/oauth/access_token", params=good | change, timeout=30).json()


def test_a_new_token_is_given_for_an_old_one_and_both_work(graph: Client):
    answer = exchange(graph)

    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 5184000)
    assert graph.get(graph.act) == {"id": graph.act}
    assert graph.get(graph.act, access_token=answer["access_token"]) == {"id": graph.act}
    graph.advance(24 * 60)
    assert graph.get(graph.act, access_token=answer["access_token"])["error"]["error_subcode"] == 463
    assert graph.get(graph.act) == {"id": graph.act}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": "1"}, 101),
        ({"client_secret": "x"}, 1),
        ({"fb_exchange_token": "x"}, 190),
        ({"grant_type": "x"}, 100),
    ],
)
def test_an_exchange_is_refused(graph: Client, change: dict[str, str], code: int):
    assert exchange(graph, **change)["error"]["code"] == code


def test_a_revoked_token_is_dead(graph: Client):
    app = graph.sim("app")
    graph.get(
        "oauth/revoke",
        client_id=app["app_id"],
        client_secret=app["app_secret"],
        revoke_token=graph.me["access_token"],
    )

    assert graph.get(graph.act)["error"]["error_subcode"] == 458


def many_ads(graph: Client, count: int) -> str:
    ads = [{"name": f"ad {number}"} for number in range(count)]
    me = graph.open_account(campaigns=[{"ad_sets": [{"daily_budget_minor": 500, "ads": ads}]}])
    return str(me["campaigns"][0]["ad_sets"][0]["id"])


def copy_later(graph: Client, ad_set: str) -> Any:
    call = {"method": "POST", "relative_url": f"{ad_set}/copies", "name": "copy", "body": "deep_copy=true"}
    session = graph.post("", asyncbatch=[call])["async_sessions"][0]
    graph.advance(1)
    return graph.get(session["id"], fields="status,result,name")


def test_a_large_copy_can_be_made_later(graph: Client):
    answer = copy_later(graph, many_ads(graph, 40))

    assert (answer["status"], answer["name"]) == ("COMPLETED_SUCCESS", "copy")
    assert len(json.loads(answer["result"])["ad_object_ids"]) == 41


def test_more_than_51_ads_cannot_be_copied_at_all(graph: Client):
    ad_set = many_ads(graph, 52)

    answer = copy_later(graph, ad_set)

    assert answer["status"] == "COMPLETED_ERROR"
    assert json.loads(answer["result"])["error"]["error_subcode"] == 1885194


def test_a_set_of_requests_is_polled_until_it_is_done(graph: Client):
    campaign = graph.campaign()
    good = {"name": "a", "relative_url": f"{graph.act}/adsets", "body": graph.ad_set_params(campaign)}
    bad = {"name": "b", "relative_url": f"{graph.act}/adsets", "body": {"name": "x"}}
    made = graph.post(f"{graph.act}/async_batch_requests", name="set", adbatch=[good, bad])["id"]

    assert graph.get(made, fields="is_completed,success_count") == {
        "id": made,
        "is_completed": False,
        "success_count": 0,
    }
    graph.advance(1)
    assert graph.get(made, fields="is_completed,success_count,error_count") == {
        "id": made,
        "is_completed": True,
        "success_count": 1,
        "error_count": 1,
    }
    rows = graph.get(f"{made}/requests", fields="id,status,result")["data"]
    assert [row["status"] for row in rows] == ["SUCCESS", "ERROR"]
    assert graph.get(rows[0]["result"]["id"], fields="name")["name"] == "ad set"


def test_a_set_of_one_request_is_too_small(graph: Client):
    one = [{"name": "a", "relative_url": f"{graph.act}/adsets", "body": {}}]

    error = graph.post(f"{graph.act}/async_batch_requests", name="set", adbatch=one)["error"]

    assert (error["code"], error["message"]) == (194, "(#194) Param adbatch has too few elements")


def test_spending_limits_stop_delivery(graph: Client):
    rates = {"cpm_minor": 500, "click_rate": 0.02, "cost_per_result_minor": 50}
    forms = [{"daily_budget_minor": 10000, "rates": rates}] * 2
    graph.open_account(campaigns=[{"ad_sets": forms}, {"ad_sets": forms}])
    first = graph.me["campaigns"][0]["id"]
    graph.post(first, spend_cap=30000)
    graph.post(graph.act, spend_cap="700.00")
    graph.advance(24 * 20)

    campaigns = graph.sim(f"state?account={graph.act}")["accounts"][0]["campaigns"]
    assert 29000 < campaigns[0]["spend_minor"] <= 30000
    assert 69000 < sum(each["spend_minor"] for each in campaigns) <= 70000


def test_lenient_bears_unknown_parameters(graph: Client):
    graph.sim("reset", {"lenient": True})
    graph.open_account()

    assert "error" not in graph.get(f"{graph.act}/campaigns", mood="good")
    assert graph.refused(f"{graph.act}/campaigns", name="c", mood="good") == (100, None)
