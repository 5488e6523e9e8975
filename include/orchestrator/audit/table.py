"""The table inside a report: where its heading is, what each column holds, and each row's cells by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orchestrator.audit.headings import EVENTS, HEADINGS, REQUIRED, locate, plain
from orchestrator.audit.source import CellValue, Line
from orchestrator.audit.unusable_report import UnusableReport

HEADER_WITHIN = 20
"""A preamble above the heading has fewer lines than this."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the heading. ``columns``: by field, the position of its column."""

    name: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    lines: tuple[Line, ...]

    def heading(self, field: str) -> str:
        """Return the heading of a field's column, as it is written."""
        return self.header[self.columns[field]]

    def cell(self, line: Line, field: str) -> CellValue:
        """Return a row's cell; empty where there is no such column, or the row is too short."""
        position = self.columns.get(field)
        return "" if position is None or position >= len(line.cells) else line.cells[position]

    def text(self, line: Line, field: str) -> str:
        """Return a row's cell as text."""
        return str(self.cell(line, field))

    def texts(self, field: str) -> Iterator[str]:
        """Return the text of a whole column, without blanks."""
        return (text for line in self.lines if (text := self.text(line, field)))


def table(name: str, lines: Sequence[Line], indicator: str | None) -> Table:
    """Find the heading and its columns.

    Args:
        name: of the file, for messages.
        lines: every row that is not empty.
        indicator: the result that was chosen; null when none was.

    Raises:
        UnusableReport: a column is missing, occurs twice, or several could hold the results.
    """
    if not lines:
        raise UnusableReport(f"{name} is empty: the first line must name the columns")
    at = _header_at(lines)
    header = tuple(str(cell) for cell in lines[at].cells)
    columns = locate(header, HEADINGS)
    _require(name, header, columns)
    columns = columns | {"results": _results(name, header, columns, indicator)}
    _refuse_doubles(name, header, columns)
    return Table(name, header, columns, tuple(lines[at + 1 :]))


def _header_at(lines: Sequence[Line]) -> int:
    """Return the line among the first that names most of the columns."""
    named = [len(locate([str(cell) for cell in line.cells], HEADINGS)) for line in lines[:HEADER_WITHIN]]
    return named.index(max(named))


def _require(name: str, header: Sequence[str], columns: Mapping[str, int]) -> None:
    missing = [field for field in REQUIRED if field not in columns and f"{field}_id" not in columns]
    if missing:
        wanted = " and ".join(f"{field.replace('_', ' ')} ({HEADINGS[field][0]!r})" for field in missing)
        raise UnusableReport(f"{name} has no column for {wanted}; its heading is: {', '.join(header)[:300]}")


def _results(name: str, header: Sequence[str], columns: Mapping[str, int], indicator: str | None) -> int:
    """Return the position of the column that holds the results."""
    chosen = [i for i, heading in enumerate(header) if indicator and plain(heading) == plain(indicator)]
    if chosen:
        return chosen[0]
    if "results" in columns:
        return columns["results"]
    found = locate(header, EVENTS)
    if "conversions" in found:
        return found["conversions"]
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        raise UnusableReport(
            f"{name} has no column for results ('Results'); choose one of its columns with --indicator: "
            f"{', '.join(header)[:300]}"
        )
    choice = ", ".join(repr(header[position]) for position in sorted(found.values()))
    raise UnusableReport(f"{name} has several results ({choice}): choose one with --indicator")


def _refuse_doubles(name: str, header: Sequence[str], columns: Mapping[str, int]) -> None:
    for position in columns.values():
        same = [i for i, heading in enumerate(header) if plain(heading) == plain(header[position])]
        if len(same) > 1:
            both = " and ".join(f"column {i + 1} ({header[i]!r})" for i in same[:2])
            raise UnusableReport(f"{name}: one heading stands twice: {both}; delete or rename one")
