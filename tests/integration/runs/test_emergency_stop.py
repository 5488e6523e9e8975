"""An operator stops writing, or spending, and lets it go on: from the next write on, and for good."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from typer.testing import CliRunner

from demo import demo_users
from orchestrator.cli import app
from orchestrator.domain import policy
from orchestrator.domain.records import RunRequest
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.crash_injection import before_write

Command = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def command(town: Workbench, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command over the town: exit code, the lines it printed, the lines it complained of."""
    settings = town.resources.settings
    keys = ",".join(key.get_secret_value() for key in settings.secret_keys)
    for name, value in {
        "DATABASE_URL": town.dsn,
        "SECRET_KEYS": keys,
        "ARMED": "true",
        "META_BASE_URL": settings.meta_base_url,
        "META_APP_ID": settings.meta_app_id,
        "META_APP_SECRET": settings.meta_app_secret[0].get_secret_value(),
        "META_TIER": "full",
        "META_READ_TIMEOUT_S": "2",
    }.items():
        monkeypatch.setenv(f"ORCHESTRATOR_{name}", value)

    def run(*arguments: str) -> tuple[int, list[str], list[str]]:
        result = CliRunner().invoke(app, arguments, catch_exceptions=False)
        return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()

    return run


def rows(town: Workbench, query: str, **bound: Any) -> list[dict[str, Any]]:
    with psycopg.connect(town.dsn, autocommit=True, row_factory=dict_row) as connection:
        return connection.execute(query, bound).fetchall()


def held(town: Workbench, run_key: str) -> list[str]:
    return [
        str(r.details.get("hold") or r.details.get("error"))
        for r in town.actions(run_key)
        if r.status == "held"
    ]


@pytest.mark.people(demo_users.ADA, demo_users.BO)
def test_a_stop_for_everybody_holds_from_the_next_write_and_a_start_lets_it_go_on(
    town: Workbench, command: Command
):
    before_write(town, 4, lambda: command("stop", "--note", "page 7 broke"))

    town.run("stopped")

    assert len(town.writes()) == 3
    assert set(held(town, "stopped")) == {"stopped", "Stopped"}
    messages = [r.message or "" for r in town.actions("stopped")]
    assert any("writing is stopped for everybody: page 7 broke" in message for message in messages)
    assert town.statuses("stopped") == {"success"}
    assert rows(town, "select stopped, note, changed_by from orchestrator_switch") == [
        {"stopped": True, "note": "page 7 broke", "changed_by": getpass.getuser()}
    ]

    assert command("start") == (0, ["writing goes on for everybody"], [])
    town.later(1)
    town.run("started")
    assert len(town.ad_sets("Ada")) == 8
    assert {a["status"] for a in town.ad_sets("Ada")} == {"ACTIVE"}


@pytest.mark.people(demo_users.ADA, demo_users.BO)
def test_a_stop_of_one_user_leaves_the_other_alone(town: Workbench, command: Command):
    ada, bo = (str(p.user_id) for p in (demo_users.ADA, demo_users.BO))
    town.open("run")
    said = command("stop", "--user", ada, "--note", "asked for it")

    town.run("run")

    assert said == (0, ["writing is stopped for 1 user"], [])
    assert town.campaigns("Ada") == []
    assert {r.status for r in town.actions("run") if str(r.user_id) == ada} == {"held"}
    assert {r.status for r in town.actions("run") if str(r.user_id) == bo} == {"success"}
    refused = town.resources.store.run_openings.open(
        RunRequest(
            run_key="next", trigger="user", now=town.now, dry_run=False, user_ids=(demo_users.ADA.user_id,)
        )
    ).refused
    assert [(str(each.user_id), each.reason) for each in refused] == [(ada, "paused_by_operator")]

    assert command("start", "--user", ada) == (0, ["writing goes on for 1 user"], [])
    town.run("started")
    assert [c["status"] for c in town.campaigns("Ada")] == ["ACTIVE"] * 3


@pytest.mark.people(demo_users.CY, demo_users.NIA)
def test_a_stop_of_the_spending_pauses_everything_and_a_start_resumes_it_under_the_cap(
    town: Workbench, command: Command
):
    assert command("stop", "--spending", "--note", "fraud") == (
        0,
        ["writing is stopped for everybody", "campaigns paused: 4; users: 2"],
        [],
    )
    states = [c["status"] for name in ("Cy", "Nia") for c in town.campaigns(name)]
    assert states == ["PAUSED"] * 4
    assert rows(town, "select distinct status, paused_by, paused_reason from ads_campaigns") == [
        {"status": "PAUSED", "paused_by": "orchestrator", "paused_reason": "stopped_by_operator"}
    ]
    log = rows(
        town,
        "select a.action_type, a.status, a.message, a.origin, a.step, r.config ->> 'note' as note,"
        " r.status as run, r.decision"
        " from run_actions a join recent_runs r using (run_id) where a.reason = 'stopped_by_operator'",
    )
    assert len(log) == 4
    assert log[0]["note"] == "fraud"
    assert {(r["action_type"], r["status"], r["run"]) for r in log} == {
        ("pause_campaign", "success", "success")
    }
    assert {(r["origin"], r["step"], r["decision"]) for r in log} == {("stop", None, None)}
    assert all(r["message"].endswith(": an operator stopped the spending") for r in log)

    assert command("stop", "--spending")[:2] == (
        0,
        ["writing is stopped for everybody", "campaigns paused: 0; users: 2"],
    )
    writes = len(town.writes())
    town.run("while stopped")
    assert len(town.writes()) == writes

    command("start")
    town.later(1)
    town.run("started")
    live = sum(
        thing["daily_budget_minor"] or 0
        for campaign in town.campaigns("Nia")
        if campaign["status"] == "ACTIVE"
        for thing in [campaign, *(a for a in campaign["ad_sets"] if a["status"] == "ACTIVE")]
    )
    assert [c["status"] for c in town.campaigns("Cy")] == ["ACTIVE", "ACTIVE"]
    assert 0 < live <= 1200


@pytest.mark.people(demo_users.CY, demo_users.BO, demo_users.ED)
def test_a_stop_of_the_spending_goes_on_over_users_who_fail_and_names_them(town: Workbench, command: Command):
    town.simulator.kill_token(town.accounts["Cy"].access_token)

    code, printed, complained = command("stop", "--spending")

    assert code == 1
    assert printed[-1] == "campaigns paused: 2; users: 3"
    assert len(complained) == 1
    assert complained[0].startswith(
        f"user {demo_users.CY.user_id} may still be spending, look at it in Ads Manager: AuthEx"
    )
    assert [c["status"] for name in ("Bo", "Ed") for c in town.campaigns(name)] == ["PAUSED", "PAUSED"]
    assert rows(town, "select stopped from orchestrator_switch") == [{"stopped": True}]


@pytest.mark.people(demo_users.BO)
def test_a_stop_of_the_spending_takes_over_a_run_that_is_under_way(town: Workbench, command: Command):
    said: list[Any] = []
    before_write(town, 3, lambda: said.append(command("stop", "--spending")))

    town.run("run")

    assert said == [
        (
            0,
            ["writing is stopped for everybody", "campaigns paused: 1; users: 1"],
            [],
        )
    ]
    assert {c["status"] for c in town.campaigns("Bo")} == {"PAUSED"}
    assert set(held(town, "run")) == {"stopped", "Stopped"}


@pytest.mark.people(demo_users.BO)
def test_what_a_person_resumed_since_is_paused_too_and_what_a_person_paused_stays_theirs(
    town: Workbench, command: Command
):
    (campaign,) = town.campaigns("Bo")
    rows(town, "update ads_campaigns set status = 'PAUSED', paused_by = 'user' returning id")

    command("stop", "--spending")
    assert town.campaigns("Bo")[0]["status"] == "PAUSED"

    command("start")
    rows(town, "update ads_campaigns set status = 'ACTIVE', paused_by = null returning id")
    command("stop", "--spending")
    town.run("sees a person's pause")
    assert rows(
        town, "select paused_by, paused_reason from ads_campaigns where id = %(id)s", id=campaign["id"]
    ) == [{"paused_by": "user", "paused_reason": None}]


@pytest.mark.people(demo_users.BO)
def test_a_pause_without_an_answer_is_sent_again_and_read_back_by_the_next_run(
    town: Workbench, command: Command
):
    (campaign,) = town.campaigns("Bo")
    town.simulator.add_faults([{"kind": "html_502", "method": "POST", "path": f"/{campaign['id']}"}])

    code, _, complained = command("stop", "--spending")

    assert (code, len(complained)) == (1, 1)
    stop = (
        "select status, origin, step, attempts, message from run_actions where reason = 'stopped_by_operator'"
    )
    (row,) = rows(town, stop)
    assert (row["status"], row["origin"], row["step"], row["attempts"]) == ("unknown", "stop", None, 3)

    town.simulator.clear_faults()
    command("start")
    town.later(1)
    town.run("started")
    (row,) = rows(town, stop)
    assert (row["status"], row["message"]) == ("failed", "read back: it did not happen")
    assert [c["status"] for c in town.campaigns("Bo")] == ["ACTIVE", "ACTIVE"]


@pytest.mark.people(demo_users.BO)
def test_an_unarmed_stop_of_the_spending_says_so_and_a_plain_stop_works(
    town: Workbench, command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ORCHESTRATOR_ARMED", "false")

    assert command("stop", "--spending") == (
        2,
        [],
        ["ORCHESTRATOR_ARMED is not true, so nothing can be paused; stop without --spending"],
    )
    assert command("stop") == (0, ["writing is stopped for everybody"], [])


@pytest.mark.people(demo_users.BO)
def test_each_switch_tells_of_the_other_and_of_users_nobody_knows(town: Workbench, command: Command):
    bo, nobody = str(demo_users.BO.user_id), "6f9c2a1e-0000-4000-8000-00000000dead"
    command("stop", "--note", "everything")
    command("stop", "--user", bo)

    assert command("stop", "--user", nobody) == (
        1,
        ["writing is stopped for 0 users"],
        [f"user {nobody} is not known"],
    )
    assert command("start", "--user", bo)[1] == [
        "writing goes on for 1 user",
        "but it is stopped for everybody (everything): python -m orchestrator start",
    ]
    command("stop", "--user", bo)
    assert command("start")[1] == [
        "writing goes on for everybody",
        "users who are still stopped by themselves: 1; start --user ID",
    ]


@pytest.mark.people(demo_users.ADA, demo_users.MAX)
def test_errors_of_one_kind_in_a_row_stop_everybody_until_a_person_starts(town: Workbench, command: Command):
    town.resources = replace(town.resources, policy=policy.overridden({"breaker_errors": 2}))
    town.simulator.add_faults([{"kind": "html_502", "method": "POST", "path": "*/campaigns"}])
    town.run("trouble")
    town.simulator.clear_faults()

    assert rows(town, "select stopped, note, changed_by from orchestrator_switch") == [
        {
            "stopped": True,
            "note": "the latest 2 actions, of 2 users, all failed with Unknown",
            "changed_by": "breaker",
        }
    ]
    town.later(1)
    town.run("stopped")
    assert town.writes() == []
    assert set(held(town, "stopped")) == {"stopped", "Stopped"}

    command("start")
    town.later(1)
    town.run("started")
    assert [len(town.campaigns(name)) for name in ("Ada", "Max")] == [3, 1]
