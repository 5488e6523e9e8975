"""Users' runs from pending to their end, with the lease that admits one live run a user.

Lock order, so that no two transactions wait for each other: leases in user order, then runs in id
order, then their actions, then users in user order, then the sweep. ``start``, ``finish`` and
``close`` follow it; every other write locks rows of one kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from orchestrator.domain import reasons
from orchestrator.domain.records import RunEnd, RunTotals, UserRun
from orchestrator.store.database import (
    Connection,
    Transactions,
    columns,
    each_or_halves,
    read,
    statement,
    within,
)
from orchestrator.store.leases import LEASE, LeaseRepository
from orchestrator.store.values.parameters import document

NOT_ENDED = "not finished: its tasks ended before it did; the next run goes on from what is recorded"

LONGEST = timedelta(hours=5, minutes=50)
"""Upper bound of a run: Airflow ends it 5 h 45 min after it began (``dagrun_timeout``). Below the six
hours between two runs, so that the next run finds what the last one left open."""


class RunRepository:
    """Runs by user. Each call is one short transaction.

    Args:
        transactions: begins a transaction.
        lease: how long the user of a run that died stays locked.
    """

    def __init__(self, transactions: Transactions, lease: timedelta = LEASE) -> None:
        self._transactions = transactions
        self._lease = lease

    def of_batch(self, run_key: str, batch: int) -> list[UserRun]:
        """The runs of one batch, by user."""
        with self._transactions() as tx:
            found = tx.execute(statement("runs/of_batch"), {"run_key": run_key, "batch": batch})
            return [_user_run(row) for row in found]

    def start(self, run_ids: Sequence[UUID]) -> list[UserRun]:
        """Begin runs, or resume them; to be called at the start of every step.

        Returns:
            The rows now. Work only for those ``running``: one is ``refused`` when another live run
            of its user is running, ``failed`` when its lease expired and another run took it.
        """
        with self._transactions() as tx:
            return _start(tx, run_ids, LeaseRepository(within(tx), self._lease))

    def finish(self, ends: Sequence[RunEnd]) -> None:
        """End runs, count their actions, release their leases. A run that ended before stays as it was."""
        with self._transactions() as tx:
            _finish(tx, ends)

    def note_errors(self, errors: Mapping[UUID, str]) -> None:
        """Keep the first error of each of some runs that go on, in ``error``."""
        rows = [{"run_id": str(run_id), "error": text} for run_id, text in errors.items()]
        if rows:
            with self._transactions() as tx:
                tx.execute(statement("runs/note_errors"), {"errors": document(rows)})

    def ended(self, run_ids: Iterable[UUID]) -> set[UUID]:
        """Those of some runs that have ended: decisions for them are no longer recorded."""
        with self._transactions() as tx:
            return {row["id"] for row in tx.execute(statement("runs/ended"), {"run_ids": list(run_ids)})}

    def left_open(self, but: str) -> list[str]:
        """Keys of runs other than ``but`` that no process works on any more and none closed."""
        with self._transactions() as tx:
            found = tx.execute(statement("runs/left_open"), {"longest": LONGEST, "but": but})
            return [row["run_key"] for row in found]

    def close(self, run_key: str) -> RunTotals:
        """End a whole run: users' runs left open are ``failed``, last-run times are stored.

        Raises:
            KeyError: there is no such run.
        """
        key = {"run_key": run_key}
        with self._transactions() as tx:
            left = [row["id"] for row in tx.execute(statement("runs/unfinished"), key)]
            ends = [RunEnd(run_id=run_id, status="failed", error=NOT_ENDED) for run_id in left]
            each_or_halves(tx, ends, lambda part: _finish(tx, part))
            users = [row["user_id"] for row in tx.execute(statement("runs/worked_on"), key)]
            each_or_halves(tx, users, lambda part: _mark_last_runs(tx, run_key, part))
            tx.execute(statement("runs/close"), key)
            totals = RunRepository(within(tx)).totals(run_key)
        if totals is None:
            raise KeyError(f"no run {run_key}")
        return totals

    def first_error(self, run_key: str, kind: str) -> str | None:
        """The error of one class that ended a user's run, as its row has it; null when none did."""
        with self._transactions() as tx:
            found = tx.execute(statement("runs/first_error"), {"run_key": run_key, "kind": kind}).fetchone()
        return found["error"] if found else None

    def totals(self, run_key: str) -> RunTotals | None:
        """Counts of a whole run up to now; null before it was opened."""
        with self._transactions() as tx:
            return read(tx, RunTotals, "runs/totals", {"run_key": run_key}).fetchone()


def _mark_last_runs(tx: Connection, run_key: str, user_ids: Sequence[UUID]) -> None:
    tx.execute(statement("runs/mark_last_runs"), {"run_key": run_key, "user_ids": list(user_ids)})


def _start(tx: Connection, run_ids: Sequence[UUID], leases: LeaseRepository) -> list[UserRun]:
    which = {"run_ids": list(run_ids)}
    fencing_tokens = leases.take(run_ids)
    tx.execute(statement("runs/lock"), which | {"taken": list(fencing_tokens)})
    _hold_unreached(tx, [row["id"] for row in tx.execute(statement("runs/abandon"), which)])
    for each in ("runs/begin", "runs/refuse"):
        tx.execute(statement(each), which)
    rows = [
        _user_run(row, None if row["dry_run"] else fencing_tokens.get(row["user_id"]))
        for row in tx.execute(statement("runs/by_id"), which)
    ]
    closed = [row.run_id for row in rows if row.user_id in fencing_tokens and row.status != "running"]
    if closed:  # by another process, between the look at them and the lease
        leases.release(closed)
    return rows


def _finish(tx: Connection, ends: Sequence[RunEnd]) -> None:
    run_ids = [end.run_id for end in ends]
    LeaseRepository(within(tx)).release(run_ids)
    tx.execute(statement("runs/lock"), {"run_ids": run_ids, "taken": []})
    written = {"ends": document([columns(end) for end in ends]), "increase_reason": reasons.SCALE_UP.code}
    tx.execute(statement("runs/finish"), written)
    _hold_unreached(tx, [end.run_id for end in ends if end.armed or end.status != "success"])


def _hold_unreached(tx: Connection, run_ids: Sequence[UUID]) -> None:
    if run_ids:
        held = {"hold": reasons.RUN_ENDED.code, "message": reasons.RUN_ENDED.text}
        tx.execute(statement("runs/hold_unreached"), {"run_ids": list(run_ids), **held})


def _user_run(row: dict[str, Any], fencing_token: int | None = None) -> UserRun:
    goal_keys = None if row["goal_keys"] is None else tuple(row["goal_keys"])
    return UserRun(**row | {"goal_keys": goal_keys, "fencing_token": fencing_token})
