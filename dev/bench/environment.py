"""Postgres, the simulator and Airflow for one benchmark; all stopped on the way out, however that comes."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench import seed as seeding
from bench.fleet import START, User
from demo import runners
from orchestrator.store.encryption import Secrets
from stack import stack
from stack.errors import StackError
from stack.stack import ROOT, Choices, Stack
from stack.supervisor import StopRequested

JOURNAL_SIZE = 400
"""Enough for one user's requests; each takes memory of the simulator."""
BUNDLES = [
    {
        "name": name,
        "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
        "kwargs": {"path": str(ROOT / folder)},
    }
    for name, folder in (("ads", "dags"), ("bench", "dev/bench/dags"))
]
ENVIRONMENT = {
    "ORCHESTRATOR_ARMED": "true",  # a dry run would write nothing whatever was decided
    "ORCHESTRATOR_META_TIER": "full",
    "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",  # runs are triggered one by one
    "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(BUNDLES),
}


def say(line: str) -> None:
    """A progress line, with the time: long work must be seen to go on."""
    print(f"{time.strftime('%H:%M:%S')} · {line}", file=sys.stderr, flush=True)


@contextmanager
def start(
    latency_ms: int,
    *,
    with_airflow: bool = True,
    tier: str = "full",
    clock_factor: float = 0.0,
    journal_size: int = JOURNAL_SIZE,
) -> Iterator[Stack]:
    """Start everything on a folder of its own, with a new and empty database of ours.

    The simulator's clock is stopped unless ``clock_factor`` is above 0.
    """
    state_dir = Path(os.environ.get("STATE_DIR") or ROOT / ".state") / "bench"
    arguments = {
        "--accounts": 0,
        "--now": START.isoformat(),
        "--tier": tier,
        "--clock-factor": clock_factor,
        "--latency-ms": latency_ms,
        "--keep-requests": journal_size,
    }
    choices = Choices(
        state_dir=state_dir,
        simulator_arguments=tuple(str(word) for pair in arguments.items() for word in pair),
        environment=ENVIRONMENT | {"ORCHESTRATOR_META_TIER": tier},
        with_airflow=with_airflow,
        say=say,
    )
    with stack.start(choices) as running:
        _begin_anew(running.airflow_database_url)
        running.orchestrator("migrate")
        yield running


def _begin_anew(any_url: str) -> None:
    """Drop what an earlier benchmark left in our database."""
    with psycopg.connect(any_url, autocommit=True) as connection:
        connection.execute("drop database if exists ads with (force)")
        connection.execute("create database ads")


def seed(running: Stack, users: Sequence[User]) -> None:
    """Put the fleet into the simulator and into our database."""
    secrets = Secrets(runners.settings_of(running).secret_keys)
    seeding.seed(users, str(running.simulator_url), running.database_url, secrets, say)


def query(dsn: str, text: str, **bound: Any) -> list[tuple[Any, ...]]:
    """What a query finds, as the database's owner."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(sql.SQL(text), bound).fetchall()


def size_mb(dsn: str) -> float:
    """How large the database is on disk, MiB."""
    return float(query(dsn, "select pg_database_size(current_database())")[0][0]) / 2**20


def program(main: Callable[[], None]) -> None:
    """Run ``main``; a problem is one line, and signals end it with everything that it started."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also when started in the background
    try:
        main()
    except StackError as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except StopRequested:
        sys.exit(143)
