"""Insights as answers: a page of rows, in the order and with the summary that were requested."""

from __future__ import annotations

from functools import partial
from typing import Any

from graph_simulator import spec
from graph_simulator.answers.pages import cut, next_url, page_request
from graph_simulator.answers.view import View
from graph_simulator.delivery.mishaps import FIGURES_MISSING, MISSING_FIELDS, spell
from graph_simulator.errors import bad_param, unknown_path
from graph_simulator.insights.columns import Row, write
from graph_simulator.insights.report import REPORTED, Report, overall, read_report, rows, too_much
from graph_simulator.insights.runs import refuse_unready
from graph_simulator.spec.check import checked, parsed
from graph_simulator.state.jobs import ReportRun

_ORDERS = {"ascending": False, "descending": True}


def insights_page(node: Any, params: dict[str, Any], view: View) -> dict[str, Any]:
    """One page of a synchronous report.

    Raises:
        GraphError: whatever the report's parameters deserve, 100/1487534 when it is too large.
    """
    known = spec.edge(node.node, "GET", "insights")
    if known is None or node.node not in REPORTED:
        raise unknown_path("/insights")
    checked(known, params, lenient=view.world.setup.lenient)
    report = read_report(node, params, view.now)
    refused = too_much(report)
    if refused:
        raise refused
    return _page(report, params, params, f"{node.id}/insights", view)


def run_page(run: ReportRun, params: dict[str, Any], view: View) -> dict[str, Any]:
    """One page of an asynchronous report that is done.

    Raises:
        GraphError: 2601 when it is not, 100/33 when it is too old.
    """
    refuse_unready(run, view.now)
    report = read_report(run.subject, run.params, view.now)
    return _page(report, run.params, params, f"{run.id}/insights", view)


def _page(
    report: Report, requested: dict[str, Any], paging: dict[str, Any], path: str, view: View
) -> dict[str, Any]:
    found = _sorted(rows(report, view.world), requested.get("sort"))
    page = page_request(paging)
    items, cursors, more = cut(found, page, lambda index, item: str(index))
    names = _shown(report, view)
    answer: dict[str, Any] = {"data": [write(row, names) for row in items]}
    if items:
        answer["paging"] = {"cursors": cursors}
    if more:
        carried = {"access_token": view.token} | paging
        answer["paging"]["next"] = next_url(view.base, path, carried, page, cursors["after"])
    return answer | _summary(report, found, requested)


def _shown(report: Report, view: View) -> list[str]:
    """The fields requested but for those that are missing at the moment."""
    account, laws = report.subject.account, view.world.laws
    missing = set(account.missing)
    if spell(FIGURES_MISSING, laws.missing, laws.seed, account.number, view.now).covers(view.now):
        missing |= {*MISSING_FIELDS}
    return [name for name in report.names if name not in missing]


def _sorted(found: list[Row], value: Any) -> list[Row]:
    orders = parsed(value) if value else []
    orders = orders if isinstance(orders, list) else [orders]
    for order in reversed(orders):
        name, _, direction = str(order).rpartition("_")
        if direction not in _ORDERS or name not in spec.fields("AdsInsights"):
            raise bad_param(f"Param sort: {order} is not a valid order", "sort")
        found = sorted(found, key=partial(_rank, name), reverse=_ORDERS[direction])
    return found


def _rank(name: str, row: Row) -> tuple[float, str]:
    value = write(row, [name]).get(name, "")
    text = value if isinstance(value, str) else ""
    try:
        return float(text), ""
    except ValueError:
        return 0.0, text


def _summary(report: Report, found: list[Row], requested: dict[str, Any]) -> dict[str, Any]:
    wanted = parsed(requested.get("summary")) if requested.get("summary") else None
    if not wanted and str(requested.get("default_summary")).lower() != "true":
        return {}
    names = [str(name) for name in wanted] if isinstance(wanted, list) else list(report.names)
    missing = [name for name in names if name not in report.names]
    if missing:
        raise bad_param(
            f"Cannot include {', '.join(missing)} in summary param because they weren't there "
            "while creating the report run"
        )
    row = overall(report, found)
    return {"summary": write(row, names)} if row else {}
