"""The figures of one benchmark: a table for people and, last, one line of JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

Metrics = dict[str, Any]


def show(title: str, figures: Metrics) -> None:
    """Print the table and, last, the JSON object."""
    table = Table("figure", "value", title=title, title_justify="left")
    for name, value in figures.items():
        table.add_row(name, _text(value))
    Console(width=110).print(table)
    print(json.dumps(figures), flush=True)


def rounded(value: Any) -> Any:
    """Four significant digits below a thousand, whole numbers from there on; inside mappings too."""
    if isinstance(value, Mapping):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, float):
        return round(value) if abs(value) >= 1000 else float(f"{value:.4g}")
    return value


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(each)}" for name, each in value.items())
    if value is None:
        return "not measured"
    return f"{value:,}" if isinstance(value, int | float) else str(value)
