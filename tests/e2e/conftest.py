"""The whole product on this machine: Postgres, the simulator and a real Airflow, with a fleet of three."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from psycopg.rows import dict_row

from demo import runners
from demo.demo_users import ADA, BO, KIT
from demo.personas import Persona
from demo.seed import SeededPersona, seed_personas
from orchestrator.store.encryption import Secrets
from stack import ports, stack
from stack.airflow_client import AirflowClient
from stack.simulator_control import SimulatorControl
from tests import sign_in_server
from tests.sign_in_server import SignInServer, jwk

DAG = "ads_orchestrator"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIGN_IN = {"iss": "https://sign-in.example", "aud": "ads"}
SIGN_IN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SIGN_IN_KEY_ID = "1"
RUN_S = 540  # many things may share the machine


@dataclass(frozen=True, slots=True)
class Run:
    """A DAG run that ended: how, its tasks, and the Graph requests it made."""

    run_id: str
    state: str
    tasks: list[dict[str, Any]]
    requests: list[dict[str, Any]]

    def task(self, task_id: str, map_index: int = -1) -> dict[str, Any]:
        """One task instance."""
        (found,) = (t for t in self.tasks if (t["task_id"], t["map_index"]) == (task_id, map_index))
        return found


@dataclass(kw_only=True)
class Metrics:
    """What a StatsD server has heard of ours: sums by name."""

    port: int
    sums: Counter[str] = field(default_factory=Counter)

    def listen(self, server: socket.socket) -> None:
        """Add up until an empty datagram comes."""
        while told := server.recv(65_536).decode():
            name, _, rest = told.partition(":")
            if name.startswith("airflow.ads_orchestrator."):
                value, _, kind = rest.partition("|")
                self.sums[name.removeprefix("airflow.ads_orchestrator.")] += int(value) if kind == "c" else 1


@dataclass(kw_only=True)
class House:
    """The running product and its users, by name."""

    running: stack.Stack
    airflow: AirflowClient
    simulator: SimulatorControl
    members: dict[str, SeededPersona]
    database: psycopg.Connection[dict[str, Any]]

    def run(self, people: Sequence[Persona], **conf: Any) -> Run:
        """Ask for a run at the simulator's present and wait for its end."""
        before = max((request["id"] for request in self.simulator.requests()), default=0)
        asked = {"now": NOW.isoformat(), "user_ids": [str(person.user_id) for person in people]} | conf
        run_id = self.airflow.trigger(DAG, asked)
        state = self.airflow.wait(DAG, run_id, RUN_S, meanwhile=self.running.check)["state"]
        tasks = self.airflow.task_instances(DAG, run_id)
        return Run(run_id, state, tasks, self.simulator.requests(before))

    def rows(self, query: str, **bound: Any) -> list[dict[str, Any]]:
        """Rows of our own database."""
        return self.database.execute(query, bound).fetchall()

    def actions(self, run: Run, person: Persona) -> list[tuple[Any, ...]]:
        """The log of one person's part of a run, in order."""
        rows = self.rows(
            "select a.action_type, a.goal_key, a.after_minor, a.reason, a.status"
            " from ads_automation_actions a join ads_automation_runs r on r.id = a.run_id"
            " where r.run_key = %(key)s and r.user_id = %(user)s order by a.id",
            key=run.run_id,
            user=person.user_id,
        )
        return [tuple(row.values()) for row in rows]

    def campaigns(self, person: Persona) -> list[dict[str, Any]]:
        """A person's campaigns as the simulator has them."""
        found: list[dict[str, Any]] = self.simulator.state(self.members[person.name].account.ad_account_id)[
            "campaigns"
        ]
        return found


@pytest.fixture(scope="module")
def metrics() -> Iterator[Metrics]:
    """A StatsD server for the house."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        found = Metrics(port=server.getsockname()[1])
        Thread(target=found.listen, args=(server,), daemon=True).start()
        yield found
        server.sendto(b"", server.getsockname())


@pytest.fixture(scope="module")
def sign_in() -> Iterator[SignInServer]:
    """The sign-in service of the house's users."""
    with sign_in_server.serve([jwk(SIGN_IN_KEY, SIGN_IN_KEY_ID)]) as server:
        yield server


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, metrics: Metrics, sign_in: SignInServer
) -> Iterator[House]:
    """Everything started, migrated and seeded; the DAG switched on, without its schedule."""
    choices = stack.Choices(
        state_dir=tmp_path_factory.mktemp("house") / "state",
        airflow_port=ports.any_free(),
        simulator_port=ports.any_free(),
        # With limited access the writes of a new user would have to wait for minutes.
        simulator_arguments=("--seed", "1", "--accounts", "1", "--tier", "full"),
        environment={
            "ORCHESTRATOR_ARMED": "true",
            "ORCHESTRATOR_META_TIER": "full",
            "ORCHESTRATOR_API_JWKS_URL": sign_in.url,
            "ORCHESTRATOR_API_JWT_ISSUER": SIGN_IN["iss"],
            "ORCHESTRATOR_API_JWT_AUDIENCE": SIGN_IN["aud"],
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            "AIRFLOW__METRICS__STATSD_ON": "True",
            "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(metrics.port),
        },
        say=lambda _: None,
    )
    with stack.start(choices) as running:
        running.orchestrator("migrate")
        simulator = SimulatorControl(str(running.simulator_url))
        secrets = Secrets(runners.settings_of(running).secret_keys)
        members = seed_personas((ADA, BO, KIT), simulator, running.database_url, secrets, NOW)
        airflow = running.airflow
        running.supervisor.wait_for("The DAG", lambda: airflow.has_dag(DAG), 120)
        airflow.unpause(DAG)
        with psycopg.connect(running.database_url, autocommit=True, row_factory=dict_row) as database:
            yield House(
                running=running,
                airflow=airflow,
                simulator=simulator,
                members={member.person.name: member for member in members},
                database=database,
            )
        simulator.close()
        airflow.close()
