"""The snapshot of each run: the document that its decisions were made of, compressed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from orchestrator.domain.records import PartEvents
from orchestrator.store.compression import packed, unpacked
from orchestrator.store.database import Transactions, statement
from orchestrator.store.values.parameters import document


class SnapshotRepository:
    """Snapshots by run. Each call is one short transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def save(
        self,
        snapshots: Mapping[UUID, Mapping[str, Any] | bytes],
        *,
        part_events: Mapping[UUID, PartEvents] | None = None,
        completed: bool = False,
    ) -> None:
        """Store JSON documents by run id; ``bytes`` are JSON already.

        A run's first snapshot stays, because decisions were made of it, unless this is it ``completed``.

        Args:
            snapshots: the documents.
            part_events: the events of days that are not whole, which the documents have rounded, by run.
            completed: replace what is stored.
        """
        parts = part_events or {}
        bound = {
            "run_ids": list(snapshots),
            "snapshots": [_packed(each) for each in snapshots.values()],
            "part_events": [_parts_document(parts.get(run_id)) for run_id in snapshots],
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

    def part_events(self, run_ids: Iterable[UUID]) -> dict[UUID, PartEvents]:
        """The events of days that are not whole, exactly; runs without any are left out."""
        with self._transactions() as tx:
            found = tx.execute(statement("snapshots/part_events"), {"run_ids": list(run_ids)})
            return {row["run_id"]: _parts(row["part_events"]) for row in found}

    def existing(self, run_ids: Iterable[UUID]) -> set[UUID]:
        """Those of some runs that have a snapshot."""
        with self._transactions() as tx:
            found = tx.execute(statement("snapshots/existing"), {"run_ids": list(run_ids)})
            return {row["run_id"] for row in found}


def _parts_document(parts: PartEvents | None) -> Jsonb | None:
    if not parts:
        return None
    by_ad_set: dict[str, dict[str, str]] = {}
    for (ad_set_id, day), events in parts.items():
        by_ad_set.setdefault(ad_set_id, {})[day.isoformat()] = str(events)
    return document(by_ad_set)


def _parts(stored: Mapping[str, Mapping[str, str]]) -> PartEvents:
    return {
        (ad_set_id, date.fromisoformat(day)): Decimal(events)
        for ad_set_id, days in stored.items()
        for day, events in days.items()
    }


def _packed(value: Mapping[str, Any] | bytes) -> bytes:
    if not isinstance(value, bytes):
        value = json.dumps(value, separators=(",", ":"), default=str).encode()
    return packed(value)
