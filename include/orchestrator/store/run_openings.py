"""Opening a run: its users in batches, one pending row each."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from orchestrator.domain.batch_sizes import batch_count, batch_of
from orchestrator.domain.records import Batch, OpenedRun, RefusedUser, RunRequest
from orchestrator.store.database import Connection, Transactions, each_or_halves, read, statement
from orchestrator.store.runs import RunRepository
from orchestrator.store.values.parameters import document

PAGE = 5_000  # users a statement

log = logging.getLogger(__name__)


class RunOpenings:
    """Opens runs. Each call is one short transaction, and one more for each run left open before."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def open(self, request: RunRequest, *, require_activity_days: int | None = None) -> OpenedRun:
        """Insert one pending row for every eligible user, in batches, or read the rows inserted before.

        Users requested by id who are not eligible get a ``refused`` row with the reason. Earlier runs
        left open that no process works on any more are closed before, as far as possible.
        """
        self._close_left_open(request.run_key)
        with self._transactions() as tx:
            if not _sweep(tx, request.run_key):
                clauses = {"now": request.now, "require_activity_days": require_activity_days}
                if request.user_ids is None:
                    _insert(tx, request, _eligible(tx, clauses), [])
                else:
                    _insert(tx, request, *_named(tx, request.user_ids, clauses))
            return _opened(tx, request.run_key)

    def open_named(self, request: RunRequest) -> OpenedRun:
        """Open a run for exactly the users it names, eligible or not."""
        with self._transactions() as tx:
            _insert(tx, request, sorted(set(request.user_ids or ())), [])
            return _opened(tx, request.run_key)

    def refusal(self, user_id: UUID, now: datetime, require_activity_days: int | None = None) -> str | None:
        """The reason for which a run opened now would refuse a user, or null. Opens nothing."""
        which = {"user_ids": [user_id], "now": now, "require_activity_days": require_activity_days}
        with self._transactions() as tx:
            row = tx.execute(statement("run_openings/named_users"), which).fetchone()
        return None if row is None else row["reason"]

    def _close_left_open(self, but: str) -> None:
        runs = RunRepository(self._transactions)
        for run_key in runs.left_open(but):
            _close(runs, run_key)


def _close(runs: RunRepository, run_key: str) -> None:
    try:
        runs.close(run_key)
    except Exception:  # an old run must not stop the new one; a database that is gone will by itself
        log.exception("run %s was left open and could not be ended; the next run tries again", run_key)
    else:
        log.warning("run %s was left open and nobody works on it any more: it is ended now", run_key)


def _sweep(tx: Connection, run_key: str) -> dict[str, Any] | None:
    return tx.execute(statement("run_openings/sweep"), {"run_key": run_key}).fetchone()


def _eligible(tx: Connection, clauses: dict[str, Any]) -> list[UUID]:
    users: list[UUID] = []
    for page in _pages(tx, clauses):
        users += page
    return users


def _pages(tx: Connection, clauses: dict[str, Any]) -> Iterator[list[UUID]]:
    after: UUID | None = None
    while True:
        bound = clauses | {"after": after, "page_size": PAGE}
        page = [row["user_id"] for row in tx.execute(statement("run_openings/eligible_page"), bound)]
        yield page
        if len(page) < PAGE:
            return
        after = page[-1]


def _named(
    tx: Connection, user_ids: Iterable[UUID], clauses: dict[str, Any]
) -> tuple[list[UUID], list[RefusedUser]]:
    bound = clauses | {"user_ids": sorted(set(user_ids))}
    rows = tx.execute(statement("run_openings/named_users"), bound).fetchall()
    users = [row["user_id"] for row in rows if row["reason"] is None]
    return users, [RefusedUser(**row) for row in rows if row["reason"] is not None]


def _insert(tx: Connection, request: RunRequest, users: list[UUID], refused: list[RefusedUser]) -> None:
    batches = batch_count(len(users), request.users_per_batch)
    run = {
        "run_key": request.run_key,
        "trigger": request.trigger,
        "now": request.now,
        "dry_run": request.dry_run,
    }
    sweep = {"users": len(users), "batches": batches}
    if tx.execute(statement("run_openings/insert_sweep"), run | sweep).fetchone() is None:
        return  # opened by another process at this moment
    bound = run | {
        "goal_keys": None if request.goal_keys is None else list(request.goal_keys),
        "config": document(dict(request.config)),
    }
    rows = [_Opening(user, batch_of(n, len(users), batches), None) for n, user in enumerate(users)]
    rows += [_Opening(each.user_id, None, each.reason) for each in refused]
    unusable = each_or_halves(tx, rows, lambda part: _insert_runs(tx, bound, part, with_settings=True))
    # Without a copy of their settings; when these are read, the run fails and says why.
    each_or_halves(tx, unusable, lambda part: _insert_runs(tx, bound, part, with_settings=False))


class _Opening(NamedTuple):
    user_id: UUID
    batch: int | None
    refusal: str | None


def _insert_runs(
    tx: Connection, run: Mapping[str, Any], rows: Sequence[_Opening], *, with_settings: bool
) -> None:
    user_ids, batches, refusals = (list(column) for column in zip(*rows, strict=True))
    bound = {**run, "user_ids": user_ids, "batch_of": batches, "refusals": refusals}
    bound |= {"with_settings": with_settings}
    tx.execute(statement("run_openings/insert_runs"), bound)


def _opened(tx: Connection, run_key: str) -> OpenedRun:
    sweep = _sweep(tx, run_key)
    if sweep is None:
        raise RuntimeError(f"Bug! run {run_key} was opened and is not there")
    key = {"run_key": run_key}
    of: int = sweep["batches"]
    return OpenedRun(
        run_key=run_key,
        users=sweep["users"],
        batches=tuple(
            Batch(batch=row["batch"], of=of, label=_label(row, of))
            for row in tx.execute(statement("run_openings/batches"), key)
        ),
        refused=tuple(read(tx, RefusedUser, "run_openings/refused", key)),
    )


def _label(row: dict[str, Any], of: int) -> str:
    if row["users"] == 1:
        return str(row["first_user"])
    return f"batch {row['batch'] + 1} of {of}, {row['users']} users"
