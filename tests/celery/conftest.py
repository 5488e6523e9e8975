"""The product as on several machines: every part of Airflow, Redis, and two Celery workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from celery import Celery

from chaos.end_states import End, end_of
from chaos.scenarios import ScenarioUser
from chaos.seed import SeededUser, SeededWorld
from chaos.workbench import Workbench
from demo import runners
from demo.demo_users import FLEET
from demo.personas import Persona
from demo.seed import SeededPersona, seed_personas
from orchestrator.store.encryption import Secrets
from stack import ports, stack
from stack.airflow_client import AirflowClient
from stack.simulator_control import SimulatorControl
from stack.supervisor import Running
from tests.celery import topology

DAG = "ads_orchestrator"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RUN_S = 900  # many things may share the machine
WORKERS = ("ann", "ben")


@dataclass(kw_only=True)
class Yard:
    """The running product with its workers by name."""

    running: stack.Stack
    broker: topology.Broker
    airflow: AirflowClient
    simulator: SimulatorControl
    workers: dict[str, Running] = field(default_factory=dict)

    def hire(self, name: str) -> None:
        """Start one worker and wait until it takes work."""
        self.workers[name] = topology.start_worker(self.running, self.broker, name)
        supervisor = self.running.supervisor
        supervisor.wait_for(f"Worker {name}", lambda: name in self.active(), topology.READY_S)

    def active(self) -> dict[str, list[str]]:
        """By worker, the workloads it works on now."""
        with Celery(broker=self.broker.url(0), set_as_current=False) as app:
            found = app.control.inspect(timeout=2).active() or {}
        return {name.partition("@")[2]: [str(each["args"]) for each in work] for name, work in found.items()}

    def begin(self, people: Sequence[Persona] = FLEET) -> list[SeededPersona]:
        """A new world, and no trace of an earlier one."""
        secrets = Secrets(runners.settings_of(self.running).secret_keys)
        return seed_personas(people, self.simulator, self.running.database_url, secrets, NOW)

    def ask(self, members: Sequence[SeededPersona]) -> str:
        """Ask for a live run of everybody; its id."""
        users = [str(member.person.user_id) for member in members]
        return self.airflow.trigger(DAG, {"now": NOW.isoformat(), "user_ids": users, "users_per_batch": 3})

    def ended(self, run_id: str) -> str:
        """How the run ended."""
        run = self.airflow.wait(DAG, run_id, RUN_S, meanwhile=self.running.check)
        return str(run["state"])

    def writes(self) -> int:
        """How many requests changed something on Meta since the world began."""
        return sum(request["took_effect"] for request in self.simulator.requests())

    def tasks(self, run_id: str) -> list[dict[str, Any]]:
        """The task instances of a run."""
        return self.airflow.task_instances(DAG, run_id)

    def ends(self, members: Sequence[SeededPersona]) -> dict[str, End]:
        """What is left for each of them, without ids and times."""
        state, server = self.running.supervisor, self.running.database_url
        workbench = Workbench(state, None, self.simulator, "")  # type: ignore[arg-type]  # read only
        seeded = [
            SeededUser(user=ScenarioUser(person=m.person), account=m.account, ids=m.ids) for m in members
        ]
        world = SeededWorld(workbench=workbench, dsn=server, now=NOW, seeded={})
        return {each.user.person.name: end_of(world, each) for each in seeded}


@pytest.fixture(scope="session")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Everything started, migrated and switched on."""
    program = topology.server()
    if program is None:
        pytest.skip("no redis-server on PATH; `make test-celery` gets one")
    broker = topology.a_broker(ports.any_free())
    choices = stack.Choices(
        state_dir=tmp_path_factory.mktemp("yard") / "state",
        airflow_port=ports.any_free(),
        simulator_port=ports.any_free(),
        # The latency keeps a task under way long enough to be killed in the middle.
        simulator_arguments=("--seed", "1", "--accounts", "1", "--tier", "full", "--latency-ms", "100"),
        environment={
            "ORCHESTRATOR_ARMED": "true",
            "ORCHESTRATOR_META_TIER": "full",
            "ORCHESTRATOR_META_READ_TIMEOUT_S": "5",
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
            **broker.environment(),
            **topology.SOON,
        },
        say=lambda _: None,
    )
    with stack.start(choices) as running:
        topology.start_broker(running.supervisor, broker, program)
        running.orchestrator("migrate")
        airflow = running.airflow
        running.supervisor.wait_for("The DAG", lambda: airflow.has_dag(DAG), 120)
        airflow.unpause(DAG)
        simulator = SimulatorControl(str(running.simulator_url))
        yard = Yard(running=running, broker=broker, airflow=airflow, simulator=simulator)
        for name in WORKERS:
            yard.hire(name)
        yield yard
        simulator.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is for ``make test-celery``; other libraries' warnings are theirs."""
    for item in items:
        if "celery" in item.path.parts:
            item.add_marker(pytest.mark.celery)
            item.add_marker(pytest.mark.filterwarnings("default"))
