"""What a promotion copies: the ads that could be shown, under names that Meta takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from demo import demo_users
from demo.personas import PastAd, Persona
from orchestrator.domain.steps import PROMOTE, TASKS
from orchestrator.runs import lifecycle
from tests.integration.runs.conftest import Workbench

BO = demo_users.BO


def two_ads(person: Persona) -> Persona:
    """Each test shows a second ad."""
    (campaign,) = person.campaigns
    ad_sets = tuple(
        replace(a, ads=(*a.ads, PastAd(f"{a.ads[0].name} again", a.ads[0].days))) for a in campaign.ad_sets
    )
    return replace(person, campaigns=(replace(campaign, ad_sets=ad_sets),))


def promotion_of(town: Workbench, ad_set_id: str) -> Any:
    (row,) = [
        r
        for r in town.actions("run")
        if r.action.action_type == "promote_winner" and r.action.adset_id == ad_set_id
    ]
    return row


def copies_of(town: Workbench, ad_set_id: str) -> list[dict[str, Any]]:
    return [a for a in town.ad_sets("Bo") if a["source_id"] == ad_set_id]


@pytest.mark.people(two_ads(BO))
@pytest.mark.parametrize("how", ["paused", "rejected"])
def test_a_copy_carries_the_ads_that_are_active_and_not_rejected(town: Workbench, how: str):
    winner = town.ad_sets("Bo")[0]
    kept, left = winner["ads"]
    take_out(town, left["id"], how)

    town.run("run")

    (copy,) = copies_of(town, winner["id"])
    assert [(ad["source_id"], ad["status"]) for ad in copy["ads"]] == [(kept["id"], "ACTIVE")]
    assert (copy["status"], promotion_of(town, winner["id"]).status) == ("ACTIVE", "success")


@pytest.mark.people(BO)
@pytest.mark.parametrize("how", ["paused", "rejected"])
def test_what_has_no_ad_that_could_be_shown_is_not_copied(town: Workbench, how: str):
    winner = town.ad_sets("Bo")[0]

    for batch in town.open("run"):
        for step in TASKS:
            if step == PROMOTE.task:  # it was decided on what was read before
                take_out(town, winner["ads"][0]["id"], how)
            lifecycle.run_step(town.resources, "run", batch, step, last_try=True)

    row = promotion_of(town, winner["id"])
    assert (row.status, row.details["reason"]) == ("failed", "cannot_deliver")
    assert copies_of(town, winner["id"]) == []


def take_out(town: Workbench, ad_id: str, how: str) -> None:
    if how == "paused":
        town.simulator.act("pause", ad_id)
    else:
        town.simulator.review(ad_id, "DISAPPROVED")


@pytest.mark.people(BO)
@pytest.mark.parametrize("length", [379, 380, 400])
def test_a_copy_of_a_long_name_is_made_and_can_be_found_by_its_key(town: Workbench, length: int):
    winner = town.ad_sets("Bo")[0]
    for each in (winner, winner["ads"][0]):
        town.simulator.act("rename", each["id"], name="N" * length)

    town.run("run")

    row = promotion_of(town, winner["id"])
    assert row.status == "success", row.message
    (copy,) = copies_of(town, winner["id"])
    named = f"{'N' * 379} [k:{row.key}]"
    assert [copy["name"], *(ad["name"] for ad in copy["ads"])] == [named, named]


@pytest.mark.people(BO)
def test_a_refused_copy_is_not_made_twice(town: Workbench):
    refusal = {"code": 100, "subcode": 1487202, "title": "No Page permission"}
    rule = {"kind": "refusal", "method": "POST", "edge": "copies", "body": {"adset_id": "?*"}}
    town.simulator.add_faults([rule | {"refusal": refusal}])
    winner = town.ad_sets("Bo")[0]["id"]
    town.run("run")
    (half_made,) = copies_of(town, winner)
    assert (half_made["status"], half_made["ads"]) == ("PAUSED", [])
    assert promotion_of(town, winner).status == "failed"

    town.simulator.clear_faults()
    town.later(96)
    town.run("next")

    (copy,) = copies_of(town, winner)
    assert (copy["id"], copy["status"]) == (half_made["id"], "ACTIVE")
    assert [ad["status"] for ad in copy["ads"]] == ["ACTIVE"]
