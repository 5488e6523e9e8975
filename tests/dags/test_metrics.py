"""What arrives at a StatsD server when a task tells what it did."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from airflow.sdk.configuration import conf
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics import stats_utils

from ads_orchestrator_airflow.metrics import emit_run, emit_step
from orchestrator.domain.records import RunTotals
from orchestrator.platforms.call_counter import CallStats
from orchestrator.runs.counters import Counts
from orchestrator.runs.lifecycle import StepReport


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], set[str]]]:
    """A StatsD server that Airflow's settings name; everything that has arrived so far."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AIRFLOW__METRICS__STATSD_ON", "True")
        monkeypatch.setenv("AIRFLOW__METRICS__STATSD_HOST", "127.0.0.1")
        monkeypatch.setenv("AIRFLOW__METRICS__STATSD_PORT", str(server.getsockname()[1]))
        begin()

        def so_far() -> set[str]:
            server.setblocking(False)  # noqa: FBT003
            found = set()
            try:
                while True:
                    found.add(server.recv(65_536).decode())
            except BlockingIOError:
                return found

        yield so_far
    monkeypatch.undo()
    begin()


def begin() -> None:
    """As Airflow does at the beginning of each task."""
    names = conf.getboolean("metrics", "legacy_names_on")
    stats.initialize(factory=stats_utils.get_stats_factory(), export_legacy_names=names)


def test_a_step_tells_users_actions_holds_calls_waits_and_seconds(heard: Callable[[], set[str]]):
    counts = Counts()
    counts.actions.update({("update_budget", "success"): 4, ("promote_winner", "failed"): 1})
    counts.holds.update({"cooldown": 3})
    report = StepReport(users=20, failed={"a": "why"}, counts=counts)
    asked = CallStats(requests=9, reads=7, writes=5, throttle_waits=2, throttle_wait_s=1.25)

    emit_step("scale_budgets", report, asked, 2.5)

    assert heard() == {
        "airflow.ads_orchestrator.step.scale_budgets.users:20|c",
        "airflow.ads_orchestrator.step.scale_budgets.failed:1|c",
        "airflow.ads_orchestrator.step.scale_budgets.batch_duration:2500.000000|ms",
        "airflow.ads_orchestrator.actions.update_budget.success:4|c",
        "airflow.ads_orchestrator.actions.promote_winner.failed:1|c",
        "airflow.ads_orchestrator.holds.cooldown:3|c",
        "airflow.ads_orchestrator.graph.requests:9|c",
        "airflow.ads_orchestrator.graph.calls.read:7|c",
        "airflow.ads_orchestrator.graph.calls.write:5|c",
        "airflow.ads_orchestrator.graph.throttle_waits:2|c",
        "airflow.ads_orchestrator.graph.throttle_wait:1250.000000|ms",
    }


def test_a_step_with_nothing_to_do_tells_how_long_that_took(heard: Callable[[], set[str]]):
    emit_step("pause_losers", StepReport(users=0), CallStats(), 0.25)

    assert heard() == {"airflow.ads_orchestrator.step.pause_losers.batch_duration:250.000000|ms"}


@pytest.mark.parametrize(("dry_run", "kind"), [(False, "runs"), (True, "dry_runs")])
def test_a_whole_run_tells_how_it_ended(heard: Callable[[], set[str]], *, dry_run: bool, kind: str):
    counted = ("campaigns_created", "campaigns_updated", "winners_promoted", "budgets_scaled")
    nothing = dict.fromkeys(("pending", "running", *counted, "adsets_paused", "errors_count"), 0)
    totals = RunTotals(run_key="x", dry_run=dry_run, success=12, failed=1, throttled=0, refused=2, **nothing)

    emit_run(totals)

    assert heard() == {
        f"airflow.ads_orchestrator.{kind}.closed:1|c",
        f"airflow.ads_orchestrator.{kind}.users.success:12|c",
        f"airflow.ads_orchestrator.{kind}.users.failed:1|c",
        f"airflow.ads_orchestrator.{kind}.users.refused:2|c",
    }
