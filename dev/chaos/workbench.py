"""The proof's own Postgres and simulator, stopped with it even when it is killed."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from orchestrator.store import migrations
from stack import postgres, simulator
from stack.paths import PYTHON_PATH, ROOT
from stack.simulator_control import SimulatorControl
from stack.state_dir import StateDir
from stack.supervisor import Supervisor, supervise

JOURNAL_SIZE = 3_000_000
TEMPLATE = "chaos_template"


@dataclass(slots=True)
class Workbench:
    """A running simulator and a running Postgres with our schema in a database to copy."""

    supervisor: Supervisor
    postgres: postgres.Postgres
    simulator: SimulatorControl
    key: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fresh_database(self) -> str:
        """The URL of a new database with our schema and without rows."""
        name = f"chaos_{next(self.numbers)}"
        with psycopg.connect(self.postgres.url("postgres"), autocommit=True) as connection:
            made = sql.SQL("create database {} template {}")
            connection.execute(made.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        return self.postgres.url(name)

    def drop_database(self, dsn: str) -> None:
        """Drop a database of this workbench."""
        name = str(conninfo_to_dict(dsn)["dbname"])
        with psycopg.connect(self.postgres.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def settings(self, **others: Any) -> dict[str, Any]:
        """A worker's settings, as its environment would hold them."""
        app = simulator.other_app(self.simulator.url)  # it changes with the seed
        return {
            "secret_keys": self.key,
            "armed": "true",
            "meta_base_url": self.simulator.url,
            "meta_app_id": app.app_id,
            "meta_app_secret": app.app_secret,
            "meta_tier": "full",
            **others,
        }


@contextmanager
def a_workbench(*options: str) -> Iterator[Workbench]:
    """Start both; ``options`` are the simulator's. Everything is gone afterwards."""
    folder = Path(os.environ.get("STATE_DIR") or ROOT / ".state") / "chaos"
    folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    try:
        with supervise(StateDir(home), say=lambda _: None) as supervisor:
            server = postgres.start(supervisor)
            url = _start_simulator(supervisor, options)
            _make_template(server)
            control = SimulatorControl(url)
            yield Workbench(supervisor, server, control, _key())
            control.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def rows(dsn: str, query: str, **bound: Any) -> list[dict[str, Any]]:
    """Rows of a query, run as the service role."""
    with psycopg.connect(dsn, row_factory=dict_row, autocommit=True) as connection:
        connection.execute("set role ads_service")
        found = connection.execute(query.encode(), bound)
        return found.fetchall() if found.description else []


def _key() -> str:
    return Fernet.generate_key().decode()


def _start_simulator(supervisor: Supervisor, options: tuple[str, ...]) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": PYTHON_PATH}
    arguments = ("--accounts", "0", "--keep-requests", str(JOURNAL_SIZE), *options)
    url = simulator.start(supervisor, port, arguments, environment)
    simulator.own_app(supervisor, url)
    return url


def _make_template(server: postgres.Postgres) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(TEMPLATE)))
    migrations.migrate(server.url(TEMPLATE))
