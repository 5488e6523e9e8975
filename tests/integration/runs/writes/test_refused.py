"""What Meta refuses ends as refused, stands in nobody's way, and is built on once something changed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from demo import demo_users
from orchestrator.documents import codec
from orchestrator.domain.action_log import ActionDraft
from orchestrator.domain.model import Action, Decision, Snapshot
from orchestrator.domain.records import DecisionRow
from orchestrator.domain.steps import TASKS
from orchestrator.runs import lifecycle, user_reader
from tests.integration.runs.conftest import Workbench

KIT = demo_users.KIT
REFUSED = {
    "code": 100,
    "subcode": 1815089,
    "title": "Terms not accepted",
    "text": "The Page has not accepted the lead terms.",
    "blame": ["object_story_spec"],
}


def refuse(town: Workbench, edge: str, **more: Any) -> None:
    town.simulator.add_faults(
        [{"kind": "refusal", "method": "POST", "edge": edge, "refusal": REFUSED, **more}]
    )


def posts(town: Workbench, edge: str) -> int:
    """How often something was sent to an edge."""
    found = town.simulator.requests()
    return sum(r["method"] == "POST" and str(r["path"]).endswith(edge) for r in found)


def snapshot(town: Workbench) -> Snapshot:
    return user_reader.read_now(town.resources, KIT.user_id, town.now).snapshot


def change_creative(town: Workbench) -> None:
    """The user writes another text."""
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute('update ad_creatives set spec = spec || \'{"message": "now with terms"}\'')


@pytest.mark.people(KIT)
def test_a_refused_test_ends_failed_with_what_it_is_about_and_its_campaign_stays_paused(town: Workbench):
    refuse(town, "adcreatives")

    town.run("run")

    made, *tests = town.actions("run")
    assert (made.action.action_type, made.status) == ("create_campaign", "success")
    assert [r.status for r in tests] == ["failed"] * len(tests)
    assert "Terms not accepted: The Page has not accepted the lead terms" in str(tests[0].message)
    assert "code 100/1815089, field object_story_spec" in str(tests[0].message)
    half_made = town.ad_sets("Kit")
    assert [r.details["half_made"] for r in tests] == [a["id"] for a in half_made]
    assert [c["status"] for c in town.campaigns("Kit")] == ["PAUSED"]
    assert {a["status"] for a in half_made} == {"PAUSED"}
    assert town.statuses("run") == {"success"}
    assert town.resources.store.action_log.unresolved([KIT.user_id]) == []

    refused = posts(town, "/adcreatives")
    town.later(6)
    town.run("next")
    assert posts(town, "/adcreatives") == refused
    assert town.statuses("next") == {"success"}


@pytest.mark.people(KIT)
def test_a_refusal_stands_until_what_it_is_about_changes(town: Workbench):
    refuse(town, "adcreatives")
    town.run("run")
    town.later(6)

    before = snapshot(town)
    change_creative(town)
    after = snapshot(town)

    assert {(a.paused_by, a.retry) for a in before.ad_sets} == {("creation", False)}
    assert {(h.action_type, h.status, h.audience, h.creative_id) for h in before.history} == {
        ("create_campaign", "success", None, None),
        *(("create_adset", "failed", a.audience, a.creative_id) for a in before.ad_sets),
    }
    assert {(a.paused_by, a.retry) for a in after.ad_sets} == {("creation", True)}
    assert [(h.action_type, h.status) for h in after.history] == [("create_campaign", "success")]


@pytest.mark.people(KIT)
@pytest.mark.parametrize(("hours", "retries"), [(71, {False}), (72, {True})])
def test_a_refusal_stands_for_72_hours(town: Workbench, hours: int, retries: set[bool]):
    refuse(town, "adcreatives")
    town.run("run")

    town.later(hours)

    assert {a.retry for a in snapshot(town).ad_sets} == retries


@pytest.mark.people(KIT)
@pytest.mark.parametrize("fault", ["html_502", "error_1"])
def test_what_passes_by_itself_is_no_refusal(town: Workbench, fault: str):
    town.simulator.add_faults([{"kind": fault, "method": "POST", "edge": "campaigns"}])

    town.run("run")
    town.later(6)
    town.simulator.clear_faults()
    town.run("next")

    assert [h.status for h in snapshot(town).history if h.status == "failed"] == []


def decide_to_finish(town: Workbench, ad_set: dict[str, Any], minor: int) -> None:
    """A run in which step learning has decided to finish what stands."""
    town.open("again")
    lifecycle.run_step(town.resources, "again", 0, TASKS[0], last_try=True)
    (run,) = town.resources.store.runs.of_batch("again", 0)
    (ours,) = [a for a in snapshot(town).ad_sets if a.id == ad_set["id"]]
    action = Action(
        step="learning",
        action_type="create_adset",
        goal_key="streams",
        campaign_id=ours.campaign_id,
        adset_id=ours.id,
        before_minor=None,
        after_minor=minor,
        reason="new_test_cell",
    )
    decision = DecisionRow(
        run_id=run.run_id,
        step="learning",
        decision=codec.decision_json(Decision(actions=(action,))),
        actions=(ActionDraft(action=action, key="00000000000000aa"),),
    )
    town.resources.store.action_log.record_decisions([decision])
    lifecycle.run_step(town.resources, "again", 0, TASKS[1], last_try=True)


@pytest.mark.people(KIT)
@pytest.mark.parametrize(
    ("refusing", "ads_made"),
    [
        pytest.param({"edge": "adcreatives"}, 1, id="its creative was refused"),
        pytest.param({"edge": "ads"}, 1, id="its ad was refused"),
        pytest.param({"edge": "", "body": {"status": "ACTIVE"}}, 0, id="its activation was refused"),
    ],
)
def test_a_half_made_test_is_finished_on_what_stands(
    town: Workbench, refusing: dict[str, Any], ads_made: int
):
    refuse(town, **refusing)
    town.run("run")
    first, *others = town.ad_sets("Kit")
    town.simulator.clear_faults()
    town.later(6)
    ads = posts(town, "/ads")

    decide_to_finish(town, first, 777)

    (row,) = [r for r in town.actions("again") if r.action.action_type == "create_adset"]
    assert row.status == "success", row.message
    (found, *left) = town.ad_sets("Kit")
    assert (found["id"], found["status"], found["daily_budget_minor"]) == (first["id"], "ACTIVE", 777)
    assert [ad["status"] for ad in found["ads"]] == ["ACTIVE"]
    assert [(a["id"], a["status"]) for a in left] == [(a["id"], "PAUSED") for a in others]
    assert posts(town, "/ads") - ads == ads_made
