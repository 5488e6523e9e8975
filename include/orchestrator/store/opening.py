"""Open a run: find its users, put them into batches, one row each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from orchestrator.rows import Batch, OpenedRun, Refusal, RunRequest
from orchestrator.store.batches import batch_count, batch_of
from orchestrator.store.database import Connection, document, statement

PAGE = 5_000  # users a statement


def open_run(tx: Connection, request: RunRequest) -> OpenedRun:
    """Open ``request``, or find it open. The answer is read back: the same every time."""
    if not _sweep(tx, request.run_key):
        users, refused = _named(tx, request) if request.user_ids is not None else (_eligible(tx, request), [])
        _insert(tx, request, users, refused)
    return _opened(tx, request.run_key)


def _sweep(tx: Connection, run_key: str) -> dict[str, Any] | None:
    return tx.execute(statement("sweep"), {"run_key": run_key}).fetchone()


def _eligible(tx: Connection, request: RunRequest) -> list[UUID]:
    return [user for page in _pages(tx, request) for user in page]


def _pages(tx: Connection, request: RunRequest) -> Iterator[list[UUID]]:
    after: UUID | None = None
    while True:
        rows = tx.execute(
            statement("eligible_page"),
            {
                "after": after,
                "page_size": PAGE,
                "require_activity_days": request.require_activity_days,
                "now": request.now,
            },
        ).fetchall()
        yield [row["user_id"] for row in rows]
        if len(rows) < PAGE:
            return
        after = rows[-1]["user_id"]


def _named(tx: Connection, request: RunRequest) -> tuple[list[UUID], list[Refusal]]:
    rows = tx.execute(
        statement("named_users"),
        {
            "user_ids": sorted(set(request.user_ids or ())),
            "now": request.now,
            "require_activity_days": request.require_activity_days,
        },
    ).fetchall()
    users = [row["user_id"] for row in rows if row["reason"] is None]
    return users, [Refusal(**row) for row in rows if row["reason"] is not None]


def _insert(tx: Connection, request: RunRequest, users: list[UUID], refused: list[Refusal]) -> None:
    batches = batch_count(len(users), request.users_per_batch)
    asked = {
        "run_key": request.run_key,
        "trigger": request.trigger,
        "now": request.now,
        "dry_run": request.dry_run,
    }
    sweep = {"users": len(users), "batches": batches}
    if tx.execute(statement("insert_sweep"), asked | sweep).fetchone() is None:
        return  # somebody opened it at this moment
    batch: list[int | None] = [batch_of(position, len(users), batches) for position in range(len(users))]
    tx.execute(
        statement("insert_runs"),
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
            for row in tx.execute(statement("opened_batches"), key)
        ),
        refused=tuple(Refusal(**row) for row in tx.execute(statement("refused_at_opening"), key)),
    )


def _label(row: dict[str, Any], of: int) -> str:
    if row["users"] == 1:
        return str(row["first_user"])
    return f"batch {row['batch'] + 1} of {of}, {row['users']} users"
