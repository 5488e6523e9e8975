"""The snapshot of each run: the document that its decisions were made of, compressed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from orchestrator.store.compression import packed, unpacked
from orchestrator.store.database import Transactions, statement


class SnapshotRepository:
    """Snapshots by run. Each call is one short transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def save(self, snapshots: Mapping[UUID, Mapping[str, Any] | bytes], *, completed: bool = False) -> None:
        """Store JSON documents by run id; ``bytes`` are JSON already.

        A run's first snapshot stays, because decisions were made of it, unless this is it ``completed``.
        """
        bound = {
            "run_ids": list(snapshots),
            "snapshots": [_packed(each) for each in snapshots.values()],
            "completed": completed,
        }
        with self._transactions() as tx:
            tx.execute(statement("snapshots/save"), bound)

    def documents(self, run_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
        """The snapshot of each run that has one."""
        return {run_id: json.loads(text) for run_id, text in self.texts(run_ids).items()}

    def texts(self, run_ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """The snapshot of each run that has one, as JSON."""
        with self._transactions() as tx:
            found = tx.execute(statement("snapshots/texts"), {"run_ids": list(run_ids)})
            return {row["run_id"]: unpacked(row["snapshot"]) for row in found}

    def existing(self, run_ids: Iterable[UUID]) -> set[UUID]:
        """Those of some runs that have a snapshot."""
        with self._transactions() as tx:
            found = tx.execute(statement("snapshots/existing"), {"run_ids": list(run_ids)})
            return {row["run_id"] for row in found}


def _packed(value: Mapping[str, Any] | bytes) -> bytes:
    if not isinstance(value, bytes):
        value = json.dumps(value, separators=(",", ":"), default=str).encode()
    return packed(value)
