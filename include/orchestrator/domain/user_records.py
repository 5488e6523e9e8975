"""A user's own rows as the user may see them. Amounts are ``int`` minor units of the account's currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.records import GoalRow

RunStatus = Literal["pending", "running", "success", "failed", "throttled", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRunRecord:
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
class StartedOrJoined:
    """The run that somebody who asked for one gets: a new one, or one that was there.

    ``wished``: the goals that were asked for by the key that came; null for all.
    """

    run_id: UUID
    run_key: str
    goal_keys: tuple[str, ...] | None
    dry_run: bool
    status: RunStatus
    is_new: bool
    wished: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRecord:
    """What one run of the user decided, by step, what became of it, and what it saw while that is kept."""

    run: UserRunRecord
    rows: tuple[ActionRow, ...]
    decisions: Mapping[str, Mapping[str, Any]]
    snapshot: Mapping[str, Any] | None
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSettings:
    """What the user has set. Amounts are in major units of the account's currency; null: the policy's.

    ``connected``: whether there is an ad account to work with. ``currency`` is null until it was chosen.
    """

    auto_scale_winners: bool
    auto_pause_losers: bool
    global_daily_budget: Decimal | None
    max_daily_budget: Decimal | None
    goals: tuple[GoalRow, ...]
    paused_by_operator: bool
    last_run_at: datetime | None
    updated_at: datetime
    updated_by: str | None
    currency: str | None
    connected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChange:
    """What is to be other than it is: only what was named, by column, and by goal and key."""

    fields: Mapping[str, bool | Decimal | None] = field(default_factory=dict)
    goals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassProgress:
    """How far a pass over everybody is: null totals until its users are listed. ``results`` are bounded."""

    users_total: int | None
    users_processed: int
    is_over: bool
    results: tuple[tuple[UUID, UserRunRecord], ...]
