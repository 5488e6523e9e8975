"""Whole runs without Airflow: real Postgres, the real SDK, the simulator as a process of its own."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from demo.personas import Persona
from demo.seed_database import assets_of, insert_personas
from demo.seed_history import numbered
from demo.seed_simulator import past_of
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.records import RunRequest
from orchestrator.domain.steps import TASKS
from orchestrator.resources import Resources, build_resources
from orchestrator.runs import lifecycle, run_report
from orchestrator.settings import Settings
from orchestrator.store.encryption import Secrets
from stack import simulator
from stack.simulator_control import AdAccount, SimulatorControl
from stack.state_dir import StateDir
from stack.supervisor import supervise

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
INCLUDE = Path(__file__).parents[3] / "include"


@dataclass(slots=True)
class Workbench:
    """Some people on a simulator of their own, and what a run of ours works with."""

    simulator: SimulatorControl
    resources: Resources
    dsn: str
    accounts: dict[str, AdAccount]
    now: datetime = NOW
    users_per_batch: int = 0

    @property
    def secrets(self) -> Secrets:
        """Reads the people's access tokens."""
        return Secrets(self.resources.settings.secret_keys)

    def run(self, run_key: str, *, dry_run: bool = False, goal_keys: Sequence[str] | None = None) -> None:
        """One run of all seven steps at the simulator's present."""
        for batch in self.open(run_key, dry_run=dry_run, goal_keys=goal_keys):
            for step in TASKS:
                lifecycle.run_step(self.resources, run_key, batch, step, last_try=True)
        run_report.finish(self.resources, run_key)

    def open(
        self, run_key: str, *, dry_run: bool = False, goal_keys: Sequence[str] | None = None
    ) -> list[int]:
        """The batches of a run that is only opened."""
        request = RunRequest(
            run_key=run_key,
            trigger="dryrun" if dry_run else "user",
            now=self.now,
            dry_run=dry_run,
            goal_keys=None if goal_keys is None else tuple(goal_keys),
            users_per_batch=self.users_per_batch,
        )
        return [int(str(each["batch"])) for each in lifecycle.open_run(self.resources, request)]

    def actions(self, run_key: str) -> list[ActionRow]:
        """The log of one run."""
        batches = range(64)
        run_ids = [r.run_id for b in batches for r in self.resources.store.runs.of_batch(run_key, b)]
        return self.resources.store.action_log.actions(run_ids)

    def statuses(self, run_key: str) -> set[str]:
        """How the run ended for its users."""
        return {r.status for b in range(64) for r in self.resources.store.runs.of_batch(run_key, b)}

    def campaigns(self, name: str) -> list[dict[str, Any]]:
        """The campaigns of one person's account as the simulator has them."""
        found: list[dict[str, Any]] = self.simulator.state(self.accounts[name].ad_account_id)["campaigns"]
        return found

    def ad_sets(self, name: str) -> list[dict[str, Any]]:
        """The ad sets of one person's account."""
        return [a for c in self.campaigns(name) for a in c["ad_sets"]]

    def later(self, hours: int) -> None:
        """Let simulated time pass."""
        self.now = self.simulator.advance(hours)

    def writes(self) -> list[dict[str, object]]:
        """The requests that changed something on Meta."""
        return [r for r in self.simulator.requests() if r["took_effect"]]


@pytest.fixture(scope="session")
def simulator_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with supervise(StateDir(tmp_path_factory.mktemp("simulator")), say=lambda _: None) as supervisor:
        environment = os.environ | {"PYTHONPATH": str(INCLUDE)}
        url = simulator.start(supervisor, port, ("--accounts", "0"), environment)
        simulator.own_app(supervisor, url)
        yield url


@pytest.fixture
def town(request: pytest.FixtureRequest, simulator_url: str, fresh_database_url: str) -> Iterator[Workbench]:
    """The people named by ``@pytest.mark.people(ADA, …)``, at the demo's first moment."""
    people: Sequence[Persona] = request.node.get_closest_marker("people").args
    with simulated(people, simulator_url, fresh_database_url) as workbench:
        yield workbench


@contextmanager
def simulated(people: Sequence[Persona], simulator_url: str, dsn: str) -> Iterator[Workbench]:
    """These people on the simulator."""
    key = Fernet.generate_key().decode()
    simulator = SimulatorControl(simulator_url)
    simulator.reset(NOW, seed=1)
    accounts = simulator.open_accounts(
        [{"name": p.name, "currency": p.currency, "timezone": p.timezone} for p in people]
    )
    cast = [(p, a, numbered(p, n)) for n, (p, a) in enumerate(zip(people, accounts, strict=True), 1)]
    simulator.load([past_of(p, a, assets_of(a), ids) for p, a, ids in cast])
    insert_personas(dsn, Secrets([SecretStr(key)]), cast, NOW)
    built = build_resources(_settings(simulator_url, key), dsn=dsn)
    names = {p.name: a for p, a in zip(people, accounts, strict=True)}
    yield Workbench(simulator=simulator, resources=built, dsn=dsn, accounts=names)
    built.close()
    simulator.close()


def _settings(url: str, key: str) -> Settings:
    app = simulator.other_app(url)
    return Settings.model_validate(
        {
            "secret_keys": key,
            "armed": "true",
            "meta_base_url": url,
            "meta_app_id": app.app_id,
            "meta_app_secret": app.app_secret,
            "meta_tier": "full",
            "meta_read_timeout_s": 2,
            "read_back_pause_s": 0,
        }
    )
