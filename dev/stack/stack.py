"""What the demo and the tests run on: Postgres, the Graph simulator and Airflow, started and stopped as one.

with services.start(services.Choices.from_environment(state_dir)) as running:
    running.orchestrator("migrate")       # while Airflow is still starting
    run_id = running.airflow.trigger("ads_orchestrator", {"dry_run": True})
    running.airflow.wait("ads_orchestrator", run_id, timeout_s=120)
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg

from orchestrator import conninfo
from stack import airflow_server, ports, postgres, simulator
from stack.airflow_client import AirflowClient
from stack.airflow_server import Folders
from stack.errors import StackError
from stack.paths import PLUGINS, PYTHON_PATH, ROOT
from stack.simulator import MetaApp
from stack.state_dir import StateDir
from stack.supervisor import Command, Supervisor, supervise

AIRFLOW_PORT, SIMULATOR_PORT = 8080, 8090  # preferred; any free one when taken
FOLDERS = Folders(dags=ROOT / "dags", plugins=PLUGINS)
POOL = "meta_api"
NEEDED_MB = 500
COMMAND_S = 180.0


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What is started, and where. A port that is None is chosen; a URL that is None is embedded."""

    state_dir: Path
    airflow_port: int | None = None
    simulator_port: int | None = None
    database_url: str | None = None
    meta_base_url: str | None = None
    simulator_arguments: tuple[str, ...] = ("--seed", "1", "--accounts", "14")
    folders: Folders = FOLDERS
    with_airflow: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    """On top of what the parts get anyway: ``ORCHESTRATOR_ARMED``, ``AIRFLOW__…``."""
    say: Callable[[str], None] = print

    @classmethod
    def from_environment(cls, state_dir: Path, **others: object) -> Choices:
        """The choices that a person makes by variables.

        Raises:
            StackError: A port is not a number, or libpq cannot read the database's URL.
        """
        return cls(
            state_dir=state_dir,
            airflow_port=_port("AIRFLOW_PORT"),
            simulator_port=_port("SIMULATOR_PORT"),
            database_url=_database_url(),
            meta_base_url=os.environ.get("ORCHESTRATOR_META_BASE_URL") or None,
            **others,  # type: ignore[arg-type]  # the caller's fields, checked by the constructor
        )


def _database_url() -> str | None:
    url = os.environ.get("ORCHESTRATOR_DATABASE_URL") or None
    try:
        if url is not None:
            conninfo.check_url(url)
    except ValueError as wrong:
        raise StackError(f"ORCHESTRATOR_DATABASE_URL {wrong}") from None
    return url


def _port(variable: str) -> int | None:
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StackError(f"{variable} is {text}: give a port from 1 to 65535, or leave it unset")
    return int(text)


@dataclass(kw_only=True)
class Stack:
    """The running parts."""

    state: StateDir
    database_url: str
    airflow_database_url: str
    meta_base_url: str
    meta_app: MetaApp
    simulator_url: str | None
    airflow_url: str
    passwords: Mapping[str, str]
    """By user of Airflow's pages: admin, op, viewer."""
    environment: Mapping[str, str]
    """What every part was given; for commands that shall see the same world."""
    supervisor: Supervisor
    sessions: list[AirflowClient] = field(default_factory=list)

    @cached_property
    def airflow(self) -> AirflowClient:
        """The administrator's session. The first use waits until Airflow is up."""
        airflow_server.wait(self.supervisor, self.airflow_url, self.environment)
        client = self.airflow_as("admin")
        client.ensure_pool(POOL, airflow_server.workers(), "Tasks that call Meta at once")
        return client

    def airflow_as(self, user: str) -> AirflowClient:
        """A new session of one of the users: admin, op or viewer."""
        self.sessions.append(AirflowClient(self.airflow_url, user, self.passwords[user]))
        return self.sessions[-1]

    def orchestrator(self, *words: str) -> str:
        """Run ``python -m orchestrator`` to its end; what it printed.

        Raises:
            StackError: It failed; has its last words.
        """
        command = [sys.executable, "-m", "orchestrator", *words]
        part = self.supervisor.start(
            Command(name=f"orchestrator {words[0]}", arguments=command, environment=self.environment)
        )
        self.supervisor.wait_until_done(part, COMMAND_S)
        return part.log.read_text()

    def check(self) -> None:
        """Raise a StackError when a part has ended by itself."""
        self.supervisor.check()


@contextmanager
def start(choices: Choices) -> Iterator[Stack]:
    """Start everything, and stop everything on the way out, however that comes.

    Airflow is still starting when this gives control; ``Stack.airflow`` waits for it.

    Raises:
        StackError: One line: a taken port, a full disk, a second demo, a part that failed.
    """
    state = StateDir(choices.state_dir.resolve())
    state.root.mkdir(parents=True, exist_ok=True)
    _check_disk(state.root)
    with _full_disk_reported(state.root), supervise(state, choices.say) as supervisor:
        services = _start_parts(choices, supervisor)
        try:
            yield services
        finally:
            for session in services.sessions:
                session.close()


def _check_disk(folder: Path) -> None:
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < NEEDED_MB:
        raise StackError(
            f"The disk of {folder} has {free_mb} MB free and the demo needs {NEEDED_MB}: free some space"
        )


@contextmanager
def _full_disk_reported(folder: Path) -> Iterator[None]:
    """Report a full disk in one line, wherever it is met."""
    try:
        yield
    except (OSError, psycopg.errors.DiskFull) as problem:
        if isinstance(problem, OSError) and problem.errno != errno.ENOSPC:
            raise
        raise StackError(f"The disk of {folder} is full: free some space and start again") from problem


def _start_parts(choices: Choices, supervisor: Supervisor) -> Stack:
    state = supervisor.state
    base = _inherited() | {"PYTHONPATH": PYTHON_PATH}
    airflow_port = ports.choose("AIRFLOW_PORT", choices.airflow_port, AIRFLOW_PORT)
    simulator_url = _start_simulator(choices, supervisor, base)
    database = postgres.start(supervisor)
    airflow = airflow_server.environment(state, database, airflow_port, choices.folders)
    if choices.with_airflow:
        airflow_server.prepare(supervisor, database, base | airflow)
    meta_base_url = choices.meta_base_url or str(simulator_url)
    services = Stack(
        state=state,
        database_url=choices.database_url or database.url("ads"),
        airflow_database_url=database.url("airflow"),
        meta_base_url=meta_base_url,
        meta_app=(
            simulator.own_app(supervisor, simulator_url)
            if simulator_url
            else simulator.other_app(meta_base_url)
        ),
        simulator_url=simulator_url,
        airflow_url=airflow["AIRFLOW__API__BASE_URL"],
        passwords=airflow_server.passwords(state),
        environment={},
        supervisor=supervisor,
    )
    services.environment = {**base, **airflow, **_orchestrator(services), **choices.environment}
    if choices.with_airflow:
        airflow_server.start(supervisor, services.environment)
    return services


def _start_simulator(choices: Choices, supervisor: Supervisor, base: Mapping[str, str]) -> str | None:
    """Start the simulator, unless requests go elsewhere; with a port named it runs all the same.

    So a proxy can be put between: it sends to SIMULATOR_PORT and listens at ORCHESTRATOR_META_BASE_URL.
    """
    if choices.meta_base_url and choices.simulator_port is None:
        return None
    port = ports.choose("SIMULATOR_PORT", choices.simulator_port, SIMULATOR_PORT)
    return simulator.start(supervisor, port, choices.simulator_arguments, base)


def _inherited() -> dict[str, str]:
    """This process's environment without what would configure another Airflow or another Python."""
    foreign = ("AIRFLOW", "PYTHONPATH", "PYTHONHOME", "MAKE", "MFLAGS")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    local = "127.0.0.1,localhost"
    # On macOS a forked process must not read the system's proxies: it would crash.
    no_proxy = "*" if sys.platform == "darwin" else f"{inherited.get('NO_PROXY', '')},{local}".strip(",")
    macos = {"OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"} if sys.platform == "darwin" else {}
    return inherited | macos | {"NO_PROXY": no_proxy, "no_proxy": no_proxy, "PYTHONUNBUFFERED": "1"}


def _orchestrator(services: Stack) -> dict[str, str]:
    """The product's own settings, and the same as Airflow connections."""
    app = services.meta_app
    return {
        "ORCHESTRATOR_DATABASE_URL": services.database_url,
        "ORCHESTRATOR_META_BASE_URL": services.meta_base_url,
        "ORCHESTRATOR_META_APP_ID": app.app_id,
        "ORCHESTRATOR_META_APP_SECRET": app.app_secret,
        "ORCHESTRATOR_SECRET_KEYS": services.state.secret("secret-key", airflow_server.fernet_key),
        "AIRFLOW_CONN_ADS_ORCHESTRATOR_DB": services.database_url,
        "AIRFLOW_CONN_ADS_ORCHESTRATOR_META": app.connection(services.meta_base_url),
    }
