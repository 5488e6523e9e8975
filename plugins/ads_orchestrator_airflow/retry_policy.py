"""Airflow's retries of a task, derived from the class of its error."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from airflow.sdk import RetryDecision, RetryPolicy

from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from airflow.sdk import Context

SOON = timedelta(minutes=1)


class RetryByErrorClass(RetryPolicy):
    """Follow ``retry`` of the error's class.

    ``now`` is tried again in a minute, ``later`` is left to the next run, ``never`` fails. An
    exception outside the error tree, a time-out or a bug, has the task's own retries: a step may be repeated
    safely.
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
                return RetryDecision.fail(f"{name}: left to the next run")
            case "never":
                return RetryDecision.fail(f"{name}: another try would end the same")
