"""The retention of each kind of row, and the removal of what is older.

Nothing that a rule, settling or a success measure reads is ever due: open actions, the runs they
belong to, live promotions and raises stay; of daily figures the campaign's week stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orchestrator.domain.policy import Policy
from orchestrator.settings import Settings
from orchestrator.store.retention import CHUNK, KINDS, Cutoff, RowKind

if TYPE_CHECKING:
    from orchestrator.store import Store

_MARGIN = timedelta(days=2)  # beyond a cooldown: a run reads at its own time, not at ours


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionResult:
    """The result for one kind: ``rows`` older than ``before`` were removed, or would be."""

    kind: RowKind
    rows: int
    before: datetime


def tidy(
    store: Store,
    cutoffs: dict[RowKind, Cutoff],
    *,
    dry_run: bool = False,
    chunk: int = CHUNK,
    said: Callable[[RowKind, int], None] = lambda _kind, _rows: None,
) -> list[RetentionResult]:
    """Remove what is due, kind by kind, a chunk a transaction.

    Safe beside a running run and beside itself. Killed, it goes on from where it was when it is
    started again, because what is due does not depend on what was removed.

    Args:
        store: our database.
        cutoffs: by kind; a kind that is not there is left alone.
        dry_run: only count.
        chunk: rows a transaction.
        said: called after every chunk with the rows of a kind removed so far.
    """
    return [
        RetentionResult(
            kind=kind,
            rows=store.retention.due(kind, cutoffs[kind])
            if dry_run
            else _remove(store, kind, cutoffs[kind], chunk, said),
            before=cutoffs[kind].before,
        )
        for kind in KINDS
        if kind in cutoffs
    ]


def cutoffs(settings: Settings, policy: Policy, now: datetime) -> dict[RowKind, Cutoff]:
    """The instants before which each kind of row may go.

    The log's retention is at least the policy's longest cooldown.
    """
    dry = now - timedelta(days=settings.keep_dry_runs_days)
    needed = now - policy.longest_cooldown - _MARGIN
    found = {kind: min(now - timedelta(days=days), needed) for kind, days in _days(settings)}
    return {kind: Cutoff(before=before, dry_before=max(before, dry)) for kind, before in found.items()}


def line(tidied: RetentionResult, *, dry_run: bool) -> str:
    """Word the result of one kind, for people."""
    done = "would be removed" if dry_run else "removed"
    return f"{tidied.kind:10} {tidied.rows:10} {done}, older than {tidied.before:%Y-%m-%d}"


def _days(settings: Settings) -> Iterator[tuple[RowKind, int]]:
    yield "snapshots", settings.keep_snapshots_days
    yield "decisions", settings.keep_decisions_days
    yield "actions", settings.keep_actions_days
    yield "runs", settings.keep_runs_days
    yield "sweeps", settings.keep_runs_days
    yield "insights", settings.keep_insights_days


def _remove(
    store: Store, kind: RowKind, cutoff: Cutoff, chunk: int, said: Callable[[RowKind, int], None]
) -> int:
    rows = 0
    while removed := store.retention.delete_chunk(kind, cutoff, chunk):
        rows += removed
        said(kind, rows)
    return rows
