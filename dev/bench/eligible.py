"""``make bench-eligible``: the time Postgres takes for a page of eligible users.

A million users, 9 in 100 of them for some reason not eligible, in a Postgres of its own. All pages
of 1,000 are read by key, as a run reads them. The aim is 50 ms a page.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import psutil
import psycopg
import typer

from bench import environment, report
from bench.environment import say
from orchestrator.store import migrations
from stack import postgres
from stack.errors import StackError
from stack.stack import ROOT
from stack.state_dir import StateDir
from stack.supervisor import supervise

Connection = psycopg.Connection[Any]
PAGE = 1_000
PAGE_SQL = "select user_id from get_orchestrator_eligible_users(%(after)s, %(page)s)"
ELIGIBLE_OF_100 = 91  # as sql/many_users.sql makes them


def main(
    *,
    users: Annotated[
        int, typer.Option(min=2_000, help="How many users there are; a multiple of 100.")
    ] = 1_000_000,
    explain: Annotated[bool, typer.Option(help="Also print how Postgres finds a page.")] = True,
) -> None:
    """Measure, print the plan, a table and, as the last line, JSON."""
    if users % 100:
        raise typer.BadParameter(f"--users {users} is not a multiple of 100")
    environment.program(lambda: _bench(users, explain=explain))


def _bench(users: int, *, explain: bool) -> None:
    with _database() as connection:
        _seed(connection, users)
        connection.execute("set role ads_service")
        backend = psutil.Process(connection.info.backend_pid)
        before = backend.cpu_times()
        pages_ms, found = _pages(connection)
        cpu_s = sum(backend.cpu_times()[:2]) - sum(before[:2])
        if found * 100 != users * ELIGIBLE_OF_100:
            raise StackError(f"{found} users of {users} were found eligible")
        if explain:
            print(_plan(connection))
    figures = {
        "users": users,
        "eligible": found,
        "pages": len(pages_ms),
        "page": PAGE,
        "median_ms": statistics.median(pages_ms),
        "p95_ms": statistics.quantiles(pages_ms, n=20)[-1],
        "max_ms": max(pages_ms),
        "cpu_ms_a_page": cpu_s * 1000 / len(pages_ms),
        "all_pages_s": sum(pages_ms) / 1000,
    }
    report.show(f"A page of eligible users among {users:,}", report.rounded(figures))


@contextmanager
def _database() -> Iterator[Connection]:
    """A Postgres with our schema, deleted afterwards: a million users take much space."""
    folder = Path(os.environ.get("STATE_DIR") or ROOT / ".state") / "bench-eligible"
    with supervise(StateDir(folder), say=say) as supervisor:
        server = postgres.start(supervisor)
        with psycopg.connect(server.url("postgres"), autocommit=True) as owner:
            owner.execute("drop database if exists ads with (force)")
            owner.execute("create database ads")
            migrations.migrate(server.url("ads"))
            try:
                with psycopg.connect(server.url("ads"), autocommit=True) as connection:
                    yield connection
            finally:
                owner.execute("drop database ads with (force)")


def _seed(connection: Connection, users: int) -> None:
    say(f"writing {users:,} users, which takes a while")
    connection.execute("select set_config('bench.users', %(users)s, false)", {"users": str(users)})
    connection.execute((Path(__file__).parent / "sql" / "many_users.sql").read_bytes())
    connection.execute("vacuum analyze")
    connection.execute("checkpoint")  # else Postgres writes the users to disk while their pages are timed


def _pages(connection: Connection) -> tuple[list[float], int]:
    """Milliseconds of each page that has users, and how many users there were."""
    taken_ms, found, after = [], 0, None
    while True:
        start = time.perf_counter()
        rows = connection.execute(PAGE_SQL, {"after": after, "page": PAGE}).fetchall()
        taken_ms.append((time.perf_counter() - start) * 1000)
        found += len(rows)
        if len(rows) < PAGE:
            return taken_ms, found
        after = rows[-1][0]


def _plan(connection: Connection) -> str:
    """How the page in the middle is found."""
    middle = "80000000-0000-0000-0000-000000000000"
    explained = connection.execute(
        "explain (analyze, buffers, costs off) " + PAGE_SQL, {"after": middle, "page": PAGE}
    )
    return "\n".join(row[0] for row in explained)


if __name__ == "__main__":
    typer.run(main)
