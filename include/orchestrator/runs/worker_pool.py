"""Many users at once, each in isolation: one user's failure is kept, not spread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from orchestrator.domain.records import UserRun
from orchestrator.errors import (
    Busy,
    DatabaseUnavailable,
    OrchestratorError,
    Transient,
    UnresolvedOutcome,
    VersionExpired,
)

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_PASSING = (Transient, DatabaseUnavailable, Busy, UnresolvedOutcome)


@dataclass(slots=True)
class WorkerPool:
    """Works on users, ``size`` at a time. ``failures`` has the error of each that failed."""

    size: int
    failures: dict[UUID, Exception] = field(default_factory=dict)

    def map(self, runs: Sequence[UserRun], work: Callable[[UserRun], Result]) -> dict[UUID, Result]:
        """Do ``work`` for each user that has not failed, in threads; results by run id.

        Raises:
            VersionExpired: our requests can never work; nobody's would.
        """
        todo = self.standing(runs)
        if len(todo) <= 1:
            return self.map_inline(todo, work)
        with ThreadPoolExecutor(max_workers=min(self.size, len(todo))) as pool:
            futures = [(run, pool.submit(work, run)) for run in todo]
            return self._collect([(run, future.result) for run, future in futures])

    def map_inline(self, runs: Sequence[UserRun], work: Callable[[UserRun], Result]) -> dict[UUID, Result]:
        """Do ``work`` that waits for nothing, without threads."""
        return self._collect([(run, lambda run=run: work(run)) for run in self.standing(runs)])  # type: ignore[misc]

    def standing(self, runs: Sequence[UserRun]) -> list[UserRun]:
        """The users who have not failed in this step."""
        return [run for run in runs if run.run_id not in self.failures]

    def retryable_error(self) -> Exception | None:
        """A failure that a later try may mend, or null."""
        return next((error for error in self.failures.values() if is_retryable(error)), None)

    def _collect(self, work: Sequence[tuple[UserRun, Callable[[], Result]]]) -> dict[UUID, Result]:
        results: dict[UUID, Result] = {}
        for run, result in work:
            try:
                results[run.run_id] = result()
            except VersionExpired:
                raise
            except OrchestratorError as error:
                self.failures[run.run_id] = error
            except Exception as error:  # one user's bug must not stop the others
                log.exception("user %s: %s", run.user_id, type(error).__name__)
                self.failures[run.run_id] = error
        return results


def in_chunks(runs: Sequence[UserRun], size: int) -> Iterator[Sequence[UserRun]]:
    """The users in their order, ``size`` at a time."""
    for first in range(0, len(runs), size):
        yield runs[first : first + size]


def is_retryable(error: Exception) -> bool:
    """Whether the same step, tried again, may succeed. A long wait is for the next run."""
    return isinstance(error, _PASSING)
