"""Insights by asynchronous report runs: for what Meta does not answer at once.

A run is started, looked at until it is done, and read page by page. One that fails is started again,
and after that divided: by days first, then by campaigns.
developers.facebook.com/docs/marketing-api/insights/best-practices#asynchronous
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from orchestrator.errors import TooMuchData, Transient
from orchestrator.platforms.meta.graph import Body, Call, Graph

ATTEMPTS = 3
FIRST_LOOK_S, LONGEST_LOOK_S = 1.0, 15.0
LOOKS = 20
_FAILED = frozenset({"Job Failed", "Job Skipped"})


def rows(graph: Graph, call: Call) -> list[Body]:
    """Read by report runs what ``call`` requests of the Insights edge at once.

    Raises:
        TooMuchData: not even one campaign's one day can be had.
        PlatformError: Meta refuses, is not done in time, or the user's waits are used up.
    """
    for _ in range(ATTEMPTS):
        try:
            run_id = _start(graph, call)
        except TooMuchData:
            break
        if _is_done(graph, call, run_id):
            page = Call(what=call.what, path=(run_id, "insights"), params={"limit": call.params["limit"]})
            return list(graph.nodes(page))
    return [row for part in halves(call) for row in rows(graph, part)]


def _start(graph: Graph, call: Call) -> str:
    # A report whose start got no answer costs nothing: starting one is a read.
    params = {name: value for name, value in call.params.items() if name != "limit"}
    params["fields"] = str(call.params["fields"]).split(",")
    started = graph.read(replace(call, method="POST", params=params))
    run_id = started.get("report_run_id")
    if not run_id:
        raise Transient(f"{call.what}: Meta began a report without saying which. Read it again later.")
    return str(run_id)


def _is_done(graph: Graph, call: Call, run_id: str) -> bool:
    """Wait for the end of a run; false when it failed."""
    look = Call(what=call.what, path=(run_id,), params={"fields": "async_status,async_percent_completion"})
    pause_s = FIRST_LOOK_S
    for _ in range(LOOKS):
        found = graph.read(look)
        status = found.get("async_status")
        if status in _FAILED:
            return False
        if status == "Job Completed" and found.get("async_percent_completion") == 100:
            return True
        graph.wait(pause_s)
        pause_s = min(pause_s * 1.5, LONGEST_LOOK_S)
    raise Transient(f"{call.what}: Meta's report is not done yet. Read it again later.")


def halves(call: Call) -> tuple[Call, Call]:
    """Divide a call in two: its days, or when it has no two, its campaigns.

    Raises:
        TooMuchData: there is nothing left to divide.
    """
    days = call.params.get("time_range")
    if days is not None and days["since"] < days["until"]:
        return _half_days(call, date.fromisoformat(days["since"]), date.fromisoformat(days["until"]))
    first, *others = call.params["filtering"]
    ids = first["value"]
    if len(ids) < 2:
        raise TooMuchData(f"{call.what}: Meta cannot report on campaign {', '.join(ids)} even by itself.")
    middle = len(ids) // 2
    return (
        _with(call, filtering=[{**first, "value": ids[:middle]}, *others]),
        _with(call, filtering=[{**first, "value": ids[middle:]}, *others]),
    )


def _half_days(call: Call, since: date, until: date) -> tuple[Call, Call]:
    middle = since + (until - since) // 2
    return (
        _with(call, time_range={"since": since.isoformat(), "until": middle.isoformat()}),
        _with(
            call, time_range={"since": (middle + timedelta(days=1)).isoformat(), "until": until.isoformat()}
        ),
    )


def _with(call: Call, **params: Any) -> Call:
    return replace(call, params={**call.params, **params})
