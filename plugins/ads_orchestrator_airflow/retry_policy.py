"""Airflow's retries of a task, derived from the class of its error."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from airflow.sdk import RetryDecision, RetryPolicy

from orchestrator.errors import OrchestratorError, Throttled

if TYPE_CHECKING:
    from airflow.sdk import Context

SOON = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)  # a longer wait is the next run's


class RetryByErrorClass(RetryPolicy):
    """Follow ``retry`` of the error's class: ``now`` in a minute, ``later`` as long as Meta says, or fail.

    An exception outside the error tree, a time-out or a bug, has the task's own retries: a step may be
    repeated safely.
    """

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Context | None = None,
    ) -> RetryDecision:
        """Decide by the class of ``exception``; the task's ``retries`` stays the limit."""
        del try_number, max_tries, context
        if not isinstance(exception, OrchestratorError):
            return RetryDecision.default()
        name = type(exception).__name__
        match exception.retry:
            case "now":
                return RetryDecision.retry(SOON, f"{name} passes")
            case "later":
                return _later(exception)
            case "never":
                return RetryDecision.fail(f"{name}: another try would end the same")


def _later(error: OrchestratorError) -> RetryDecision:
    if not isinstance(error, Throttled):
        return RetryDecision.fail(f"{type(error).__name__}: left to the next run")
    wait = timedelta(seconds=error.wait_s)
    request = f"Meta asks for {wait.total_seconds():.0f} s"
    if wait > LONGEST:
        return RetryDecision.fail(f"{request}: left to the next run")
    return RetryDecision.retry(wait, request)
