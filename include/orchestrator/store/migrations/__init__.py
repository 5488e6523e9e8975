"""The database's schema, forward only: revisions that run plain SQL files in order of their names."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import psycopg  # the schema is made by whoever owns it
import sqlalchemy.exc
from alembic import command, op
from alembic.config import Config

from orchestrator.errors import ConfigError, DatabaseUnavailable

OLDEST_POSTGRES = 15  # views with security_invoker


def migrate(dsn: str) -> None:
    """Bring the database to the newest revision. Again is a no-op; two at once wait for each other.

    Raises:
        ConfigError: the database is not one that can be brought there; says what to do.
        DatabaseUnavailable: it cannot be reached.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["dsn"] = dsn
    try:
        command.upgrade(config, "head")
    except psycopg.errors.RaiseException as error:
        hint = error.diag.message_hint
        raise ConfigError(". ".join(filter(None, (error.diag.message_primary, hint)))) from error
    except sqlalchemy.exc.OperationalError as error:
        raise DatabaseUnavailable(f"Postgres: {str(error.orig).strip()}") from error


def run_files(prefix: str) -> None:
    """Run every SQL file of one revision, in order of name, on the migration's own connection.

    Raises:
        ConfigError: the server is older than our views need.
        FileNotFoundError: the revision has no file.
    """
    # The driver itself: a file holds many statements, and its percent signs are not placeholders.
    connection: Any = op.get_bind().connection.driver_connection
    if connection.info.server_version < OLDEST_POSTGRES * 10_000:
        raise ConfigError(f"PostgreSQL {OLDEST_POSTGRES} or newer is needed")
    folder = resources.files(__name__) / "sql"
    files = sorted((f for f in folder.iterdir() if f.name.startswith(prefix)), key=lambda f: f.name)
    if not files:
        raise FileNotFoundError(f"no SQL file begins with {prefix!r}")
    for file in files:
        connection.execute(file.read_bytes())
