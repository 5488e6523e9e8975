"""Commands that look after our database."""

from __future__ import annotations

import typer

from orchestrator import migrations, settings
from orchestrator.errors import ConfigError
from orchestrator.secrets import Secrets
from orchestrator.store import Store


def migrate() -> None:
    """Bring the database at ORCHESTRATOR_DATABASE_URL to the newest schema. Twice is a no-op."""
    try:
        migrations.migrate(settings.load().database())
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo("the database is up to date")


def rotate_keys() -> None:
    """Encrypt every stored access token again with the first of ORCHESTRATOR_SECRET_KEYS."""
    try:
        environment = settings.load()
        with Store(environment.database(), Secrets(environment.secret_keys)) as store:
            rewritten, unreadable = store.rotate_keys()
    except ConfigError as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(f"{rewritten} tokens are encrypted with the newest key")
    for user_id in unreadable:
        typer.echo(f"user {user_id}: no key can read the token; connect the account again", err=True)
    if unreadable:
        raise typer.Exit(code=1)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(migrate)
    app.command()(rotate_keys)
