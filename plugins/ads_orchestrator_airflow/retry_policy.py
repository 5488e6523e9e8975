"""Which failures of a task are worth another try, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from airflow.sdk import RetryDecision, RetryPolicy

from orchestrator import errors

if TYPE_CHECKING:
    from airflow.sdk import Context

SOON = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)  # a longer wait is the next run's

PASSING = (
    errors.Transient,
    errors.Unknown,
    errors.DatabaseUnavailable,
    errors.Busy,
    errors.UnresolvedOutcome,
)
LASTING = (
    errors.ConfigError,
    errors.Stopped,
    errors.VersionExpired,
    errors.AccountClosed,
    errors.AuthExpired,
    errors.Rejected,
)


class RetryByErrorClass(RetryPolicy):
    """Follow the error tree: wait as long as Meta says, retry what passes, fail on what lasts.

    Everything else, a time-out or a bug, keeps the task's own retries: a step may be repeated safely.
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
        name = type(exception).__name__
        if isinstance(exception, errors.Throttled):
            return _after(timedelta(seconds=exception.wait_s))
        if isinstance(exception, PASSING):
            return RetryDecision.retry(SOON, f"{name} passes")
        if isinstance(exception, LASTING):
            return RetryDecision.fail(f"{name}: another try would end the same")
        return RetryDecision.default()


def _after(wait: timedelta) -> RetryDecision:
    said = f"Meta asks for {wait.total_seconds():.0f} s"
    if wait > LONGEST:
        return RetryDecision.fail(f"{said}: left to the next run")
    return RetryDecision.retry(wait, said)
