"""Asynchronous reports: started, polled, read when they are done."""

from __future__ import annotations

from typing import Any

from graph_simulator import spec
from graph_simulator.answers.view import View
from graph_simulator.errors import GraphError, unknown_object
from graph_simulator.insights.report import read_report
from graph_simulator.spec.check import checked
from graph_simulator.state.clock import written_day
from graph_simulator.state.jobs import RETENTION_SECONDS, Progress, ReportRun
from graph_simulator.state.noise import mix

_LEAST_SECONDS = 15
_SPREAD_SECONDS = 30


def start(view: View, subject: Any, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /{id}/insights``: ``{"report_run_id": …}``.

    Raises:
        GraphError: for parameters that the same synchronous report would be refused for.
    """
    known = spec.edge(subject.node, "POST", "insights")
    if known is None:
        raise unknown_object(subject.id, "post")
    checked(known, raw, lenient=view.world.setup.lenient)
    params = {
        name: value
        for name, value in raw.items()
        if name not in {"access_token", "appsecret_proof", "method"}
    }
    report = read_report(subject, params, view.now)
    number = view.world.ids.object_id()
    seconds = _LEAST_SECONDS + mix(view.world.setup.seed, int(number)) % _SPREAD_SECONDS
    span = min(since for since, _ in report.spans), max(until for _, until in report.spans)
    run = ReportRun(number, subject.account, subject, params, span, Progress(view.now, seconds))
    view.world.add(run)
    view.world.changes += 1
    return {"report_run_id": run.id}


def shown(run: ReportRun, view: View) -> dict[str, Any]:
    """The fields of a run as it is now; looking at it counts as a poll."""
    percent = run.progress.poll(view.now)
    ended = percent >= 100
    answer: dict[str, Any] = {
        "id": run.id,
        "account_id": run.account.number,
        "time_ref": run.progress.started,
        "async_status": run.ending if ended else _under_way(percent),
        "async_percent_completion": percent if run.ending == "Job Completed" or not ended else 0,
        "date_start": written_day(run.span[0]),
        "date_stop": written_day(run.span[1]),
    }
    if ended:
        answer["time_completed"] = min(view.now, run.progress.started + run.progress.seconds)
    return answer | (_FAILURE if ended and run.ending == "Job Failed" else {})


_FAILURE = {
    "error_code": 2,
    "error_message": "Service temporarily unavailable",
    "error_subcode": 1504044,
    "error_user_title": "Report failed",
    "error_user_msg": "The report could not be made. Please try again.",
}


def _under_way(percent: int) -> str:
    return "Job Not Started" if percent == 0 else "Job Started" if percent < 20 else "Job Running"


def refuse_unready(run: ReportRun, now: int) -> None:
    """Refuse rows of a run that is not done, failed, or is too old.

    Raises:
        GraphError: 2601, or 100/33 after thirty days.
    """
    if now - run.progress.started > RETENTION_SECONDS:
        raise unknown_object(run.id)
    if not run.progress.is_done(now) or run.ending != "Job Completed":
        raise GraphError("(#2601) Error accessing adreport job. AdReport is not complete.", code=2601)
