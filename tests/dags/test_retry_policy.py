"""Which failures of a task are tried again, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ads_orchestrator_airflow.dag_runs import CannotStart
from ads_orchestrator_airflow.retry_policy import RetryByErrorClass
from orchestrator import errors
from orchestrator.runs.worker_pool import is_retryable

TABLE = [
    pytest.param(errors.Transient("502"), "retry", 60, id="a read that broke"),
    pytest.param(errors.Unknown("no answer"), "retry", 60, id="a write without an answer: it is read back"),
    pytest.param(errors.DatabaseUnavailable("gone"), "retry", 60, id="Postgres is away"),
    pytest.param(errors.Busy("still writing"), "retry", 60, id="an earlier try still writes"),
    pytest.param(errors.UnresolvedOutcome("unknown"), "retry", 60, id="something is not read back yet"),
    pytest.param(errors.Throttled("17", wait_s=1), "fail", None, id="a throttle: the next run goes on"),
    pytest.param(errors.ObjectThrottled("17", wait_s=1), "fail", None, id="one object's throttle"),
    pytest.param(errors.ConfigError("no rate"), "fail", None, id="configuration"),
    pytest.param(errors.InvalidDocument("$", "no"), "fail", None, id="a wrong document"),
    pytest.param(errors.Stopped("by Olga"), "fail", None, id="stopped by a person"),
    pytest.param(errors.VersionExpired("v1"), "fail", None, id="a version that expired"),
    pytest.param(errors.ProofRefused("100"), "fail", None, id="a wrong app secret"),
    pytest.param(errors.AuthExpired("190"), "fail", None, id="a dead token"),
    pytest.param(errors.AccountClosed("2"), "fail", None, id="a closed account"),
    pytest.param(errors.Rejected("100"), "fail", None, id="a refusal"),
    pytest.param(errors.CannotDeliver("rejected"), "fail", None, id="ads that cannot be shown"),
    pytest.param(errors.InvalidTransition("settled"), "fail", None, id="a row that was settled"),
    pytest.param(errors.LeaseLost("ended"), "fail", None, id="a run that was ended"),
    pytest.param(errors.UnusableValue("Postgres: out of range"), "fail", None, id="a value that is refused"),
    pytest.param(errors.TooMuchData("less"), "fail", None, id="a request that is too large"),
    pytest.param(ConnectionError("gone"), "default", None, id="anything else: the task's own retries"),
]


@pytest.mark.parametrize(("error", "action", "delay_s"), TABLE)
def test_follows_the_error_tree(error: Exception, action: str, delay_s: int | None):
    decision = RetryByErrorClass().evaluate(error, try_number=1, max_tries=3)

    assert decision.action.value == action
    assert decision.retry_delay == (None if delay_s is None else timedelta(seconds=delay_s))


def test_each_error_that_can_end_a_task_is_decided():
    decided = {type(row.values[0]).__name__ for row in TABLE}

    assert decidable(errors.OrchestratorError) == decided - {"ConnectionError"}


def test_the_worker_pool_and_airflow_retry_the_same_errors():
    rows = [row.values[:2] for row in TABLE]

    assert {type(error) for error, action in rows if action == "retry"} == {
        type(error) for error, _ in rows if is_retryable(error)
    }


@pytest.mark.parametrize("error", [errors.Throttled("17", wait_s=1), CannotStart("Airflow is down")])
def test_what_is_for_later_is_left_to_the_next_run(error: Exception):
    decision = RetryByErrorClass().evaluate(error, try_number=1, max_tries=3)

    reason = f"{type(error).__name__}: left to the next run"
    assert (decision.action.value, decision.reason) == ("fail", reason)


def decidable(tree: type[Exception]) -> set[str]:
    """The tree's classes that state whether to retry."""
    below = [error for error in tree.__subclasses__() if error.__module__ == errors.__name__]
    own = {tree.__name__} if hasattr(tree, "retry") else set()
    return own.union(*map(decidable, below))
