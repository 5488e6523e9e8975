from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg
import pytest

from stack import postgres
from stack.state_dir import StateDir
from stack.supervisor import supervise
from tests.dev.stack.conftest import StartSupervised


def quiet(_line: str) -> None:
    pass


def databases(server: postgres.Postgres) -> set[str]:
    with psycopg.connect(server.url("ads")) as connection:
        return {row[0] for row in connection.execute("SELECT datname FROM pg_database")}


def test_a_killed_database_starts_again_with_what_was_committed(
    start_supervised: StartSupervised, state_dir: Path
) -> None:
    first = start_supervised("postgres")
    with psycopg.connect(first.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
        connection.commit()
        for pid in [*first.parts, first.process.pid]:
            os.kill(pid, signal.SIGKILL)
    assert first.all_gone()

    with supervise(StateDir(state_dir), quiet) as supervisor:
        url = postgres.start(supervisor).url("ads")
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT value FROM kept").fetchall() == [(7,)]


def test_what_a_kill_left_half_made_or_stale_is_no_obstacle(state_dir: Path) -> None:
    state = StateDir(state_dir)
    state.make()
    half_made = state.postgres / "unfinished"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with supervise(state, quiet) as supervisor:
        postgres.start(supervisor)
    stale = state.postgres / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n")  # the number belongs to another process by now

    with supervise(state, quiet) as supervisor:
        assert databases(postgres.start(supervisor)) >= {"airflow", "ads"}


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    state = StateDir(tmp_path / ("x" * 120))

    with supervise(state, quiet) as supervisor:
        assert databases(postgres.start(supervisor)) >= {"airflow", "ads"}


def test_only_the_owner_may_enter_the_socket_folder(state_dir: Path) -> None:
    with supervise(StateDir(state_dir), quiet) as supervisor:
        server = postgres.start(supervisor)

        assert server.socket_dir.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("driver", "url"),
    [
        pytest.param("", "postgresql://postgres@/ads?host=/a%20b/socket", id="libpq"),
        pytest.param("+psycopg2", "postgresql+psycopg2://postgres@/ads?host=/a%20b/socket", id="SQLAlchemy"),
    ],
)
def test_the_url_names_the_socket_folder(driver: str, url: str) -> None:
    server = postgres.Postgres(Path("/a b/socket"))

    assert server.url("ads", driver) == url
