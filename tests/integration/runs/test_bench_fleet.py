"""The benchmark's fleets are what it says they are, through the real steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from bench import fleet
from bench import seed as seeding
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.records import RunRequest
from orchestrator.domain.steps import TASKS
from orchestrator.resources import Resources, build_resources
from orchestrator.runs import lifecycle, run_report
from orchestrator.settings import Settings
from orchestrator.store.encryption import Secrets
from stack import simulator
from stack.simulator_control import SimulatorControl

USERS = 5


@pytest.fixture
def built(simulator_url: str, fresh_database_url: str) -> Iterator[Resources]:
    """What a run works with, over a new world at the fleet's first moment."""
    with closing(SimulatorControl(simulator_url)) as control:
        control.reset(fleet.START, seed=1)
    app = simulator.other_app(simulator_url)
    settings = Settings.model_validate(
        {
            "database_url": fresh_database_url,
            "secret_keys": Fernet.generate_key().decode(),
            "armed": "true",
            "meta_base_url": simulator_url,
            "meta_app_id": app.app_id,
            "meta_app_secret": app.app_secret,
            "meta_tier": "full",
        }
    )
    with closing(build_resources(settings)) as made:
        yield made


def seed(built: Resources, users: list[fleet.User]) -> None:
    secrets = Secrets(built.settings.secret_keys)
    seeding.seed(users, built.settings.meta_base_url, built.settings.database(), secrets, lambda _: None)


def run(built: Resources, run_key: str, hours: int = 0) -> list[ActionRow]:
    """One run of everybody; everybody's actions."""
    now = fleet.START + timedelta(hours=hours)
    request = RunRequest(run_key=run_key, trigger="user", now=now, dry_run=False, users_per_batch=USERS)
    (batch,) = lifecycle.open_run(built, request)
    for step in TASKS:
        lifecycle.run_step(built, run_key, 0, step, last_try=True)
    totals = run_report.finish(built, run_key).totals
    assert (batch["of"], totals.success) == (1, USERS)
    return built.store.action_log.actions([row.run_id for row in built.store.runs.of_batch(run_key, 0)])


def test_a_steady_fleet_has_nothing_to_do_neither_now_nor_later(built: Resources):
    seed(built, fleet.fleet(USERS, days=7))

    with closing(SimulatorControl(built.settings.meta_base_url)) as control:
        first = run(built, "first")
        control.advance(6)
        second = run(built, "second", hours=6)
        counts = control.counts()

    assert (first, second, counts.writes) == ([], [], 0)
    # Each run reads each user in one round trip of three reads, and looks for their assets in it.
    assert (counts.round_trips, counts.calls, counts.refused) == (2 * USERS, 2 * 3 * USERS, 0)


def test_in_a_busy_fleet_everybody_has_something_to_do(built: Resources):
    seed(built, fleet.busy_fleet(USERS, days=7))

    actions = run(built, "busy")

    new = {row.user_id for row in actions if row.action.action_type == "create_campaign"}
    raised = [row for row in actions if row.action.reason == "learning_share"]
    assert {row.status for row in actions} == {"success"}
    assert new == {fleet.User(number=0).id}
    assert len(raised) == 4 * 15
