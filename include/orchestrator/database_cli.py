"""Commands that look after our database.

What they need is imported when they run: ``plan`` has no use for a database and starts without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from orchestrator.tools import Tools


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(migrate)
    app.command()(rotate_keys)


def migrate() -> None:
    """Bring the database at ORCHESTRATOR_DATABASE_URL to the newest schema. Twice is a no-op."""
    from orchestrator import settings  # noqa: PLC0415
    from orchestrator.store import migrations  # noqa: PLC0415

    with one_line():
        migrations.migrate(settings.load().database())
    typer.echo("the database is up to date")


def rotate_keys() -> None:
    """Encrypt every stored access token again with the first of ORCHESTRATOR_SECRET_KEYS.

    Exits 1 when a token cannot be read by any of the keys, after rewriting all others.
    """
    from orchestrator import settings  # noqa: PLC0415
    from orchestrator.store import Store  # noqa: PLC0415
    from orchestrator.store.encryption import Secrets  # noqa: PLC0415

    with one_line():
        environment = settings.load()
        with Store(environment.database(), Secrets(environment.secret_keys)) as store:
            rewritten, unreadable = store.rotate_keys()
    typer.echo(f"{rewritten} tokens are encrypted with the newest key")
    for user_id in unreadable:
        typer.echo(f"user {user_id}: no key can read the token; connect the account again", err=True)
    if unreadable:
        raise typer.Exit(1)


@contextmanager
def one_line() -> Iterator[None]:
    """Say what is wrong in one line, and exit 2."""
    try:
        yield
    except OrchestratorError as problem:
        typer.echo(" ".join(str(problem).split()), err=True)
        raise typer.Exit(2) from None


@contextmanager
def open_tools() -> Iterator[Tools]:
    """Postgres, Meta and the thresholds as the environment says; what is wrong is said in one line."""
    from orchestrator import settings  # noqa: PLC0415
    from orchestrator.tools import build  # noqa: PLC0415

    with one_line():
        tools = build(settings.load())
        try:
            yield tools
        finally:
            tools.close()
