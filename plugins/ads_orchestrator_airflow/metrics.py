"""Metrics of tasks and runs, through Airflow's own StatsD or OpenTelemetry client.

Dimensions are part of a metric's name, because plain StatsD has no tags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk.observability import stats

if TYPE_CHECKING:
    from orchestrator.domain.records import RunTotals
    from orchestrator.platforms.call_counter import CallStats
    from orchestrator.runs.lifecycle import StepReport

PREFIX = "ads_orchestrator"
OUTCOMES = ("success", "failed", "throttled", "refused")


def emit_step(step: str, report: StepReport, calls: CallStats, seconds: float) -> None:
    """Emit the counts and the duration, in seconds, of one try of a step for its batch."""
    _count(f"step.{step}.users", report.users)
    _count(f"step.{step}.failed", len(report.failed))
    stats.timing(f"{PREFIX}.step.{step}.batch_duration", seconds * 1000)
    for (action_type, status), number in sorted(report.counts.actions.items()):
        _count(f"actions.{action_type}.{status}", number)
    for reason, number in sorted(report.counts.holds.items()):
        _count(f"holds.{reason}", number)
    _emit_calls(calls)


def emit_run(totals: RunTotals) -> None:
    """Emit the outcomes of a run over all of its users."""
    kind = "dry_runs" if totals.dry_run else "runs"
    _count(f"{kind}.closed", 1)
    for outcome in OUTCOMES:
        _count(f"{kind}.users.{outcome}", getattr(totals, outcome))


def _emit_calls(calls: CallStats) -> None:
    _count("graph.requests", calls.requests)
    _count("graph.calls.read", calls.reads)
    _count("graph.calls.write", calls.writes)
    _count("graph.throttle_waits", calls.throttle_waits)
    if calls.throttle_waits:
        stats.timing(f"{PREFIX}.graph.throttle_wait", calls.throttle_wait_s * 1000)


def _count(name: str, number: int) -> None:
    if number:
        stats.incr(f"{PREFIX}.{name}", number)
