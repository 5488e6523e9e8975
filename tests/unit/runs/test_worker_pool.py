"""Which failure stays one user's, and which ends the step for all."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from orchestrator.domain.records import UserRun
from orchestrator.errors import (
    AuthExpired,
    DatabaseUnavailable,
    OrchestratorError,
    Rejected,
    Throttled,
    Unknown,
    VersionExpired,
)
from orchestrator.runs.worker_pool import WorkerPool

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_run(number: int) -> UserRun:
    return UserRun(
        run_id=UUID(int=number),
        user_id=UUID(int=100 + number),
        batch=0,
        now=NOW,
        dry_run=False,
        goal_keys=None,
        trigger="cron",
        status="running",
        error=None,
    )


RUNS = [a_run(1), a_run(2)]


def first_fails(error: Exception):
    def work(run: UserRun) -> str:
        if run.run_id == UUID(int=1):
            raise error
        return "done"

    return work


@pytest.mark.parametrize(
    ("error", "is_retried"),
    [
        pytest.param(AuthExpired("dead token"), False, id="a dead token"),
        pytest.param(Rejected("refused"), False, id="a refusal"),
        pytest.param(Throttled("wait", wait_s=60), False, id="a wait: the next run"),
        pytest.param(Unknown("no answer"), True, id="a write without an answer: read back at the retry"),
        pytest.param(DatabaseUnavailable("gone"), True, id="Postgres away: for the app, but it passes"),
        pytest.param(KeyError("bug"), False, id="a bug"),
    ],
)
def test_a_failure_is_its_users_alone(error: Exception, is_retried: bool):  # noqa: FBT001 - a row
    pool = WorkerPool(size=2)

    results = pool.map(RUNS, first_fails(error))

    assert results == {UUID(int=2): "done"}
    assert pool.failures == {UUID(int=1): error}
    assert pool.remaining(RUNS) == [RUNS[1]]
    assert pool.retryable_error() is (error if is_retried else None)


def test_what_no_request_of_ours_survives_ends_the_step_for_everybody():
    error: OrchestratorError = VersionExpired("v25 is gone")

    with pytest.raises(VersionExpired):
        WorkerPool(size=2).map(RUNS, first_fails(error))
