"""Airflow as four parts, configured by the environment alone."""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import httpx
import psycopg

from stack.postgres import Postgres
from stack.state_dir import StateDir
from stack.supervisor import Command, Supervisor

API_SERVER = "airflow api-server"
TRIGGERER = "airflow triggerer"
FIRST = {
    API_SERVER: ("api-server",),
    "airflow scheduler": ("scheduler", "--skip-serve-logs"),  # the api-server reads the files themselves
    "airflow dag-processor": ("dag-processor",),
}
AWAITED = ("metadatabase", "scheduler", "dag_processor")
USERS = {"admin": "admin", "op": "op", "viewer": "viewer"}  # name: role
MIGRATE_S = 180.0
READY_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """What Airflow loads."""

    dags: Path
    plugins: Path


def environment(state: StateDir, database: Postgres, port: int, folders: Folders) -> dict[str, str]:
    """The whole configuration of one Airflow, as variables. Secrets are made once and stored."""
    url = f"http://127.0.0.1:{port}"
    settings = {
        "core__simple_auth_manager_users": ",".join(f"{name}:{role}" for name, role in USERS.items()),
        "core__simple_auth_manager_passwords_file": str(state.root / "secrets" / "airflow-passwords"),
        "core__dags_folder": str(folders.dags),
        "core__plugins_folder": str(folders.plugins),
        "core__load_examples": "False",
        "core__executor": "LocalExecutor",
        "core__parallelism": str(workers()),
        "core__execution_api_server_url": f"{url}/execution/",
        "core__fernet_key": state.secret("airflow-fernet-key", fernet_key),
        "database__sql_alchemy_conn": database.url("airflow", "+psycopg2"),
        "api__base_url": url,
        "api__host": "127.0.0.1",
        "api__port": str(port),
        "api__secret_key": state.secret("airflow-api-secret", secrets.token_urlsafe),
        "api_auth__jwt_secret": state.secret("airflow-jwt-secret", lambda: secrets.token_urlsafe(48)),
        "logging__base_log_folder": str(state.airflow / "logs"),
        "logging__dag_processor_child_process_log_directory": str(state.airflow / "logs" / "dag_processor"),
        "logging__colored_console_log": "False",
        **QUICK,
    }
    return {f"AIRFLOW__{name.upper()}": value for name, value in settings.items()} | {
        "AIRFLOW_HOME": str(state.airflow)
    }


# A person waits for a demo: look more often than a deployment would.
QUICK = {
    "scheduler__scheduler_idle_sleep_time": "0.2",
    "scheduler__scheduler_heartbeat_sec": "2",
    "scheduler__max_tis_per_query": "64",
    "dag_processor__refresh_interval": "5",
    "dag_processor__bundle_refresh_check_interval": "1",
    "dag_processor__min_file_process_interval": "300",  # a demo's DAG does not change
    "dag_processor__parsing_processes": "1",
    "triggerer__on_kill_timeout": "1",
    "workers__execution_api_timeout": "30",  # many things share the machine of a demo
}


def workers() -> int:
    """Tasks that run at once: two a core, at least four."""
    return max(4, 2 * (os.cpu_count() or 1))


def fernet_key() -> str:
    """A new Fernet key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def passwords(state: StateDir) -> dict[str, str]:
    """The users' generated passwords, in the file where Airflow looks for them."""
    found: dict[str, str] = json.loads(
        state.secret(
            "airflow-passwords", lambda: json.dumps({name: secrets.token_urlsafe(12) for name in USERS})
        )
    )
    return found


def prepare(supervisor: Supervisor, database: Postgres, variables: Mapping[str, str]) -> None:
    """Bring Airflow's own tables up to date; a database that was brought there before is left alone.

    Raises:
        StackError: The migration failed.
    """
    stamp = supervisor.state.airflow / "migrated"
    identity = f"{version('apache-airflow')} {_oid(database)}\n"
    if not stamp.exists() or stamp.read_text() != identity:
        supervisor.say("making Airflow's tables (once)")
        migration = supervisor.start(_airflow("airflow db migrate", ("db", "migrate"), variables))
        supervisor.wait_until_done(migration, MIGRATE_S)
        stamp.write_text(identity)
    with psycopg.connect(database.url("airflow"), autocommit=True) as connection:
        # None of an earlier demo's processes lives: what they were running is free to be taken up at once.
        connection.execute("UPDATE job SET state = 'failed' WHERE state = 'running'")


def _oid(database: Postgres) -> int:
    with psycopg.connect(database.url("airflow")) as connection:
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        return int(row[0]) if row else 0


def start(supervisor: Supervisor, variables: Mapping[str, str]) -> None:
    """Start the parts that a first run needs; none is waited for."""
    for name, words in FIRST.items():
        supervisor.start(_airflow(name, words, variables))


def _airflow(name: str, words: tuple[str, ...], variables: Mapping[str, str]) -> Command:
    arguments = [sys.executable, "-m", "airflow", *words]
    order = 1 if name == API_SERVER else 0  # the others speak to it while they end
    return Command(name=name, arguments=arguments, environment=variables, order=order)


def wait(supervisor: Supervisor, url: str, variables: Mapping[str, str]) -> None:
    """Wait until the first parts report to be healthy, then start the triggerer beside them.

    The triggerer comes last because no run waits for it, and each part takes seconds of one core to start.

    Raises:
        StackError: A part ended, or they took too long.
    """
    supervisor.say("waiting for Airflow")
    supervisor.wait_for("Airflow", lambda: _healthy(url), READY_S)
    supervisor.start(_airflow(TRIGGERER, ("triggerer", "--skip-serve-logs"), variables))


def _healthy(url: str) -> bool:
    try:
        # The part of the api-server that tasks talk to is built at its first request, which is this one.
        httpx.get(f"{url}/execution/health", timeout=READY_S, trust_env=False)
        answer = httpx.get(f"{url}/api/v2/monitor/health", trust_env=False)
    except httpx.TransportError:
        return False
    return answer.is_success and all(answer.json()[part]["status"] == "healthy" for part in AWAITED)
