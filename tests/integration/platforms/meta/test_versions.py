"""Each version of the API is used as it is: the switch that widens devices, and the look for assets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from facebook_business.adobjects.adset import AdSet
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from orchestrator.platforms.specs import AdSetSpec
from orchestrator.platforms.user_assets import Asset
from tests.integration.platforms.meta.conftest import PATIENCE, US, User, an_app, build_tree
from tests.integration.platforms.meta.test_asset_lookup import event, look_for, receive

IOS = US | {"user_os": ["iOS"]}
VERSIONS = pytest.mark.parametrize("version", ["v26.0", "v27.0"])


@pytest.fixture
def of_version(user: User, version: str) -> Iterator[User]:
    app = an_app(user.simulator, PATIENCE, version)
    yield replace(user, app=app)
    app.close()


def automation(user: User, ad_set_id: str) -> dict[str, Any]:
    app = user.simulator.get("app")
    session = FacebookSession(app["app_id"], app["app_secret"], user.facts["access_token"], timeout=(5, 60))
    session.GRAPH = user.simulator.url
    read = AdSet(ad_set_id, api=FacebookAdsApi(session)).api_get(fields=["targeting"])
    return dict(read["targeting"]["targeting_automation"])


@pytest.mark.parametrize(("version", "expected"), [("v26.0", {}), ("v27.0", {"device": 0})])
def test_an_audience_on_some_devices_stays_on_them(of_version: User, expected: dict[str, int]):
    user = of_version
    tree = build_tree(user, "streams")
    spec = AdSetSpec(
        name="ios [k:i]", campaign_id=tree.campaign, goal_key="streams", daily_budget_minor=900, targeting=IOS
    )

    made = user.account.create_ad_set(spec)
    (source,) = [each for each in user.account.ad_sets_named(tree.campaign, "[k:i]") if each.id == made]
    copy = user.account.copy_ad_set(source, tree.campaign, " [k:j]")

    for ad_set_id in (made, copy):
        assert automation(user, ad_set_id) == {"advantage_audience": 0} | expected


@VERSIONS
def test_assets_are_looked_for_alike(of_version: User, version: str):
    user = of_version
    trees = [build_tree(user, "streams")]
    receive(user, SmartLinkClick=3)
    wrong, known = event(user, "smartlinkclick"), Asset("interest", "6003139266461")

    assert set(look_for(user, trees, wrong, known).absent_assets or ()) == {wrong}
    assert {each["version"] for each in user.requests()} == {version}
