"""The command line: ``python -m orchestrator plan SNAPSHOT.json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from orchestrator import database_cli, rules, switch_cli, tidy_cli, why_cli
from orchestrator.documents import codec as document
from orchestrator.domain import policy
from orchestrator.errors import InvalidDocument
from orchestrator.explain import rules_page as handbook

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
database_cli.add_to(app)
switch_cli.add_to(app)
why_cli.add_to(app)
tidy_cli.add_to(app)


@app.callback()
def main() -> None:
    """Decides what to do with a user's ads, and says why."""


@app.command()
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
        planned = rules.plan(document.read_snapshot(_json(snapshot)), thresholds)
    except InvalidDocument as problem:
        _refuse(str(problem))
    except OSError as problem:
        _refuse(f"{problem.filename}: {problem.strerror}")
    print(json.dumps(document.plan_json(planned), indent=2))


@app.command("rules")
def write_rules(
    path: Annotated[Path, typer.Argument(help="the page")] = Path("docs/rules.md"),
    check: Annotated[bool, typer.Option("--check", help="only say whether it is up to date")] = False,
) -> None:
    """Write the page of rules and thresholds from the code.

    With ``--check`` nothing is written; exits 1 when the page is not what the code says.
    """
    page = handbook.page(policy.load())
    if not check:
        path.write_text(page, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != page:
        print(f"{path} is out of date: python -m orchestrator rules", file=sys.stderr)
        raise typer.Exit(1)


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


if __name__ == "__main__":
    app()
