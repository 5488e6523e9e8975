"""One campaign tree through Meta's own SDK, from create to Insights."""

from __future__ import annotations

from facebook_business.adobjects.adset import AdSet

from tests.simulator.client import US, Client


def test_a_tree_made_with_the_sdk_delivers(graph: Client):
    account = graph.sdk()
    campaign = account.create_campaign(
        params={
            "name": "c",
            "objective": "OUTCOME_TRAFFIC",
            "special_ad_categories": [],
            "status": "ACTIVE",
            "is_adset_budget_sharing_enabled": False,
        }
    )
    ad_set = account.create_ad_set(
        params={
            "name": "s",
            "campaign_id": campaign["id"],
            "optimization_goal": "LINK_CLICKS",
            "billing_event": "IMPRESSIONS",
            "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
            "daily_budget": 1000,
            "targeting": US,
            "status": "ACTIVE",
        }
    )
    button = {"type": "LISTEN_NOW", "value": {"link": "https://example.com"}}
    creative = account.create_ad_creative(params={"name": "x", **graph.story(call_to_action=button)})
    account.create_ad(
        params={
            "name": "a",
            "adset_id": ad_set["id"],
            "creative": {"creative_id": creative["id"]},
            "status": "ACTIVE",
        }
    )
    graph.advance(72)
    found = account.get_insights(
        fields=["adset_id", "spend", "impressions", "actions"],
        params={"level": "adset", "date_preset": "maximum"},
    )
    rows = list(found)

    assert [row["adset_id"] for row in rows] == [ad_set["id"]]
    assert float(rows[0]["spend"]) > 10
    assert {action["action_type"] for action in rows[0]["actions"]} >= {"link_click"}


def test_a_copy_through_the_sdk_is_found_by_its_source(graph: Client):
    _, ad_set_id, _ = graph.tree()
    source = AdSet(ad_set_id, api=graph.sdk()._api)

    answer = source.create_copy(params={"deep_copy": True, "rename_options": {"rename_suffix": " [k:1]"}})
    found = source.get_copies(fields=["name", "source_adset_id"])

    assert "id" not in answer.export_all_data()
    assert [(each["id"], each["name"]) for each in found] == [(answer["copied_adset_id"], "ad set [k:1]")]
