"""One run a user: who comes later fences who came first, and nobody writes beside a write under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from demo import demo_users
from orchestrator.domain.records import UserRun
from orchestrator.errors import Busy
from orchestrator.runs import lifecycle
from orchestrator.runs.counters import Counts
from orchestrator.store import Store
from tests.integration.runs.conftest import Workbench
from tests.integration.runs.crash_injection import before, before_write
from tests.integration.runs.test_human_edits import by_hand

STEP = "check_learning_campaigns"


def leases(town: Workbench, change: str) -> None:
    """Let time pass over every lease."""
    with psycopg.connect(town.dsn, autocommit=True) as connection:
        connection.execute(f"update user_leases set {change}")


def started_by_another_process(town: Workbench, run_key: str) -> UserRun:
    with Store(town.dsn, town.secrets) as store:
        (run,) = store.runs.of_batch(run_key, 0)
        return store.runs.start([run.run_id])[0]


@pytest.fixture
def at_learning(town: Workbench) -> int:
    """The batch of a run whose next step makes its first writes."""
    (batch,) = town.open("run")
    lifecycle.run_step(town.resources, "run", batch, "allocate_budget")
    return batch


@pytest.mark.people(demo_users.ADA)
def test_a_second_start_of_the_same_run_fences_the_first_at_its_next_write(town: Workbench, at_learning: int):
    before_write(town, 3, lambda: started_by_another_process(town, "run"))

    report = lifecycle.run_step(town.resources, "run", at_learning, STEP)

    assert list(report.failed.values()) == [
        "the run was ended, or another run or try works on the user now; nothing more is written"
    ]
    assert report.retry is None
    assert len(town.writes()) == 2
    (run,) = town.resources.store.runs.of_batch("run", 0)
    assert run.status == "running"

    lifecycle.run_step(town.resources, "run", at_learning, STEP)
    assert [r.status for r in town.actions("run")] == ["success"] * 11
    assert len(town.campaigns("Ada")) == 3
    assert len(town.ad_sets("Ada")) == 8


@pytest.mark.people(demo_users.ADA)
def test_nobody_starts_beside_a_write_under_way_until_its_time_is_over(town: Workbench, at_learning: int):
    (run,) = town.resources.store.runs.of_batch("run", at_learning)
    (held,) = town.resources.store.runs.start([run.run_id])
    town.resources.store.leases.begin_write(
        run.user_id, held.fencing_token or 0, timedelta(minutes=1)
    )  # and died

    report = lifecycle.run_step(town.resources, "run", at_learning, STEP)

    assert isinstance(report.retry, Busy)
    assert town.writes() == []
    leases(town, "expires_at = now() - interval '1 second'")
    assert started_by_another_process(town, "run").fencing_token is None

    leases(town, "busy_until = now()")
    lifecycle.run_step(town.resources, "run", at_learning, STEP)
    assert len(town.ad_sets("Ada")) == 8


@pytest.mark.people(demo_users.ADA)
def test_another_run_waits_for_the_lease_and_takes_over_once_it_ran_out(town: Workbench, at_learning: int):
    assert town.open("too soon") == []

    leases(town, "expires_at = now() - interval '1 second'")
    town.run("next")

    assert town.statuses("next") == {"success"}
    assert len(town.ad_sets("Ada")) == 8
    (abandoned,) = town.resources.store.runs.of_batch("run", at_learning)
    assert (abandoned.status, abandoned.error) == (
        "failed",
        "abandoned: it stopped before its end and its lease ran out",
    )


@pytest.mark.people(demo_users.ADA)
def test_a_run_whose_lease_ran_out_in_the_middle_writes_nothing_after_it_was_taken_over(
    town: Workbench, at_learning: int
):
    def taken_over() -> None:
        leases(town, "expires_at = now() - interval '1 second'")
        Workbench(**_parts(town) | {"resources": replace(town.resources, store=other)}).run("next")

    with Store(town.dsn, town.secrets) as other:
        before_write(town, 3, taken_over)
        report = lifecycle.run_step(town.resources, "run", at_learning, STEP)

    assert len(report.failed) == 1
    assert town.statuses("next") == {"success"}
    names = [a["name"].split(" [k:")[0] for a in town.ad_sets("Ada")]
    assert len(names) == len(set(names)) == 8
    assert [c["status"] for c in town.campaigns("Ada")] == ["ACTIVE"] * 3


@pytest.mark.people(demo_users.BO)
def test_a_dry_run_beside_a_live_one_leaves_alone_what_the_live_one_knows(town: Workbench):
    """It saw a pause on Meta whose author it cannot know: the live run had not written it down yet."""
    by_hand(town, "Bo").set_status("campaign", town.campaigns("Bo")[0]["id"], "PAUSED")

    town.run("dry", dry_run=True)

    assert known(town) == [("ACTIVE", None)]
    town.run("live")
    assert known(town) == [("PAUSED", "user")]


@pytest.mark.people(demo_users.BO)
def test_what_a_run_saw_before_it_was_taken_over_is_not_kept(town: Workbench):
    by_hand(town, "Bo").set_status("campaign", town.campaigns("Bo")[0]["id"], "PAUSED")
    (batch,) = town.open("run")
    before(town, "upsert_observed", 1, lambda: started_by_another_process(town, "run"))

    lifecycle.run_step(town.resources, "run", batch, "allocate_budget")

    assert known(town) == [("ACTIVE", None)]


@pytest.mark.people(demo_users.ADA)
def test_a_run_that_was_ended_while_it_decided_reports_nothing_that_is_not_recorded(town: Workbench):
    (batch,) = town.open("run")

    def ended() -> None:
        with Store(town.dsn, town.secrets) as other:
            other.runs.close("run")

    before(town, "record_decisions", 1, ended)

    report = lifecycle.run_step(town.resources, "run", batch, "allocate_budget")

    assert (report.users, report.actions, report.holds, report.counts) == (1, 0, 0, Counts())
    assert list(report.failed.values()) == ["the run was ended; nothing more is decided in it"]
    assert report.retry is None
    (run,) = town.resources.store.runs.of_batch("run", batch)
    assert town.resources.store.action_log.decisions([run.run_id], "allocate") == {}


def known(town: Workbench) -> list[tuple[str, str | None]]:
    """The status of each campaign as our rows have it, and who paused it."""
    with psycopg.connect(town.dsn) as connection:
        return connection.execute("select status, paused_by from ads_campaigns").fetchall()


def _parts(town: Workbench) -> dict[str, Any]:
    return {name: getattr(town, name) for name in ("simulator", "resources", "dsn", "accounts", "now")}
