"""Open a run: find its users, put them into batches, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from orchestrator.domain.records import Batch, OpenedRun, RefusedUser, RunRequest
from orchestrator.store.batch_sizes import batch_count, batch_of
from orchestrator.store.database import Connection, document, statement

PAGE = 5_000  # users a statement


def open_run(tx: Connection, request: RunRequest, activity_days: int | None) -> OpenedRun:
    """Open ``request``, or find it open. The answer is read back: the same every time."""
    if not _sweep(tx, request.run_key):
        clauses = {"now": request.now, "require_activity_days": activity_days}
        if request.user_ids is None:
            _insert(tx, request, _eligible(tx, clauses), [])
        else:
            _insert(tx, request, *_named(tx, request.user_ids, clauses))
    return _opened(tx, request.run_key)


def open_for(tx: Connection, request: RunRequest) -> OpenedRun:
    """Open ``request`` for the users it names, eligible or not."""
    _insert(tx, request, sorted(set(request.user_ids or ())), [])
    return _opened(tx, request.run_key)


def _sweep(tx: Connection, run_key: str) -> dict[str, Any] | None:
    return tx.execute(statement("run_opening/sweep"), {"run_key": run_key}).fetchone()


def _eligible(tx: Connection, clauses: dict[str, Any]) -> list[UUID]:
    users: list[UUID] = []
    for page in _pages(tx, clauses):
        users += page
    return users


def _pages(tx: Connection, clauses: dict[str, Any]) -> Iterator[list[UUID]]:
    after: UUID | None = None
    while True:
        asked = clauses | {"after": after, "page_size": PAGE}
        page = [row["user_id"] for row in tx.execute(statement("run_opening/eligible_page"), asked)]
        yield page
        if len(page) < PAGE:
            return
        after = page[-1]


def _named(
    tx: Connection, user_ids: Iterable[UUID], clauses: dict[str, Any]
) -> tuple[list[UUID], list[RefusedUser]]:
    asked = clauses | {"user_ids": sorted(set(user_ids))}
    rows = tx.execute(statement("run_opening/named_users"), asked).fetchall()
    users = [row["user_id"] for row in rows if row["reason"] is None]
    return users, [RefusedUser(**row) for row in rows if row["reason"] is not None]


def refusal(tx: Connection, user_id: UUID, now: datetime, require_activity_days: int | None) -> str | None:
    """Why a run opened now would pass a user over, or null. Asks, and opens nothing."""
    which = {"user_ids": [user_id], "now": now, "require_activity_days": require_activity_days}
    row = tx.execute(statement("run_opening/named_users"), which).fetchone()
    return None if row is None else row["reason"]


def _insert(tx: Connection, request: RunRequest, users: list[UUID], refused: list[RefusedUser]) -> None:
    batches = batch_count(len(users), request.users_per_batch)
    asked = {
        "run_key": request.run_key,
        "trigger": request.trigger,
        "now": request.now,
        "dry_run": request.dry_run,
    }
    sweep = {"users": len(users), "batches": batches}
    if tx.execute(statement("run_opening/insert_sweep"), asked | sweep).fetchone() is None:
        return  # somebody opened it at this moment
    batch: list[int | None] = [batch_of(position, len(users), batches) for position in range(len(users))]
    tx.execute(
        statement("run_opening/insert_runs"),
        asked
        | {
            "goal_keys": None if request.goal_keys is None else list(request.goal_keys),
            "config": document(dict(request.config)),
            "user_ids": [*users, *(r.user_id for r in refused)],
            "batch_of": batch + [None] * len(refused),
            "refusals": [None] * len(users) + [r.reason for r in refused],
        },
    )


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
            for row in tx.execute(statement("run_opening/opened_batches"), key)
        ),
        refused=tuple(
            RefusedUser(**row) for row in tx.execute(statement("run_opening/refused_at_opening"), key)
        ),
    )


def _label(row: dict[str, Any], of: int) -> str:
    if row["users"] == 1:
        return str(row["first_user"])
    return f"batch {row['batch'] + 1} of {of}, {row['users']} users"
