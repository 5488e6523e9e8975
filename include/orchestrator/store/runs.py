"""The part of the store that opens, begins and ends runs."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from orchestrator.domain.records import OpenedRun, RunEnd, RunRequest, RunTotals, UserRun
from orchestrator.store import opening, running
from orchestrator.store.database import Database

log = logging.getLogger(__name__)


class Runs:
    """Runs; each call is one short transaction, as in the whole store."""

    _database: Database
    _lease: timedelta

    def open_run(self, request: RunRequest, *, require_activity_days: int | None = None) -> OpenedRun:
        """Make one pending run row for every eligible user, in batches, or find it made.

        Users asked for by id who are not eligible get a ``refused`` row with the reason. What earlier
        runs left open and nobody works on any more is ended before, as far as it can be.
        """
        with self._database.transaction() as tx:
            left_open = running.left_open(tx, request.run_key)
        for run_key in left_open:
            self._close_left_open(run_key)
        with self._database.transaction() as tx:
            return opening.open_run(tx, request, require_activity_days)

    def _close_left_open(self, run_key: str) -> None:
        try:
            self.close_run(run_key)
        except Exception:  # an old run must not stop the new one; a database that is gone will by itself
            log.exception("run %s was left open and could not be ended; the next run tries again", run_key)
        else:
            log.warning("run %s was left open and nobody works on it any more: it is ended now", run_key)

    def open_for(self, request: RunRequest) -> OpenedRun:
        """Open a run for exactly the users it names, whether they take part in runs or not."""
        with self._database.transaction() as tx:
            return opening.open_for(tx, request)

    def refusal(self, user_id: UUID, now: datetime, require_activity_days: int | None = None) -> str | None:
        """Why a run opened now would pass a user over, or null. Asks, and opens nothing."""
        with self._database.transaction() as tx:
            return opening.refusal(tx, user_id, now, require_activity_days)

    def runs(self, run_key: str, batch: int) -> list[UserRun]:
        """The users of one batch."""
        with self._database.transaction() as tx:
            return running.runs(tx, run_key, batch)

    def start(self, run_ids: Sequence[UUID]) -> list[UserRun]:
        """Begin runs, or go on with them: to be called at the start of every step.

        Returns:
            The rows as they stand. Work only for those ``running``: one is ``refused`` when
            another live run of its user goes on, ``failed`` when its lease ran out and another
            run took over.
        """
        with self._database.transaction() as tx:
            return running.start(tx, run_ids, self._lease)

    def finish(self, ends: Sequence[RunEnd]) -> None:
        """End runs and count their actions. One that ended before stays as it was."""
        with self._database.transaction() as tx:
            running.finish(tx, ends)

    def ended(self, run_ids: Iterable[UUID]) -> set[UUID]:
        """Which of some runs have ended: what is decided for them from then on is not recorded."""
        with self._database.transaction() as tx:
            return running.ended(tx, run_ids)

    def close_run(self, run_key: str) -> RunTotals:
        """End a whole run: what nobody ended is ``failed``, last-run times are noted.

        Raises:
            KeyError: there is no such run.
        """
        with self._database.transaction() as tx:
            return running.close_run(tx, run_key)
