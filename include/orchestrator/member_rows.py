"""A user's own rows as the user may see them. Amounts are ``int`` minor units of the account's currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from orchestrator.model import Action
from orchestrator.rows import ActionStatus

RunStatus = Literal["pending", "running", "success", "failed", "throttled", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRun:
    """One run of the user: when, how it stands, what came of it. A dry run counts what would have been."""

    run_id: UUID
    run_key: str
    trigger: Literal["user", "cron", "dryrun"]
    dry_run: bool
    status: RunStatus
    error: str | None
    goal_keys: tuple[str, ...] | None
    run_at: datetime
    opened_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    campaigns_created: int
    campaigns_updated: int
    winners_promoted: int
    budgets_scaled: int
    adsets_paused: int
    errors_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The run that somebody who asked for one gets: a new one, or one that was there."""

    run_id: UUID
    run_key: str
    goal_keys: tuple[str, ...] | None
    dry_run: bool
    status: RunStatus
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAction:
    """One thing a run decided, and what became of it; ``message`` is Meta's, or why it was not made."""

    action: Action
    status: ActionStatus
    message: str | None
    currency: str | None
    created_at: datetime
    settled_at: datetime | None
