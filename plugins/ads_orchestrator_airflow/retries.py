"""Which failures of a task are worth another try, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from airflow.sdk import RetryDecision, RetryPolicy

from orchestrator.errors import OrchestratorError, Throttled, Transient, Unknown

if TYPE_CHECKING:
    from airflow.sdk import Context

SOON = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)  # a longer wait is the next run's


class RetryByErrorClass(RetryPolicy):
    """Follow the error tree: wait when Meta says so, retry what passes, fail on the rest.

    Errors outside the tree (the database is away, a time-out) keep the task's own retries.
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
        match exception:
            case Throttled(wait_s=wait_s) if timedelta(seconds=wait_s) > LONGEST:
                return RetryDecision.fail(f"Meta asks for {wait_s:.0f} s: left to the next run")
            case Throttled(wait_s=wait_s):
                return RetryDecision.retry(timedelta(seconds=wait_s), f"Meta asks for {wait_s:.0f} s")
            case Transient() | Unknown():
                return RetryDecision.retry(SOON, f"{type(exception).__name__} passes")
            case OrchestratorError():
                return RetryDecision.fail(f"{type(exception).__name__}: another try would end the same")
            case _:
                return RetryDecision.default()
