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
    from orchestrator.settings import Settings


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
    """Postgres, the platform and the thresholds as the environment says; an error is one line."""
    from orchestrator.resources import build_resources

    with one_line():
        resources = build_resources(load_settings())
        try:
            yield resources
        finally:
            resources.close()


def load_settings(**instead: str) -> Settings:
    """Read the environment, or the settings of a running demo where the environment says nothing.

    Args:
        instead: fields that go before either.

    Raises:
        ConfigError: see ``settings.load``.
    """
    from orchestrator import settings

    demo = settings.running_demo()
    if demo is None:
        return settings.load(**instead)
    typer.echo(f"using the demo at {demo.parent}", err=True)
    return settings.load_demo(demo, **instead)


def print_json(value: Mapping[str, Any]) -> None:
    """Print a value for a program; ids and times as strings."""
    typer.echo(json.dumps(value, indent=2, default=str))
