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
from orchestrator import explain, rules
from orchestrator.cli import app
from orchestrator.explain import Explained
from tests.integration.runs.conftest import Workbench


def command(town: Workbench, *arguments: object) -> Result:
    settings = town.resources.settings
    environment = {
        "ORCHESTRATOR_DATABASE_URL": town.dsn,
        "ORCHESTRATOR_SECRET_KEYS": ",".join(k.get_secret_value() for k in settings.secret_keys),
        "ORCHESTRATOR_META_BASE_URL": settings.meta_base_url,
        "ORCHESTRATOR_META_APP_ID": settings.meta_app_id,
        "ORCHESTRATOR_META_APP_SECRET": settings.meta_app_secret.get_secret_value(),
    }
    return CliRunner().invoke(app, [str(each) for each in arguments], env=environment)


def told(town: Workbench, person: Persona, run_key: str, *, dry_run: bool = False) -> tuple[Explained, ...]:
    rows = [r for r in town.actions(run_key) if r.user_id == person.user_id]
    run_id = rows[0].run_id
    store = town.resources.store
    found = {step: store.action_log.decisions([run_id], step).get(run_id) for step in rules.STEPS}
    decisions: dict[str, dict[str, Any]] = {step: each for step, each in found.items() if each}
    return explain.run(
        store.snapshots.documents([run_id])[run_id], decisions, rows, town.resources.policy, dry_run=dry_run
    )


@pytest.mark.people(demo_users.BO)
def test_a_made_action_keeps_the_comparisons_that_decided(town: Workbench) -> None:
    town.run("run")
    promoted = next(r for r in town.actions("run") if r.action.action_type == "promote_winner")

    assert promoted.status == "success"
    assert promoted.details["meta_adset_id"]
    kept = promoted.details["checks"]
    names = [check["name"] for check in kept]
    assert names[:2] == ["its copies that scale", "running for"]
    assert {"name": "Auto-Scale Winners", "have": "on", "word": "is", "need": "on"} in promoted.details[
        "checks"
    ]


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
    snapshot = town.resources.store.snapshots.documents([row.run_id])[row.run_id]
    (item,) = explain.run(snapshot, {}, [held], town.resources.policy, dry_run=False)

    assert item.title.startswith("Lower the test ")
    assert item.why.startswith("not made: a person changed it meanwhile; it is left alone. Decided because ")
    assert (item.reason, item.status) == ("changed_by_person", "held")


@pytest.mark.people(demo_users.BO)
def test_what_found_no_room_right_before_the_write_shows_both_sides(town: Workbench) -> None:
    town.run("run")
    row = next(r for r in town.actions("run") if r.action.action_type == "update_budget")
    room = {"live_minor": 1500, "rise_minor": 70, "cap_minor": 1569}
    held = replace(row, status="held", details={"hold": "no_room", "room": room})
    (item,) = explain.log({}, [held], "USD", dry_run=False)

    last = item.checks[-1]
    assert (last.have, last.word, last.need, last.passed) == ("$15.70", "at most", "$15.69", False)
    assert (last.have_raw, last.need_raw) == (1570, 1569)
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
    (item,) = explain.log({}, [replace(row, details={"activation": word})], "USD", dry_run=False)

    assert item.why.startswith(why)


@pytest.mark.people(demo_users.BO)
def test_once_the_snapshot_is_tidied_away_the_kept_numbers_are_told(town: Workbench) -> None:
    town.run("run")
    before = [i for i in told(town, demo_users.BO, "run") if i.kind == "action"]
    rows = town.actions("run")
    after = explain.log({}, rows, "USD", dry_run=False)

    assert [i.checks for i in after] == [i.checks for i in before]


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
