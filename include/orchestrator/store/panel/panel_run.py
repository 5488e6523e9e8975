"""One run over all of its users."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from orchestrator.store.database import Transactions, read
from orchestrator.store.panel.panel_pages import FIRST, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUsersFilter:
    """The users of a page of a run; None: no restriction."""

    batch: int | None = None
    status: str | None = None
    after: UUID = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOpening:
    """A run as it was opened, over all of its users; ``closed_at`` None: not at its end."""

    run_key: str
    trigger: str
    dry_run: bool
    run_at: datetime
    users: int
    batches: int
    opened_at: datetime
    closed_at: datetime | None
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUser:
    """One user's part of a run, with the counts of its actions; of a dry run, of its planned actions."""

    id: UUID
    user_id: UUID
    batch: int | None
    status: str
    error: str | None
    dry_run: bool
    started_at: datetime | None
    ended_at: datetime | None
    campaigns_created: int
    campaigns_updated: int
    winners_promoted: int
    budgets_scaled: int
    adsets_paused: int
    errors_count: int
    ad_account_id: str | None


class RunQueries:
    """Queries by the key of a run."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def opening(self, run_key: str) -> RunOpening | None:
        """A run as it was opened; None before that."""
        with self._transactions() as tx:
            return read(tx, RunOpening, "panel_run/opening", {"run_key": run_key}).fetchone()

    def users(self, run_key: str, chosen: RunUsersFilter, page_size: int = 50) -> Page[RunUser]:
        """One page of a run's users, by id. Reads every row of the run."""
        bound = {"run_key": run_key, "page_size": page_size + 1} | asdict(chosen)
        with self._transactions() as tx:
            rows = read(tx, RunUser, "panel_run/users", bound).fetchall()
        shown = rows[:page_size]
        return Page(shown, shown[-1].user_id if len(rows) > page_size else None)
