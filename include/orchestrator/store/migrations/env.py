"""Alembic's entry: one transaction, one lock, our own version table.

The host application may keep Alembic's usual table in the same database, so ours has another
name. Two migrations at once wait for each other; the second then finds nothing to do.
"""

from __future__ import annotations

import psycopg  # the schema is made by whoever owns it
from alembic import context
from sqlalchemy import create_engine, pool, text

LOCK = 7_230_519_846_021  # any number that nothing else in this database locks


def migrate() -> None:
    """Bring the database at the URL in Alembic's attributes to the newest revision."""
    dsn: str = context.config.attributes["dsn"]
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=pool.NullPool
    )
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.configure(connection=connection, version_table="ads_schema_version")
        with context.begin_transaction():
            context.run_migrations()


migrate()
