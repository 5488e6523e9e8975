"""An audit as JSON, as a CSV file and as an HTML page beside the report."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from orchestrator.audit.report import Report
from orchestrator.audit.verdicts import AdSetVerdict
from orchestrator.domain import money
from orchestrator.errors import ConfigError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    *("rank", "campaign", "ad_set", "ad_set_id", "status", "spend", "impressions", "events", "cost"),
    *("verdict", "reason", "would_have_saved"),
)


def document(report: Report, judged: Sequence[AdSetVerdict]) -> dict[str, Any]:
    """Return the audit as one JSON object; amounts in minor units, ad sets in rank order."""
    return {
        "currency": report.currency,
        "period": {
            "from": report.period.first.isoformat(),
            "to": report.period.last.isoformat(),
            "assumed": report.period.assumed,
        },
        "indicator": report.indicator,
        "rows": report.rows,
        "refused": [{"line": each.line, "reason": each.reason} for each in report.refused],
        "totals": {
            "spend_minor": sum(each.result.spend_minor for each in judged),
            "impressions": sum(each.result.impressions for each in judged),
            "events": sum(each.result.events for each in judged),
        },
        "ad_sets": [_ad_set(each) for each in judged],
        "would_have_saved_minor": sum(each.saved_minor for each in judged),
        "notes": list(report.notes),
    }


def _ad_set(each: AdSetVerdict) -> dict[str, Any]:
    result, cost = each.result, each.result.cost_minor
    return {
        "campaign": result.campaign,
        "ad_set": result.ad_set,
        "ad_set_id": result.ad_set_id or None,
        "status": result.status,
        "spend_minor": result.spend_minor,
        "impressions": result.impressions,
        "events": result.events,
        "cost_minor": None if cost is None else money.decimal_text(cost.numerator, cost.denominator),
        "verdict": each.verdict,
        "reason": each.reason,
        "would_have_saved_minor": each.saved_minor,
    }


def rows(report: Report, judged: Sequence[AdSetVerdict]) -> list[dict[str, str]]:
    """Return one row of text an ad set, in rank order, for tables."""
    return [_row(rank, each, report.currency) for rank, each in enumerate(judged, start=1)]


def _row(rank: int, each: AdSetVerdict, currency: str) -> dict[str, str]:
    result, cost = each.result, each.result.cost_minor
    return {
        "rank": str(rank),
        "campaign": printable(result.campaign),
        "ad_set": printable(result.ad_set),
        "ad_set_id": printable(result.ad_set_id),
        "status": result.status,
        "spend": money.text(result.spend_minor, currency),
        "impressions": f"{result.impressions:,}",
        "events": f"{result.events:,}",
        "cost": "" if cost is None else money.fraction_text(cost, currency),
        "verdict": each.verdict,
        "reason": each.reason,
        "would_have_saved": money.text(each.saved_minor, currency) if each.saved_minor else "",
    }


def printable(text: str) -> str:
    """Show control characters instead of sending them to a terminal or a page."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def write_csv(path: Path, table: Sequence[dict[str, str]]) -> None:
    """Write the rows; a name that a spreadsheet would take for a formula gets an apostrophe.

    Raises:
        ConfigError: the file cannot be written.
    """
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, _COLUMNS)
    writer.writeheader()
    writer.writerows({name: _inert(value) for name, value in row.items()} for row in table)
    _write(path, file.getvalue().encode("utf-8-sig"))


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_page(path: Path, title: str, report: Report, table: Sequence[dict[str, str]]) -> None:
    """Write a page of its own: no script, nothing loaded from elsewhere.

    Raises:
        ConfigError: the file cannot be written.
    """
    environment = Environment(
        loader=PackageLoader("orchestrator.audit", "templates"), autoescape=select_autoescape()
    )
    page = environment.get_template("audit.html").render(title=title, report=report, rows=table)
    _write(path, page.encode())


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as problem:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise ConfigError(f"{path}: {problem.strerror}: copy the report elsewhere, or use --json") from None
