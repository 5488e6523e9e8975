"""Versions side by side: what v27 does, what an app made since v27 has not got."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.simulator.client import US, Client

CAPABILITY = {"code": 3, "message": "(#3) Application does not have the capability to make this API call."}


def at(graph: Client, version: str, method: str, path: str, **params: Any) -> requests.Response:
    """A call by another version than the client's own."""
    return graph.raw(method, path, version=version, **params)


@pytest.mark.parametrize("version", ["v25.0", "v26.0", "v27.0"])
def test_each_version_answers_in_its_own_name(graph: Client, version: str):
    for number in range(2):
        graph.campaign(name=str(number))

    answer = at(graph, version, "GET", f"{graph.act}/campaigns", limit=1)

    assert answer.headers["facebook-api-version"] == version
    assert f"/{version}/{graph.act}/campaigns" in answer.json()["paging"]["next"]


def test_v25_ends_in_february(graph: Client):
    graph.sim("clock", {"now": "2027-02-22T23:59:59Z"})
    assert at(graph, "v25.0", "GET", graph.act).json() == {"id": graph.act}
    graph.sim("clock", {"advance_seconds": 1})
    assert at(graph, "v25.0", "GET", graph.act).json()["error"]["code"] == 2635
    assert at(graph, "v26.0", "GET", graph.act).json() == {"id": graph.act}


IOS = {"user_os": ["iOS"]}


@pytest.mark.parametrize(
    ("version", "objective", "targeting", "device"),
    [
        ("v27.0", "OUTCOME_SALES", IOS, 1),
        ("v27.0", "OUTCOME_SALES", {"user_device": ["iPhone"]}, 1),
        ("v27.0", "OUTCOME_SALES", {}, None),
        ("v27.0", "OUTCOME_SALES", IOS | {"targeting_automation": {"advantage_audience": 0, "device": 0}}, 0),
        ("v27.0", "OUTCOME_SALES", IOS | {"targeting_automation": {"advantage_audience": 0, "device": 1}}, 1),
        ("v27.0", "OUTCOME_LEADS", IOS, None),
        ("v26.0", "OUTCOME_SALES", IOS, None),
    ],
)
def test_v27_widens_the_devices_of_sales_unless_declined(
    graph: Client, version: str, objective: str, targeting: dict[str, Any], device: int | None
):
    promoted = {"pixel_id": graph.me["pixel_id"], "custom_event_type": "LEAD"}
    params = graph.ad_set_params(
        graph.campaign(objective=objective), targeting=US | targeting, promoted_object=promoted
    )

    made = at(graph, version, "POST", f"{graph.act}/adsets", **params).json()["id"]

    shown = graph.get(made, fields="targeting")["targeting"]["targeting_automation"]
    assert shown.get("device") == device


def test_an_update_widens_too_and_later_every_version_does(graph: Client):
    ad_set = graph.ad_set(graph.campaign())
    graph.post(ad_set, targeting=US | IOS)
    automation = {"id": ad_set, "targeting": {"targeting_automation": {"advantage_audience": 0}}}
    assert graph.get(ad_set, fields="targeting{targeting_automation}") == automation
    graph.sim("clock", {"now": "2027-02-23T00:00:00Z"})
    graph.post(ad_set, targeting=US | IOS)
    automation["targeting"]["targeting_automation"]["device"] = 1
    assert graph.get(ad_set, fields="targeting{targeting_automation}") == automation


def test_a_copy_widens_too(graph: Client):
    ad_set = graph.ad_set(graph.campaign(), targeting=US | IOS)
    automations = []
    for version in ("v26.0", "v27.0"):
        made = at(graph, version, "POST", f"{ad_set}/copies").json()["copied_adset_id"]
        automations.append(graph.get(made, fields="targeting")["targeting"]["targeting_automation"])
    assert automations == [{"advantage_audience": 0}, {"advantage_audience": 0, "device": 1}]


@pytest.mark.parametrize(
    ("version", "now", "more", "refused"),
    [
        ("v27.0", None, {"device": 0}, False),
        ("v27.0", None, {"device": 2}, True),
        ("v27.0", None, {"devices": 0}, True),
        ("v26.0", None, {}, False),
        ("v26.0", None, {"shared_audiences": 0}, False),
        ("v26.0", None, {"device": 0}, True),
        ("v26.0", "2027-02-22T23:59:59Z", {"device": 0}, True),
        ("v26.0", "2027-02-23T00:00:00Z", {"device": 0}, False),
        ("v26.0", "2027-02-23T00:00:00Z", {"device": 2}, True),
    ],
)
def test_each_version_knows_its_own_automation(
    graph: Client, version: str, now: str | None, more: dict[str, int], *, refused: bool
):
    graph.sim("clock", {"now": now} if now else {})
    automation = {"targeting_automation": {"advantage_audience": 0} | more}
    params = graph.ad_set_params(graph.campaign(), targeting=US | automation)

    made = at(graph, version, "POST", f"{graph.act}/adsets", **params).json()
    changed = at(graph, version, "POST", graph.ad_set(graph.campaign()), targeting=US | automation).json()

    assert [answer.get("error", {}).get("code") for answer in (made, changed)] == [
        100 if refused else None
    ] * 2


def test_a_copy_keeps_what_its_version_does_not_know(graph: Client):
    automation = {"advantage_audience": 0, "device": 0}
    params = graph.ad_set_params(graph.campaign(), targeting=US | IOS | {"targeting_automation": automation})
    ad_set = at(graph, "v27.0", "POST", f"{graph.act}/adsets", **params).json()["id"]

    made = at(graph, "v26.0", "POST", f"{ad_set}/copies").json()["copied_adset_id"]

    assert graph.get(made, fields="targeting")["targeting"]["targeting_automation"] == automation


@pytest.fixture
def new(graph: Client) -> Client:
    """A client of an app made since v27."""
    graph.sim("reset", {"new_app": True})
    graph.open_account()
    graph.version = "v27.0"
    return graph


def test_a_new_app_calls_v27_alone(new: Client):
    assert new.get(new.act) == {"id": new.act}
    assert at(new, "v26.0", "GET", new.act).json()["error"]["code"] == 2635
    assert new.sim("app")["new_app"] is True


def test_a_new_app_has_no_asynchronous_batch(new: Client):
    call = {"method": "POST", "relative_url": f"{new.act}/campaigns", "body": "name=x"}
    item = {"name": "a", "relative_url": f"{new.act}/campaigns", "body": "name=x"}
    for answer in (
        new.post("", asyncbatch=[call]),
        new.post(f"{new.act}/async_batch_requests", name="set", adbatch=[item, item]),
    ):
        assert {name: answer["error"][name] for name in CAPABILITY} == CAPABILITY
    assert new.post("", batch=[{"method": "GET", "relative_url": new.act}])[0]["code"] == 200


@pytest.mark.parametrize("fields", ["name.as(title)", "name,adsets{id,name.as(title)}"])
def test_a_new_app_has_no_aliases(new: Client, fields: str):
    campaign = new.campaign()
    assert new.get(campaign, fields=fields)["error"]["code"] == 100
    assert new.get(campaign, fields="name") == {"id": campaign, "name": "campaign"}


def test_a_new_app_has_no_method_override(new: Client):
    form = {"access_token": new.me["access_token"], "method": "GET", "fields": "currency"}
    answer = requests.post(f"{new.url}/v27.0/{new.act}", data=form, timeout=30).json()
    assert answer["error"]["code"] == 100
    assert new.get(new.act, fields="currency") == {"id": new.act, "currency": "USD"}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("me/adaccounts", ["account_id", "id"]),
        ("me/accounts", ["access_token", "category", "name", "id", "tasks"]),
        ("ACT/campaigns", ["id"]),
        ("ACT/adimages", ["id", "hash"]),
        ("PAGE/leadgen_forms", ["id", "locale", "name", "status"]),
    ],
)
def test_an_edge_without_fields_answers_its_default_ones(graph: Client, path: str, names: list[str]):
    graph.campaign()
    place = path.replace("ACT", graph.act).replace("PAGE", str(graph.me["page_id"]))

    assert list(graph.get(place)["data"][0]) == names
    assert list(graph.get(place, fields="id")["data"][0]) == ["id"]


def test_an_expanded_edge_answers_its_default_fields_too(graph: Client):
    (found,) = graph.get("me", fields="adaccounts")["adaccounts"]["data"]
    assert found == {"account_id": graph.act.removeprefix("act_"), "id": graph.act}
