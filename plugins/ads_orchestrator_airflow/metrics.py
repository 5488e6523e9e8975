"""What a task did, told to whatever Airflow's own metrics settings name: StatsD or OpenTelemetry.

The kind of a thing is part of the metric's name, because plain StatsD has no tags.
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


def emit_step(step: str, report: StepReport, asked: CallStats, seconds: float) -> None:
    """Count what one try of a step did for its batch, and how long it took."""
    _count(f"step.{step}.users", report.users)
    _count(f"step.{step}.failed", len(report.failed))
    stats.timing(f"{PREFIX}.step.{step}.batch_duration", seconds * 1000)
    for (action_type, status), number in sorted(report.counts.actions.items()):
        _count(f"actions.{action_type}.{status}", number)
    for reason, number in sorted(report.counts.holds.items()):
        _count(f"holds.{reason}", number)
    _tell_asked(asked)


def emit_run(totals: RunTotals) -> None:
    """Count how a whole run ended for its users."""
    kind = "dry_runs" if totals.dry_run else "runs"
    _count(f"{kind}.closed", 1)
    for outcome in OUTCOMES:
        _count(f"{kind}.users.{outcome}", getattr(totals, outcome))


def _tell_asked(asked: CallStats) -> None:
    _count("graph.requests", asked.requests)
    _count("graph.calls.read", asked.reads)
    _count("graph.calls.write", asked.writes)
    _count("graph.throttle_waits", asked.throttle_waits)
    if asked.throttle_waits:
        stats.timing(f"{PREFIX}.graph.throttle_wait", asked.throttle_wait_s * 1000)


def _count(name: str, number: int) -> None:
    if number:
        stats.incr(f"{PREFIX}.{name}", number)
