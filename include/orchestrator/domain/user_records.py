"""A user's own rows as the user may see them, and what a person decides about them.

Amounts are ``int`` minor units of the account's currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.records import GoalRow

RunStatus = Literal["pending", "running", "success", "failed", "throttled", "refused"]
InterventionKind = Literal["accept_figures", "resume_goal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRunRecord:
    """One run of the user: times, status, counts of its actions; of a dry run, of its planned actions."""

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
class AccountCondition:
    """A user's ad account as a run read it at an instant: the platform's number of its status.

    ``stopped_for``: the reason for which it delivers nothing; null: it delivers.
    """

    user_id: UUID
    at: datetime
    ad_account_id: str
    name: str | None
    status: int
    stopped_for: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedOrJoined:
    """The run of a request: a new one, or the one that it joined.

    ``requested_goal_keys``: the goals requested under this idempotency key; null: all.
    """

    run_id: UUID
    run_key: str
    goal_keys: tuple[str, ...] | None
    dry_run: bool
    status: RunStatus
    is_new: bool
    requested_goal_keys: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRecord:
    """One run of the user: decisions by step, actions, and the snapshot while it is retained."""

    run: UserRunRecord
    rows: tuple[ActionRow, ...]
    decisions: Mapping[str, Mapping[str, Any]]
    snapshot: Mapping[str, Any] | None
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSettings:
    """The user's settings. Amounts are in major units of the account's currency; null: the policy's.

    ``connected``: whether an ad account is set up. ``currency`` is null before.
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
    """New values of settings, by column, and by goal and key; all others stay."""

    fields: Mapping[str, bool | Decimal | None] = field(default_factory=dict)
    goals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """Progress of a whole run. ``users_total``: null until its users are listed; ``results``: bounded."""

    users_total: int | None
    users_processed: int
    is_over: bool
    results: tuple[tuple[UUID, UserRunRecord], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The author of a decision: the user, or an operator by name."""

    origin: Literal["user", "operator"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """One decision of a person, as it is recorded. ``goal_key``: null for all goals."""

    user_id: UUID
    goal_key: str | None
    kind: InterventionKind
    made_by: Person
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictedAdSet:
    """An ad set whose latest reading contradicts what is known of it, since ``contradicted_at``."""

    ad_set_id: str
    goal_key: str
    audience: str
    known_events: int | None
    contradicting_events: int
    contradicting_impressions: int
    contradicted_at: datetime

    @property
    def can_be_accepted(self) -> bool:
        """Whether the reading may be true: more events than impressions are a fault in the tracking."""
        return self.contradicting_events <= self.contradicting_impressions


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFigures:
    """What an acceptance changed, and what it left because it cannot be true."""

    accepted: Sequence[ContradictedAdSet]
    impossible: Sequence[ContradictedAdSet]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsTurn:
    """What of a user waits for a person: figures that contradict, and goals paused for want of any event."""

    contradicted: Sequence[ContradictedAdSet]
    paused_goals: Sequence[str]
