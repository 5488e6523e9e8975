"""Take rows out that are older than anybody needs, a chunk a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from orchestrator.store.database import Connection, columns, statement

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


def tidy_chunk(tx: Connection, kind: RowKind, cutoff: Cutoff, chunk: int) -> int:
    """Remove at most ``chunk`` rows of one kind; how many were due."""
    return _due(tx, kind, cutoff, chunk, dry_run=False)


def due(tx: Connection, kind: RowKind, cutoff: Cutoff) -> int:
    """How many rows of one kind would go now. Nothing is removed."""
    return _due(tx, kind, cutoff, None, dry_run=True)


def _due(tx: Connection, kind: RowKind, cutoff: Cutoff, chunk: int | None, *, dry_run: bool) -> int:
    tx.execute(statement("retention/plan"))
    bound = columns(cutoff) | {"chunk": chunk, "dry_run": dry_run}
    (found,) = tx.execute(statement(f"retention/{kind}"), bound).fetchall()
    return int(found["due"])
