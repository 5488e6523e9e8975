"""A Postgres for tests: an embedded one, or the one at ORCHESTRATOR_TEST_DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from stack import postgres
from stack.state_dir import StateDir
from stack.supervisor import supervise

STATE = Path(os.environ.get("STATE_DIR") or Path(__file__).parents[1] / ".state")


@contextmanager
def a_server() -> Iterator[str]:
    """A URL of a server on which databases and roles may be made; it ends with the tests, even killed."""
    given = os.environ.get("ORCHESTRATOR_TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = STATE / "test"
    folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="postgres-", dir=folder))
    try:
        with supervise(StateDir(home), say=lambda _: None) as supervisor:
            yield postgres.start(supervisor).url("postgres")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def a_database(server_url: str, template: str = "template0", owner: str | None = None) -> Iterator[str]:
    """The URL of a new database, made like ``template`` and dropped at the end."""
    name = f"ads_test_{uuid4().hex[:12]}"
    made = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
    if owner is not None:
        made += sql.SQL(" owner {}").format(sql.Identifier(owner))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(made)
        try:
            yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
