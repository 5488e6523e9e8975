"""A run's way from pending to its end, and the lease that keeps a user to one run at a time.

Whoever locks more than one row keeps to one order, so that two never wait for each other: leases in
user order, then runs in id order, then their actions, then users in user order, then the pass. To
begin, to end and to close a run go this way; what is recorded or kept in between locks one kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from orchestrator.domain.records import RunEnd, RunTotals, UserRun
from orchestrator.store.database import Connection, columns, document, statement

NOT_ENDED = "not finished: its tasks ended before it did; the next run goes on from what is recorded"

LONGEST = timedelta(hours=5, minutes=50)
"""After this nobody works on a pass any more: Airflow ends it 5 h 45 min after it began (``dagrun_timeout``).
Less than the six hours between two passes: the next one finds for certain what the last one left open."""

NOT_REACHED = "not begun before the run ended; the next run does it if it is still right"


def runs(tx: Connection, run_key: str, batch: int) -> list[UserRun]:
    """The users of one batch."""
    found = tx.execute(statement("runs/runs_of_batch"), {"run_key": run_key, "batch": batch})
    return [_run_row(row) for row in found]


def start(tx: Connection, run_ids: Sequence[UUID], lease: timedelta) -> list[UserRun]:
    """Begin or go on with runs; each holds its user's lease for ``lease`` from now."""
    which = {"run_ids": list(run_ids)}
    taken = tx.execute(statement("leases/take_leases"), which | {"lease": lease}).fetchall()
    fencing_tokens = {row["user_id"]: row["fencing_token"] for row in taken}
    tx.execute(statement("runs/lock_runs"), which | {"taken": list(fencing_tokens)})
    _hold_unreached(tx, [row["id"] for row in tx.execute(statement("runs/abandon_runs"), which)])
    for each in ("runs/begin_runs", "runs/refuse_runs"):
        tx.execute(statement(each), which)
    rows = [_run_row(row) for row in tx.execute(statement("runs/runs_by_id"), which)]
    closed = [row.run_id for row in rows if row.user_id in fencing_tokens and row.status != "running"]
    if closed:  # by somebody else, between the look at them and the lease
        tx.execute(statement("leases/release_leases"), {"run_ids": closed})
    return [
        row if row.dry_run else replace(row, fencing_token=fencing_tokens.get(row.user_id)) for row in rows
    ]


def finish(tx: Connection, ends: Sequence[RunEnd]) -> None:
    """End runs, count what came of them, give their leases back."""
    which = {"run_ids": [end.run_id for end in ends]}
    tx.execute(statement("leases/release_leases"), which)
    tx.execute(statement("runs/lock_runs"), which | {"taken": []})
    tx.execute(statement("runs/finish_runs"), {"ends": document([columns(end) for end in ends])})
    _hold_unreached(tx, [end.run_id for end in ends if end.armed or end.status != "success"])


def ended(tx: Connection, run_ids: Iterable[UUID]) -> set[UUID]:
    """Which of some runs have ended."""
    return {row["id"] for row in tx.execute(statement("runs/ended_runs"), {"run_ids": list(run_ids)})}


def left_open(tx: Connection, but: str) -> list[str]:
    """Runs other than ``but`` that nobody works on any more and that nobody closed."""
    found = tx.execute(statement("runs/left_open_runs"), {"longest": LONGEST, "but": but})
    return [row["run_key"] for row in found]


def close_run(tx: Connection, run_key: str) -> RunTotals:
    """End what nobody ended, note when each user was worked on, and count."""
    key = {"run_key": run_key}
    left = [row["id"] for row in tx.execute(statement("runs/unfinished_runs"), key)]
    finish(tx, [RunEnd(run_id=run_id, status="failed", error=NOT_ENDED) for run_id in left])
    tx.execute(statement("runs/mark_last_runs"), key)
    tx.execute(statement("runs/close_sweep"), key)
    totals = tx.execute(statement("runs/run_totals"), key).fetchone()
    if totals is None:
        raise KeyError(f"no run {run_key}")
    return RunTotals(**totals)


def _hold_unreached(tx: Connection, run_ids: Sequence[UUID]) -> None:
    if run_ids:
        tx.execute(statement("runs/hold_unreached"), {"run_ids": list(run_ids), "message": NOT_REACHED})


def _run_row(row: dict[str, object]) -> UserRun:
    goal_keys = row["goal_keys"]
    return UserRun(**row | {"goal_keys": tuple(goal_keys) if isinstance(goal_keys, list) else None})  # type: ignore[arg-type]
