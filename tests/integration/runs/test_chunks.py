"""A batch is worked on a few users at a time; what is done does not depend on how many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from demo import demo_users
from orchestrator.domain.steps import TASKS
from orchestrator.runs import lifecycle
from orchestrator.store.users import UserRepository
from tests.integration.runs.conftest import Workbench


@pytest.mark.people(*demo_users.FLEET)
def test_a_batch_in_parts_is_decided_like_a_batch_at_once(town: Workbench, monkeypatch: pytest.MonkeyPatch):
    town.users_per_batch = len(demo_users.FLEET)
    town.run("at once", dry_run=True)
    asked_for: list[int] = []
    load = UserRepository.load

    def counted(users: UserRepository, user_ids: Sequence[UUID], *, history_since: datetime) -> Any:
        asked_for.append(len(user_ids))
        return load(users, user_ids, history_since=history_since)

    monkeypatch.setattr(UserRepository, "load", counted)
    monkeypatch.setattr(lifecycle, "CHUNK_USERS", 4)
    town.run("in parts", dry_run=True)

    assert asked_for == [4, 4, 4, 4, 2]
    assert [(r.user_id, r.action) for r in town.actions("in parts")] == [
        (r.user_id, r.action) for r in town.actions("at once")
    ]
    assert len(town.actions("in parts")) > 40
    assert town.statuses("in parts") == {"success"}


@pytest.mark.people(demo_users.BO, demo_users.CY, demo_users.DI)
def test_who_fails_in_one_part_does_not_hold_up_the_next(town: Workbench, monkeypatch: pytest.MonkeyPatch):
    town.users_per_batch = 3
    monkeypatch.setattr(lifecycle, "CHUNK_USERS", 1)
    town.simulator.kill_token(town.accounts["Bo"].access_token)
    (batch,) = town.open("run", dry_run=True)

    report = lifecycle.run_step(town.resources, "run", batch, "allocate_budget")

    assert list(report.failed) == [str(demo_users.BO.user_id)]
    for step in TASKS[1:]:
        assert lifecycle.run_step(town.resources, "run", batch, step).users == 2
    ended = {r.user_id: r.status for r in town.resources.store.runs.of_batch("run", batch)}
    assert ended == {
        demo_users.BO.user_id: "failed",
        demo_users.CY.user_id: "success",
        demo_users.DI.user_id: "success",
    }
