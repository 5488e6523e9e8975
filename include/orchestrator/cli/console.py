"""What commands share: one line on standard error for what is wrong, and the resources they work with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.resources import Resources


@contextmanager
def one_line() -> Iterator[None]:
    """Say what is wrong in one line, and exit 2."""
    try:
        yield
    except OrchestratorError as problem:
        typer.echo(" ".join(str(problem).split()), err=True)
        raise typer.Exit(2) from None


@contextmanager
def open_resources() -> Iterator[Resources]:
    """Postgres, Meta and the thresholds as the environment says; what is wrong is said in one line."""
    from orchestrator import settings
    from orchestrator.resources import build_resources

    with one_line():
        resources = build_resources(settings.load())
        try:
            yield resources
        finally:
            resources.close()


def print_json(value: Mapping[str, Any]) -> None:
    """Print a value for a program; ids and times become strings."""
    typer.echo(json.dumps(value, indent=2, default=str))
