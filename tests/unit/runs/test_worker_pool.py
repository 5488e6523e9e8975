"""Which failure stays one user's, and which ends the step for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from orchestrator.domain.records import UserRun
from orchestrator.errors import (
    AuthExpired,
    DatabaseUnavailable,
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


@pytest.mark.parametrize(
    ("failing", "users"),
    [
        pytest.param(1, 1, id="a user alone"),
        pytest.param(2, 2, id="two, nobody else"),
        pytest.param(1, 50, id="one of fifty"),
        pytest.param(49, 50, id="all but one"),
    ],
)
def test_an_error_of_the_app_is_its_users_own_while_somebody_gets_through_or_few_meet_it(
    failing: int, users: int
):
    runs = [a_run(number) for number in range(users)]
    pool = WorkerPool(size=2)

    results = pool.map(runs, app_fails(failing))

    assert (len(results), len(pool.failures)) == (users - failing, failing)


@pytest.mark.parametrize("users", [3, 50])
def test_an_error_of_the_app_that_all_users_meet_ends_the_step(users: int):
    with pytest.raises(VersionExpired):
        WorkerPool(size=2).map([a_run(number) for number in range(users)], app_fails(users))


def app_fails(users: int):
    def work(run: UserRun) -> str:
        if run.run_id.int < users:
            raise VersionExpired("v25 is gone")
        return "done"

    return work


@pytest.mark.parametrize("bad", [{3}, {0, 99}, set(range(0, 100, 7)), set(range(100)), set()])
def test_work_for_many_users_is_done_for_all_but_those_that_make_it_fail(bad: set[int]):
    runs = [a_run(number) for number in range(100)]
    pool = WorkerPool(size=2)
    calls = 0

    def work(part: Sequence[UserRun]) -> dict[UUID, int]:
        nonlocal calls
        calls += 1
        if bad & {run.run_id.int for run in part}:
            raise ValueError("a value")
        return {run.run_id: run.run_id.int for run in part}

    results = pool.map_together(runs, work)

    assert set(results.values()) == set(range(100)) - bad
    assert {run_id.int for run_id in pool.failures} == bad
    assert calls <= 1 + 2 * 7 * len(bad)


def test_an_error_of_the_database_is_no_users_own():
    def work(part: Sequence[UserRun]) -> dict[UUID, int]:
        raise DatabaseUnavailable("gone")

    pool = WorkerPool(size=2)
    with pytest.raises(DatabaseUnavailable):
        pool.map_together(RUNS, work)
    assert not pool.failures
