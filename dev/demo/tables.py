"""The tables of the demo, for a person in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from demo import text
from demo.personas import Outcome, Persona
from demo.results import PersonaResult
from demo.text import Names
from orchestrator.audit.report import Report
from orchestrator.domain.reasons import reason_text

WIDTH = 118
MOST_REFUSED = 20


def console() -> Console:
    """Where the demo prints: as wide as the terminal, else a fixed width."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(width=WIDTH, highlight=False)


def result_table(results: Sequence[PersonaResult], names: Mapping[str, Names], title: str) -> Table:
    """Who, the day's shares, the actions, the holds with their reasons, the errors.

    Args:
        results: in the order of the cast.
        names: by person's name, what their objects are called.
        title: above the table.
    """
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True, expand=True)
    for heading, ratio in (("user", 19), ("a day", 18), ("actions", 40), ("not done, because / errors", 23)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for result in results:
        table.add_row(
            Group(Text(result.person.name, style="bold"), Text(result.person.why, style="dim")),
            _lines(text.share_lines(result)),
            _lines(text.action_lines(result, names[result.person.name])),
            _reasons(result),
        )
    return table


def _reasons(result: PersonaResult) -> Text:
    """Why things were not done, and what is wrong."""
    holds = Text(", ".join(text.hold_lines(result)), style="yellow")
    errors = Text("\n".join(text.error_lines(result)), style="bold red")
    return Text("\n").join(each for each in (holds, errors) if each.plain)


def reasons_table(results: Sequence[PersonaResult]) -> Table:
    """What each reason means, once."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for reason in text.reasons_in(results):
        table.add_row(reason, Text(reason_text(reason), style="dim"))
    return table


def outcome_lines(person: Persona, outcomes: Sequence[Outcome], missing: Sequence[Outcome]) -> Text:
    """One person's expectations, each with its verdict."""
    line = Text(f"{person.name:5}")
    for number, outcome in enumerate(outcomes):
        if number:
            line.append(" · ")
        line.append(*(("✗ ", "bold red") if outcome in missing else ("✓ ", "green")))
        line.append(outcome.words)
    return line


def writes_table(rows: Sequence[tuple[str, Sequence[str], int, int]]) -> Table:
    """Whose writes landed: who, what was written, sent, took effect."""
    table = Table(show_lines=True, expand=True)
    for heading, ratio in (("user", 6), ("written to Meta (budgets in minor units)", 90)):
        table.add_column(heading, ratio=ratio)
    for heading in ("sent", "took effect"):
        table.add_column(heading, justify="right")
    for name, lines, sent, effective in rows:
        table.add_row(name, _lines(lines), str(sent), str(effective))
    return table


def _lines(lines: Sequence[str], style: str = "") -> Text:
    return Text("\n".join(lines), style=style)


def facts(pairs: Sequence[tuple[str, Any]]) -> Table:
    """Name and value, one a line."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(name, str(value))
    return table


def export_facts(report: Report, person: Persona) -> Group:
    """What was read from a file, and what was made of it."""
    ad_sets = [ad_set for campaign in person.campaigns for ad_set in campaign.ad_sets]
    paused = sum(ad_set.paused_by_hand for ad_set in ad_sets)
    refused = [Text(f"line {row.line} refused: {row.reason}", style="yellow") for row in report.refused]
    left_out = len(refused) - MOST_REFUSED
    days = (report.period.last - report.period.first).days + 1
    spread = "" if any(row.day for row in report.ad_days) else ", spread evenly"
    period = f"{report.period.first} to {report.period.last}, as the {days} days up to yesterday{spread}"
    active = f"{len(ad_sets) - paused} of them active, in {report.currency}"
    return Group(
        facts(
            [
                ("read", f"{report.rows} rows: {person.why}; {len(report.refused)} rows refused"),
                ("results", f"{report.indicator}, as the goal {next(iter(person.goals))}"),
                ("loaded as", f"{len(ad_sets)} ad sets in {len(person.campaigns)} campaigns, {active}"),
                ("in time", period),
                (
                    "settings",
                    f"{person.daily_budget} a day as in the file, at most {person.max_daily_budget}",
                ),
                *(("note", note) for note in report.notes),
            ]
        ),
        *refused[:MOST_REFUSED],
        *([Text(f"and {left_out} more", style="yellow")] if left_out > 0 else []),
    )
