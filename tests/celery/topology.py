"""Past one process: a broker, and workers who know nothing but the api-server and our own database."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import redis

from stack.stack import Stack
from stack.supervisor import Command, Running, Supervisor

# What recovers a lost task, and when. The same names stand in docker-compose.yaml and the Helm values, with
# a deployment's patience; a test has less.
SOON = {
    # A worker that says nothing for so long is dead, and its tasks are tried again.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
    # What it had taken from the queue and not begun is given to another.
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "5",
    "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "3600",
}
# A worker's environment has these and no others: neither Airflow's database nor a key of Airflow's.
OF_THE_MACHINE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "NO_PROXY", "no_proxy", "PYTHONPATH")
OF_AIRFLOW = (
    "AIRFLOW__CORE__DAGS_FOLDER",
    "AIRFLOW__CORE__PLUGINS_FOLDER",
    "AIRFLOW__CORE__LOAD_EXAMPLES",
    "AIRFLOW__CORE__EXECUTOR",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL",
    "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT",
    "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG",
    *SOON,
)
READY_S = 120.0


@dataclass(frozen=True, slots=True)
class Broker:
    """A Redis with a password, on this machine."""

    port: int
    password: str

    def url(self, database: int) -> str:
        """One of its numbered databases."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def environment(self) -> dict[str, str]:
        """Celery's own settings: the queue in one database, the results in another."""
        return {
            "AIRFLOW__CELERY__BROKER_URL": self.url(0),
            "AIRFLOW__CELERY__RESULT_BACKEND": self.url(1),
        }

    def answers(self) -> bool:
        """True when it is up."""
        try:
            with redis.Redis.from_url(self.url(0)) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


def server() -> str | None:
    """The Redis on PATH, else the program that ``make test-celery`` unpacked; null without either."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    unpacked = Path(os.environ.get("STATE_DIR", ".state")).resolve() / "redis"
    program = next(unpacked.rglob("valkey-server"), None)
    if program is not None:
        program.chmod(0o755)
    return program and str(program)


def a_broker(port: int) -> Broker:
    """A broker that is still to be started."""
    return Broker(port, secrets.token_urlsafe(24))


def start_broker(supervisor: Supervisor, broker: Broker, program: str) -> None:
    """Start it, with its password in a file that only this user reads."""
    config = supervisor.state.root / "redis.conf"
    config.touch(mode=0o600)
    config.write_text(
        f'bind 127.0.0.1\nport {broker.port}\nrequirepass {broker.password}\nsave ""\nappendonly no\n'
        f"dir {supervisor.state.root}\n"
    )
    command = Command(
        name="redis", arguments=[program, str(config)], environment={"PATH": os.environ["PATH"]}, order=1
    )
    supervisor.start(command)
    supervisor.wait_for("Redis", broker.answers, READY_S)


def start_worker(running: Stack, broker: Broker, name: str) -> Running:
    """Start one Celery worker that takes two tasks at once."""
    words = ("celery", "worker", "--celery-hostname", name, "--concurrency", "2", "--skip-serve-logs")
    return running.supervisor.start(
        Command(
            name=f"worker {name}",
            arguments=[sys.executable, "-m", "airflow", *words, "--without-gossip", "--without-mingle"],
            environment=worker_environment(running.environment, broker, running.state.root / name),
        )
    )


def worker_environment(everything: Mapping[str, str], broker: Broker, home: Path) -> dict[str, str]:
    """What a worker is given of the deployment's environment."""
    return {
        **{name: everything[name] for name in (*OF_THE_MACHINE, *OF_AIRFLOW) if name in everything},
        **{name: value for name, value in everything.items() if name.startswith("ORCHESTRATOR_")},
        **{name: value for name, value in everything.items() if name.startswith("AIRFLOW_CONN_")},
        **broker.environment(),
        "AIRFLOW_HOME": str(home),  # of its own, or it would read the others' airflow.cfg
        "PYTHONUNBUFFERED": "1",
        "SPT_NOENV": "1",  # a process that renames itself leaves its environment legible
    }
