"""Print what was proven: a table, and one last line with the counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

SHOWN = 20


def table(title: str, columns: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers are right-aligned."""
    shown = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        shown.add_column(column, justify="right" if number else "left")
    for line in lines:
        shown.add_row(*(str(each) for each in line))
    Console(width=110).print(shown)


def problems(found: Sequence[str]) -> None:
    """Print what went wrong, the first few of it."""
    for each in found[:SHOWN]:
        print(f"! {each}")
    if len(found) > SHOWN:
        print(f"! and {len(found) - SHOWN} more")


def last_line(what: str, *, holds: bool) -> int:
    """Print the line with the counts; the exit code that goes with it."""
    print(f"{'holds' if holds else 'BROKEN'}: {what}", flush=True)
    return 0 if holds else 1
