"""What is known of an ad set outlives a reading that contradicts it, until a person accepts the reading."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from demo import demo_users
from orchestrator.documents import codec
from orchestrator.domain.user_records import Person
from orchestrator.runs import interventions
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.test_explain import command

USER = demo_users.DI.user_id
OLIVE = Person(origin="operator", name="olive")

pytestmark = pytest.mark.people(demo_users.DI)


def rows(town: Workbench, query: str) -> list[dict[str, Any]]:
    with psycopg.connect(town.dsn, row_factory=dict_row) as connection:
        return connection.execute(query).fetchall()


def rename_the_event(town: Workbench, name: str) -> None:
    with psycopg.connect(town.dsn) as connection:
        connection.execute(
            "update meta_assets set conversions = "
            "jsonb_set(conversions, '{streams,custom_event_str}', to_jsonb(%s::text))",
            (name,),
        )


def figures(town: Workbench) -> dict[str, tuple[int | None, int | None]]:
    """By the last digit of the id of each ad set that ran before: what is known, and what contradicts it."""
    found = rows(town, "select * from ads_ad_sets where id like '2385%' order by id")
    return {row["id"][-1]: (row["known_events"], row["contradicting_events"]) for row in found}


def stored_events(town: Workbench) -> dict[str, int]:
    found = rows(town, "select adset_id, sum(events) as events from ads_insights_daily group by 1")
    return {row["adset_id"][-1]: int(row["events"]) for row in found if row["adset_id"].startswith("2385")}


def known_in_snapshot(town: Workbench, run_key: str) -> dict[str, int | None]:
    (run,) = town.resources.store.runs.of_batch(run_key, 0)
    found = codec.read_snapshot(town.resources.store.snapshots.documents([run.run_id])[run.run_id])
    return {a.id[-1]: a.known_events for a in found.ad_sets if a.id.startswith("2385")}


def decided(town: Workbench, run_key: str) -> tuple[set[tuple[str, str]], set[str]]:
    """The steps whose evidence is held, and the types of the actions that are decided."""
    (run,) = town.resources.store.runs.of_batch(run_key, 0)
    decisions = town.resources.store.action_log.decisions_by_step(run.run_id)
    held = {
        (step, hold["action_type"])
        for step, decision in decisions.items()
        for hold in decision.get("holds", ())
        if hold["reason"] == "evidence_contradicts"
    }
    return held, {row.action.action_type for row in town.actions(run_key)}


KNOWN = {"1": 63, "2": 9, "3": 42}


def test_a_reading_that_contradicts_lowers_nothing_and_may_be_accepted(town: Workbench):
    town.run("first", dry_run=True)
    assert known_in_snapshot(town, "first") == dict.fromkeys(KNOWN)
    assert figures(town) == {key: (events, None) for key, events in KNOWN.items()}
    assert stored_events(town) == KNOWN

    rename_the_event(town, "Other")
    rows(town, "update meta_assets set insights_restated_at = '2026-01-01' returning 1")
    town.run("renamed", dry_run=True)

    assert known_in_snapshot(town, "renamed") == KNOWN
    assert figures(town) == {key: (events, 0) for key, events in KNOWN.items()}
    assert stored_events(town) == KNOWN

    done = interventions.accept_figures(town.resources.store.ad_objects, USER, None, OLIVE)
    town.run("accepted", dry_run=True)

    assert {a.ad_set_id[-1]: (a.known_events, a.contradicting_events) for a in done.accepted} == {
        key: (events, 0) for key, events in KNOWN.items()
    }
    assert done.impossible == []
    assert figures(town) == dict.fromkeys(KNOWN, (0, None))
    assert stored_events(town) == dict.fromkeys(KNOWN, 0)
    (record,) = rows(town, "select * from ads_interventions")
    assert (record["kind"], record["origin"], record["made_by"]) == ("accept_figures", "operator", "olive")
    assert {
        each["ad_set_id"][-1]: (each["before"], each["after"]) for each in record["details"]["ad_sets"]
    } == {key: (events, 0) for key, events in KNOWN.items()}


def test_a_renamed_event_is_no_evidence_against_what_runs(town: Workbench):
    town.run("first")
    town.later(6)
    rename_the_event(town, "Other")
    town.run("renamed")

    held, actions = decided(town, "renamed")
    assert held == {("promote", "promote_winner"), ("scale", "update_budget"), ("pause", "pause_adset")}
    assert {each for each in actions if each.startswith("pause")} == set()
    said = command(town, "why", USER).stdout
    assert "[evidence_contradicts]" in said
    assert f"accept-figures {USER} streams" in said


def test_old_figures_that_come_back_contradict_nothing(town: Workbench):
    town.run("first", dry_run=True)
    rename_the_event(town, "Other")
    town.run("renamed", dry_run=True)
    rename_the_event(town, "SmartLinkClicked")
    town.run("back", dry_run=True)

    assert figures(town) == {key: (events, None) for key, events in KNOWN.items()}
    assert stored_events(town) == KNOWN
    assert rows(town, "select 1 from ads_interventions") == []


def test_more_events_than_impressions_are_never_known(town: Workbench):
    town.run("first", dry_run=True)
    rows(
        town,
        "update ads_ad_sets set contradicting_events = 40000, contradicting_impressions = 100, "
        "contradicted_at = now() where id like '2385%1' returning 1",
    )

    done = interventions.accept_figures(town.resources.store.ad_objects, USER, "streams", OLIVE)

    assert (done.accepted, [a.ad_set_id[-1] for a in done.impossible]) == ([], ["1"])
    assert figures(town)["1"] == (63, 40_000)
    assert rows(town, "select 1 from ads_interventions") == []


def test_a_goal_paused_for_want_of_any_event_is_resumed_by_a_person(town: Workbench):
    town.run("first", dry_run=True)
    rows(
        town,
        "update ads_campaigns set status = 'PAUSED', paused_by = 'orchestrator', "
        "paused_reason = case role when 'testing' then 'no_events_anywhere' else 'no_active_adset' end "
        "returning 1",
    )
    (testing,) = rows(town, "select id from ads_campaigns where role = 'testing'")

    resumed = interventions.resume_goal(town.resources.store.ad_objects, USER, "streams", OLIVE)
    again = interventions.resume_goal(town.resources.store.ad_objects, USER, "streams", OLIVE)

    assert (resumed, again) == ([testing["id"]], [])
    assert rows(town, "select role, paused_by, paused_reason from ads_campaigns order by role") == [
        {"role": "scaling", "paused_by": "orchestrator", "paused_reason": "no_active_adset"},
        {"role": "testing", "paused_by": "orchestrator", "paused_reason": None},
    ]
    (record,) = rows(town, "select * from ads_interventions")
    assert (record["kind"], record["goal_key"], record["origin"]) == ("resume_goal", "streams", "operator")
    assert record["details"] == {"campaigns": [testing["id"]]}
