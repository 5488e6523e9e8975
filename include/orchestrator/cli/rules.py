"""``rules``: write the page of rules and thresholds from the code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestrator.cli import rules_page
from orchestrator.domain import policy


def rules(
    path: Annotated[Path, typer.Argument(help="the page")] = Path("docs/rules.md"),
    check: Annotated[bool, typer.Option("--check", help="only say whether it is up to date")] = False,
) -> None:
    """Write the page of rules and thresholds from the code.

    With ``--check`` nothing is written; exits 1 when the page is not what the code says.
    """
    page = rules_page.page(policy.load())
    if not check:
        path.write_text(page, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != page:
        print(f"{path} is out of date: python -m orchestrator rules", file=sys.stderr)
        raise typer.Exit(1)
