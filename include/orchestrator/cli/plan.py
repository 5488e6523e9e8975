"""``plan``: the plan of one snapshot, on standard output. Touches no network and no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain import policy
from orchestrator.errors import InvalidDocument


def plan(
    snapshot: Annotated[Path, typer.Argument(help="what is known about one user, as JSON")],
    policy_file: Annotated[
        Path | None, typer.Option("--policy", help="YAML with the thresholds that differ")
    ] = None,
) -> None:
    """Print the plan for one snapshot. Touches no network and no database.

    Exits 2, with one line that names the place, when the snapshot or the policy is invalid.
    """
    try:
        thresholds = policy.load(policy_file)
        planned = rules.plan(codec.read_snapshot(_json(snapshot)), thresholds)
    except InvalidDocument as problem:
        _refuse(str(problem))
    except OSError as problem:
        _refuse(f"{problem.filename}: {problem.strerror}")
    print(json.dumps(codec.plan_json(planned), indent=2))


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes(), parse_constant=_no_number)
    except (ValueError, RecursionError) as problem:
        raise InvalidDocument("$", f"is not JSON: {problem}") from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _refuse(line: str) -> NoReturn:
    print(" ".join(line.split()), file=sys.stderr)
    raise typer.Exit(2)
