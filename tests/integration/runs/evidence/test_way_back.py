"""A goal that was paused because nothing in it had one event goes on once a person says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo import demo_users
from demo.demo_users import a_test, creatives, goal, learning, steady
from orchestrator.domain.user_records import Person
from orchestrator.runs import interventions
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.test_explain import command

BLIND = replace(
    demo_users.ED,
    name="Bea",
    goals={"streams": goal()},
    creatives=creatives("streams", "teaser"),
    campaigns=(
        learning(
            "streams",
            a_test("broad", "teaser", 1000, steady(6, 1000, 14_000, 0)),
            a_test("lookalike", "teaser", 1000, steady(6, 1000, 14_000, 0)),
        ),
    ),
)
OLIVE = Person(origin="operator", name="olive")


def decided(town: Workbench, run_key: str) -> list[tuple[str, str, str]]:
    return [(r.action.action_type, r.action.reason, r.status) for r in town.actions(run_key)]


@pytest.mark.people(BLIND)
def test_it_waits_for_a_person_and_then_is_resumed(town: Workbench):
    town.run("blind")
    assert ("pause_campaign", "no_events_anywhere", "success") in decided(town, "blind")

    town.later(6)
    town.run("waiting")
    assert [a for a in decided(town, "waiting") if a[0].startswith(("resume", "create"))] == []
    said = command(town, "why", BLIND.user_id).stdout
    assert "streams is paused: no ad set of it has one event [no_events_anywhere]" in said
    assert f"correct the tracking, then: resume-goal {BLIND.user_id} streams" in said

    (campaign,) = interventions.resume_goal(town.resources.store.ad_objects, BLIND.user_id, "streams", OLIVE)
    town.later(6)
    town.run("resumed")

    assert ("resume_campaign", "goal_active", "success") in decided(town, "resumed")
    assert {c["id"]: c["status"] for c in town.campaigns("Bea")}[campaign] == "ACTIVE"
    assert "Waits for a person" not in command(town, "why", BLIND.user_id).stdout
