"""``migrate``: bring the database to the newest schema."""

from __future__ import annotations

import typer

from orchestrator.cli.console import load_settings, one_line


def migrate() -> None:
    """Bring the database at ORCHESTRATOR_DATABASE_URL to the newest schema. Twice is a no-op."""
    from orchestrator.store import migrations

    with one_line():
        migrations.migrate(load_settings().database())
    typer.echo("the database is up to date")
