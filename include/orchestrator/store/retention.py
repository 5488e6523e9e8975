"""Rows past their retention period, removed a chunk a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from orchestrator.domain import reasons
from orchestrator.store.database import Transactions, columns, statement

RowKind = Literal["snapshots", "decisions", "actions", "runs", "sweeps", "insights"]

# A run goes when nothing of it is left, a sweep when no run of it is: so this order.
KINDS: tuple[RowKind, ...] = get_args(RowKind)

CHUNK = (
    1_000  # rows a transaction, and a row of figures is a whole account: well under a second, little to lose
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """Rows of before these instants may go: of live runs, and of dry ones."""

    before: datetime
    dry_before: datetime


class RetentionStore:
    """Old rows by kind. Each call is one short transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def due(self, kind: RowKind, cutoff: Cutoff) -> int:
        """The number of rows of one kind that are old enough to go."""
        return self._due(kind, cutoff, None, dry_run=True)

    def delete_chunk(self, kind: RowKind, cutoff: Cutoff, chunk: int) -> int:
        """Remove at most ``chunk`` old rows of one kind; how many were due."""
        return self._due(kind, cutoff, chunk, dry_run=False)

    def _due(self, kind: RowKind, cutoff: Cutoff, chunk: int | None, *, dry_run: bool) -> int:
        bound = columns(cutoff) | {
            "chunk": chunk,
            "dry_run": dry_run,
            "increase_reason": reasons.SCALE_UP.code,
        }
        with self._transactions() as tx:
            tx.execute(statement("retention/plan"))
            (found,) = tx.execute(statement(f"retention/{kind}"), bound).fetchall()
        return int(found["due"])
