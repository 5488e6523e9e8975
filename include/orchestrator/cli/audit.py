"""``audit``: what the rules make of a report that was exported from Ads Manager."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.console import one_line, print_json

if TYPE_CHECKING:
    from orchestrator.audit.report import Report

_Report = Annotated[
    Path, typer.Argument(metavar="FILE", help="a CSV or .xlsx report, one row an ad or ad set")
]
_Json = Annotated[bool, typer.Option("--json", help="print one JSON object, write no files")]
_Indicator = Annotated[str | None, typer.Option(help="which result to count, where the report has several")]
_Rate = Annotated[
    str | None, typer.Option(help="units of the report's currency per US dollar, where no list has it")
]
_SHOWN = 40


def audit(
    report: _Report, as_json: _Json = False, indicator: _Indicator = None, units_per_usd: _Rate = None
) -> None:
    """Rank the ad sets of a report by the rules: winners, losers, and what pausing them would have saved.

    Reads the file alone: no database, no network. Writes FILE.audit.csv and FILE.audit.html beside it.
    Exits 2, with one line, when the file cannot be used.
    """
    from orchestrator.audit import output
    from orchestrator.audit import report as reports
    from orchestrator.audit.currency import units_per_usd as known_rate
    from orchestrator.audit.verdicts import verdicts
    from orchestrator.domain import money

    with one_line():
        today = datetime.now(UTC).date()  # noqa: TID251 - a command has a clock
        found = reports.read(report, today=today, indicator=indicator)
        rate = units_per_usd or known_rate(found.currency)
        if rate is not None and found.currency != "USD":
            money.rate(found.currency, rate)
        judged = verdicts(found, rate)
    if as_json:
        print_json(output.document(found, judged))
        return
    table = output.rows(found, judged)
    _print(found, table)
    with one_line():
        output.write_csv(report.with_name(report.name + ".audit.csv"), table)
        output.write_page(report.with_name(report.name + ".audit.html"), report.name, found, table)
    saved = sum(each.saved_minor for each in judged)
    typer.echo(f"would have saved: {money.text(saved, found.currency)}")
    typer.echo(f"written: {report.name}.audit.csv and {report.name}.audit.html")


def _print(found: Report, table: Sequence[dict[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    period = f"{found.period.first} to {found.period.last}{' (assumed)' if found.period.assumed else ''}"
    typer.echo(f"{found.rows} rows, {period}, {found.currency}, results: {found.indicator}")
    for note in found.notes:
        typer.echo(f"note: {note}")
    for each in found.refused[:10]:
        typer.echo(f"refused: line {each.line}: {each.reason}", err=True)
    shown = Table("#", "ad set", "verdict", "spend", "events", "cost", "why", expand=False)
    for row in table[:_SHOWN]:
        shown.add_row(
            *(row[name] for name in ("rank", "ad_set", "verdict", "spend", "events", "cost", "reason"))
        )
    Console().print(shown)
    if len(table) > _SHOWN:
        typer.echo(f"and {len(table) - _SHOWN} more in the files")
