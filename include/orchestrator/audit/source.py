"""Open a report: CSV in the encodings and delimiters that exports have, or an Excel workbook.

Everything read is bounded: the file by ``MAX_BYTES``, a workbook by ``MAX_UNPACKED_BYTES`` once
unpacked, the table by ``MAX_ROWS`` and ``MAX_COLUMNS``.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from orchestrator.audit.unusable_report import UnusableReport

MAX_BYTES = 50 * 2**20
MAX_UNPACKED_BYTES = 500 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000

CellValue = str | Decimal | date
"""Text as the file has it; a number or a date only where a workbook says that it is one."""

_ZIP = b"PK\x03\x04"
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table that is not empty, with its line number in the file."""

    number: int
    cells: tuple[CellValue, ...]


def lines(path: Path) -> list[Line]:
    """Read every row that is not empty.

    Raises:
        UnusableReport: the file is missing, too large, or neither CSV nor .xlsx.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnusableReport(
                f"{path.name} has {size:,} bytes, and {MAX_BYTES:,} are read at most: export a shorter period"
            )
        content = path.read_bytes()
    except OSError as problem:
        raise UnusableReport(f"{path}: {problem.strerror}: give a CSV or .xlsx file") from None
    found = _workbook(path) if content.startswith(_ZIP) else _text(path.name, content)
    return list(_bounded(path.name, found))


def _bounded(name: str, found: Iterator[Line]) -> Iterator[Line]:
    for count, line in enumerate(found, start=1):
        if count > MAX_ROWS:
            raise UnusableReport(f"{name} has over {MAX_ROWS:,} rows: export a shorter period")
        if len(line.cells) > MAX_COLUMNS:
            raise UnusableReport(f"{name}, line {line.number}: over {MAX_COLUMNS:,} columns: export fewer")
        yield line


def _text(name: str, content: bytes) -> Iterator[Line]:
    # Not splitlines: a name may hold U+2028, which ends no row.
    rows = list(io.StringIO(_decoded(name, content), newline=""))
    skipped = 1 if rows and rows[0].lower().startswith("sep=") else 0
    delimiter = rows[0].strip()[4:5] if skipped else ""
    rows = rows[skipped:]
    reader = csv.reader(rows, delimiter=delimiter or _delimiter(rows), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(reader.line_num + skipped, tuple(cell.strip() for cell in cells))
    except csv.Error as problem:
        line = reader.line_num + skipped
        raise UnusableReport(f"{name}, line {line}: no CSV ({problem}): export it again as CSV") from None


def _delimiter(rows: Sequence[str]) -> str:
    """Return the delimiter that the first lines have most of; a preamble above the heading has few."""
    return max(_DELIMITERS, key=lambda each: max((row.count(each) for row in rows[:20]), default=0))


def _decoded(name: str, content: bytes) -> str:
    encoding = next((known for bom, known in _BOMS.items() if content.startswith(bom)), None)
    if encoding is None:
        encoding = _guessed(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnusableReport(
            f"{name} is no text in UTF-8 or UTF-16: export it again as CSV in UTF-8"
        ) from None


def _guessed(content: bytes) -> str:
    """Guess the encoding of text without a mark: zeros mean UTF-16, what is no UTF-8 a Western code page."""
    head = content[:4096]
    if b"\x00" in head:
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _workbook(path: Path) -> Iterator[Line]:
    import pandas as pd  # noqa: PLC0415 - costs more than reading a CSV file does

    unpacked = _unpacked_bytes(path)
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnusableReport(f"{path.name} unpacks to {unpacked:,} bytes: export it as CSV")
    try:
        frame = pd.read_excel(path, header=None, dtype=object, engine="calamine")
    except Exception as problem:  # noqa: BLE001 - a broken workbook raises what the reader pleases
        raise _no_workbook(path, problem) from None
    for number, row in enumerate(frame.itertuples(index=False), start=1):
        cells = tuple(_cell(value) for value in row)
        if any(cell != "" for cell in cells):
            yield Line(number, cells)


def _unpacked_bytes(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as packed:
            return sum(each.file_size for each in packed.infolist())
    except zipfile.BadZipFile as problem:
        raise _no_workbook(path, problem) from None


def _no_workbook(path: Path, problem: Exception) -> UnusableReport:
    return UnusableReport(f"{path.name} is no .xlsx workbook ({type(problem).__name__}): export it as CSV")


def _cell(value: object) -> CellValue:
    if value is None or value != value:  # noqa: PLR0124 - pandas has NaN for a blank cell
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(repr(value))
    return str(value).strip()
