"""What a run wrote down, read again: the numbers in the log, and the words on the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from demo import demo_users
from demo.personas import Persona
from orchestrator.cli import app
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.steps import RULES
from orchestrator.explain import ExplainedItem, RecordedRun, explain_run
from tests.integration.runs.conftest import Workbench


def command(town: Workbench, *arguments: object) -> Result:
    settings = town.resources.settings
    environment = {
        "ORCHESTRATOR_DATABASE_URL": town.dsn,
        "ORCHESTRATOR_SECRET_KEYS": ",".join(k.get_secret_value() for k in settings.secret_keys),
        "ORCHESTRATOR_META_BASE_URL": settings.meta_base_url,
        "ORCHESTRATOR_META_APP_ID": settings.meta_app_id,
        "ORCHESTRATOR_META_APP_SECRET": settings.meta_app_secret[0].get_secret_value(),
    }
    return CliRunner().invoke(app, [str(each) for each in arguments], env=environment)


def recorded(town: Workbench, person: Persona, run_key: str, **change: Any) -> RecordedRun:
    """What is stored of a person's live run, with what a test changes about it."""
    rows = [r for r in town.actions(run_key) if r.user_id == person.user_id]
    run_id = rows[0].run_id
    store = town.resources.store
    found = {step: store.action_log.decisions([run_id], step).get(run_id) for step in RULES}
    stored = {
        "snapshot": store.snapshots.documents([run_id])[run_id],
        "decisions": {step: each for step, each in found.items() if each},
        "rows": rows,
        "currency": "USD",
        "dry_run": False,
    }
    return RecordedRun(**(stored | change))


def told(town: Workbench, person: Persona, run_key: str, **change: Any) -> tuple[ExplainedItem, ...]:
    return explain_run(recorded(town, person, run_key, **change))


@pytest.mark.people(demo_users.BO)
def test_a_made_action_keeps_the_comparisons_that_decided(town: Workbench) -> None:
    town.run("run")
    promoted = next(r for r in town.actions("run") if r.action.action_type == "promote_winner")

    assert promoted.status == "success"
    assert promoted.details["meta_adset_id"]
    kept = promoted.details["checks"]
    names = [check["name"] for check in kept]
    assert names[:3] == ["copies", "age", "spent"]
    assert kept[1]["have"] > 24
    assert kept[1] == {
        "name": "age",
        "have": kept[1]["have"],
        "word": "at least",
        "need": 24,
        "unit": "hours",
    }
    assert {"name": "auto_scale", "have": "on", "word": "is", "need": "on"} in kept


@pytest.mark.people(*demo_users.FLEET)
def test_a_recorded_run_is_told_as_it_was_decided(town: Workbench) -> None:
    town.run("run")
    for person in (p for p in demo_users.FLEET if any(r.user_id == p.user_id for r in town.actions("run"))):
        for item in told(town, person, "run"):
            assert item.kind == "hold" or item.status == "success"
            assert not item.title.startswith("Would ") or item.kind == "hold"
            if item.action_type is not None:
                assert item.checks, item
                assert all(c.passed for c in item.checks) == (item.kind == "action"), item


@pytest.mark.people(demo_users.BO)
def test_what_a_person_changed_meanwhile_says_that_first(town: Workbench) -> None:
    town.run("run")
    row = next(r for r in town.actions("run") if r.action.action_type == "update_budget")
    held = replace(row, status="held", message="x", details={"hold": "changed_by_person"})
    (item,) = told(town, demo_users.BO, "run", decisions={}, rows=[held])

    assert item.title.startswith("Lower the test ")
    assert item.why.startswith("not made: a person changed it meanwhile; it is left alone. Decided because ")
    assert (item.reason, item.status) == ("changed_by_person", "held")


@pytest.mark.people(demo_users.BO)
@pytest.mark.parametrize(
    "found",
    [
        {
            "checks_now": [
                {"name": "live_budget_now", "have": 1570, "word": "at most", "need": 1569, "unit": "minor"}
            ]
        },
        {"room": {"live_minor": 1500, "rise_minor": 70, "cap_minor": 1569}},
    ],
    ids=["of now", "of before"],
)
def test_what_found_no_room_right_before_the_write_shows_both_sides(
    town: Workbench, found: dict[str, Any]
) -> None:
    town.run("run")
    row = next(r for r in town.actions("run") if r.action.action_type == "update_budget")
    held = replace(row, status="held", details={"hold": "no_room", **found})
    (item,) = told(town, demo_users.BO, "run", decisions={}, rows=[held])

    last = item.checks[-1]
    assert (last.have, last.operator, last.need, last.passed) == ("$15.70", "at most", "$15.69", False)
    assert last.name == "all live budgets with it, right before the write"
    assert item.why.startswith("not made: it would pass the cap. Decided because ")


@pytest.mark.people(demo_users.KIT)
@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("active", "the goal has no learning campaign"),
        ("no_room", "it was created and is not active yet: it would pass the cap. Decided because the goal"),
        ("Throttled", "it was created and is not active yet. Decided because the goal"),
    ],
)
def test_a_new_campaign_tells_why_it_is_not_active_yet(town: Workbench, word: str, why: str) -> None:
    town.run("run")
    row = next(r for r in town.actions("run") if r.action.action_type == "create_campaign")
    old = replace(row, details={"activation": word})
    (item,) = told(town, demo_users.KIT, "run", decisions={}, rows=[old])

    assert item.why.startswith(why)


@pytest.mark.people(demo_users.BO)
def test_once_the_snapshot_is_tidied_away_the_same_is_told_about_bare_ids(town: Workbench) -> None:
    town.run("run")
    before = told(town, demo_users.BO, "run")
    after = told(town, demo_users.BO, "run", snapshot=None)

    assert [(i.checks, i.reason) for i in after] == [(i.checks, i.reason) for i in before]
    assert {i.kind for i in after} == {"action", "hold"}
    assert all(i.checks for i in after)
    titles = [i.title for i in before if i.adset_id], [i.title for i in after if i.adset_id]
    assert all(" the test " in title or " the copy " in title for title in titles[0])
    assert all(" ad set " in title for title in titles[1])


@pytest.mark.people(demo_users.BO)
def test_what_was_recorded_before_there_was_evidence_has_its_reason_and_its_old_comparisons(
    town: Workbench,
) -> None:
    town.run("run")
    run = recorded(town, demo_users.BO, "run")
    check = {"name": "its clicks so far", "have": "38.333333", "word": "at most", "need": 41, "unit": "minor"}
    rows = [replace(row, details={"checks": [check]}) for row in run.rows]
    decisions = {
        step: {
            "holds": [{k: v for k, v in hold.items() if k != "evidence"} for hold in each.get("holds", ())]
        }
        for step, each in run.decisions.items()
    }
    items = explain_run(replace(run, rows=rows, decisions=decisions))
    action = next(i for i in items if i.reason == "winner")
    hold = next(i for i in items if i.kind == "hold")

    assert action.why == "a winner was found"
    assert [(c.name, c.have, c.operator, c.need) for c in action.checks] == [
        ("its clicks so far", "$0.38", "at most", "$0.41")
    ]
    assert (hold.checks, hold.why) == ((), reason_text(hold.reason))


@pytest.mark.people(demo_users.BO)
def test_the_command_says_what_would_be_done_and_what_was(town: Workbench) -> None:
    seen = command(town, "preview", demo_users.BO.user_id, "--now", town.now.isoformat())
    town.run("run")
    latest = command(town, "why", demo_users.BO.user_id)
    as_json = json.loads(command(town, "why", demo_users.BO.user_id, "--run", "run", "--json").stdout)

    assert (seen.exit_code, latest.exit_code) == (0, 0), seen.output + latest.output
    assert "  Would promote the test " in seen.stdout
    assert "  Promoted the test " in latest.stdout
    assert "      yes running for  " in latest.stdout
    assert "campaigns created: 1" in latest.stdout
    assert as_json["run_key"] == "run"
    assert {item["kind"] for item in as_json["items"]} == {"action", "hold"}


@pytest.mark.people(demo_users.BO)
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("preview", demo_users.BO.user_id, "--goal", "podcasts"), "--goal podcasts: unknown; one of "),
        (("why", demo_users.BO.user_id), f"user {demo_users.BO.user_id} has no run yet"),
        (("why", demo_users.BO.user_id, "--run", "x"), f"user {demo_users.BO.user_id} has no run x"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(town: Workbench, arguments: tuple[object, ...], line: str) -> None:
    refused = command(town, *arguments)

    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert refused.stderr.startswith(line)


@pytest.mark.people(demo_users.BO)
def test_a_user_that_cannot_be_planned_for_exits_1_and_says_what_to_do(town: Workbench) -> None:
    with psycopg.connect(town.dsn) as connection:
        connection.execute("update meta_assets set auth_connected = false")
    refused = command(town, "preview", demo_users.BO.user_id)

    assert refused.exit_code == 1
    assert refused.stderr == "no ad account is connected; connect one\n"
