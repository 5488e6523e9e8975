"""A pool of threads over users, each in isolation: one user's failure stops no other user."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from orchestrator.domain.isolation import isolate
from orchestrator.domain.records import UserRun
from orchestrator.errors import OrchestratorError, is_common

log = logging.getLogger(__name__)

Result = TypeVar("Result")

SEVERAL = 3
"""Users that an error of the app ends the step for, when nobody gets through; of fewer it is their own."""


@dataclass(slots=True)
class WorkerPool:
    """At most ``size`` users at a time. ``failures``: the error of each failed run, by run id.

    ``going_on``: those of them whose later steps still pause and lower what they can.
    """

    size: int
    failures: dict[UUID, Exception] = field(default_factory=dict)
    going_on: set[UUID] = field(default_factory=set)

    def map(self, runs: Sequence[UserRun], work: Callable[[UserRun], Result]) -> dict[UUID, Result]:
        """Call ``work`` for each user that has not failed, in threads; results by run id.

        A time-out of the task ends it at once: no user is begun any more, none is waited for.

        Raises:
            VersionExpired: or another error of the app or the platform that no retry mends, met by
                ``SEVERAL`` users or more, and by all of these.
        """
        todo = self.remaining(runs)
        if len(todo) <= 1:
            return self.map_inline(todo, work)
        pool = ThreadPoolExecutor(max_workers=min(self.size, len(todo)))
        try:
            futures = [(run, pool.submit(work, run)) for run in todo]
            return self._collect([(run, future.result) for run, future in futures])
        finally:
            # Something is left to wait for only when the task is ended from outside. What its users still do
            # is fenced off by the next try, and their process ends with the task.
            pool.shutdown(wait=False, cancel_futures=True)

    def map_inline(self, runs: Sequence[UserRun], work: Callable[[UserRun], Result]) -> dict[UUID, Result]:
        """Call ``work`` that does no I/O, without threads."""
        return self._collect([(run, lambda run=run: work(run)) for run in self.remaining(runs)])  # type: ignore[misc]

    def map_together(
        self, runs: Sequence[UserRun], work: Callable[[Sequence[UserRun]], Mapping[UUID, Result]]
    ) -> dict[UUID, Result]:
        """Call ``work`` once for all users that have not failed, as a statement or a frame of many users is.

        Where it fails it is called for each half, until the user whose values make it fail is alone; the
        others have their results.

        Raises:
            DatabaseUnavailable: or another error of the app or the platform.
        """
        done = isolate(self.remaining(runs), work, is_common)
        self.failures |= {run.run_id: error for run, error in done.failures}
        return {run_id: result for part in done.results for run_id, result in part.items()}

    def do_together(self, runs: Sequence[UserRun], work: Callable[[Sequence[UserRun]], None]) -> None:
        """The same for work without results."""

        def nothing(part: Sequence[UserRun]) -> dict[UUID, None]:
            work(part)
            return {}

        self.map_together(runs, nothing)

    def fail_all(self, runs: Sequence[UserRun], error: Exception) -> None:
        """Let all users of a step fail by one error, but for those that failed by another."""
        self.failures = {**{run.run_id: error for run in runs}, **self.failures}

    def remaining(self, runs: Sequence[UserRun]) -> list[UserRun]:
        """The users that have not failed in this step, in order."""
        return [run for run in runs if run.run_id not in self.failures]

    def retryable_error(self) -> Exception | None:
        """The first failure that is worth a retry of the step, or null."""
        return next((error for error in self.failures.values() if is_retryable(error)), None)

    def _collect(self, work: Sequence[tuple[UserRun, Callable[[], Result]]]) -> dict[UUID, Result]:
        results: dict[UUID, Result] = {}
        common: list[OrchestratorError] = []
        for run, result in work:
            try:
                results[run.run_id] = result()
            except OrchestratorError as error:
                self.failures[run.run_id] = error
                if is_common(error) and error.retry == "never":
                    common.append(error)
            except Exception as error:  # one user's bug must not stop the others
                log.exception("user %s: %s", run.user_id, type(error).__name__)
                self.failures[run.run_id] = error
        if len(common) >= SEVERAL and not results:
            raise common[0]
        return results


def in_chunks(runs: Sequence[UserRun], size: int) -> Iterator[Sequence[UserRun]]:
    """Consecutive parts of ``runs``, of ``size`` users each; the last may be smaller."""
    for first in range(0, len(runs), size):
        yield runs[first : first + size]


def is_retryable(error: Exception) -> bool:
    """Whether a retry of the step in this run may succeed. A bug is not retried."""
    return isinstance(error, OrchestratorError) and error.retry == "now"
