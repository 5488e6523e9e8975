"""One user: settings and assets, live campaigns, runs, and the two toggles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orchestrator.domain.model import ObjectStatus, PausedBy, Role
from orchestrator.store.database import Transactions, read, statement


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAccount:
    """A user's settings and assets, with the author and time of each change.

    Amounts are in major units of the account's currency. ``goal_settings`` is JSON. ``account_status``: the
    platform's number; ``stopped_for``: the reason for which the account delivers nothing, of the last run.
    ``not_eligible``: the reason for which a run would refuse the user now.
    """

    user_id: UUID
    auto_scale_winners: bool
    auto_pause_losers: bool
    global_daily_budget: Decimal | None
    max_daily_budget: Decimal | None
    goal_settings: str
    updated_at: datetime | None
    updated_by: str | None
    orchestrator_last_run: datetime | None
    paused_by_operator: bool
    paused_note: str | None
    paused_changed_by: str | None
    paused_changed_at: datetime | None
    auth_connected: bool
    assets_configured: bool
    ad_account_id: str | None
    currency: str | None
    timezone: str | None
    account_name: str | None
    account_status: int | None
    stopped_for: str | None
    stopped_since: datetime | None
    not_eligible: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCampaign:
    """A campaign that may spend, with spend in minor units and events of the last seven days stored.

    ``budget_minor``: its own when scaling, else that of its active ad sets. ``live_minor``: the same while it
    is active, else 0.
    """

    id: str
    goal_key: str
    role: Role
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    created_at: datetime
    spare: bool
    budget_minor: int
    live_minor: int
    active_ad_sets: int
    spend_minor: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAdSet:
    """An ad set that may spend, with spend in minor units and events of the last seven days stored.

    ``creative``: the name that the user gave it.
    """

    id: str
    campaign_id: str
    audience: str
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    daily_budget_minor: int | None
    source_adset_id: str | None
    creative: str | None
    spend_minor: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOfUser:
    """A run of the user, with the counts of its actions; of a dry run, of its planned actions."""

    id: UUID
    run_key: str
    trigger: str
    dry_run: bool
    run_at: datetime
    opened_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    status: str
    error: str | None
    batch: int | None
    config: Mapping[str, Any]
    goal_keys: Sequence[str] | None
    campaigns_created: int
    campaigns_updated: int
    winners_promoted: int
    budgets_scaled: int
    adsets_paused: int
    errors_count: int
    actions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRun:
    """A run that was allowed to write."""

    id: UUID
    run_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggles:
    """A user's toggles, with the author and time of their change."""

    auto_scale_winners: bool
    auto_pause_losers: bool
    updated_at: datetime
    updated_by: str


class UserQueries:
    """Queries by the id of a user."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def account(self, user_id: UUID) -> UserAccount | None:
        """The user's settings and assets; None when there is no such user."""
        with self._transactions() as tx:
            return read(tx, UserAccount, "panel_user/account", {"user_id": user_id}).fetchone()

    def campaigns(self, user_id: UUID) -> tuple[Sequence[LiveCampaign], Sequence[LiveAdSet]]:
        """The user's live campaigns by goal, and their ad sets by campaign."""
        bound = {"user_id": user_id}
        with self._transactions() as tx:
            campaigns = read(tx, LiveCampaign, "panel_user/campaigns", bound).fetchall()
            return campaigns, read(tx, LiveAdSet, "panel_user/ad_sets", bound).fetchall()

    def runs(
        self, user_id: UUID, *, before: datetime | None = None, page_size: int = 10
    ) -> Sequence[RunOfUser]:
        """The user's latest runs, newest first; those opened before an instant."""
        return self._runs(user_id, before=before, page_size=page_size)

    def run(
        self, user_id: UUID, *, run_id: UUID | None = None, run_key: str | None = None
    ) -> RunOfUser | None:
        """One run of the user, by its own id or by the whole run's key."""
        found = self._runs(user_id, run_id=run_id, run_key=run_key, page_size=1)
        return found[0] if found else None

    def live_runs(self, user_id: UUID, page_size: int = 40) -> Sequence[LiveRun]:
        """The user's latest runs that wrote, oldest first."""
        bound = {"user_id": user_id, "page_size": page_size}
        with self._transactions() as tx:
            return read(tx, LiveRun, "panel_user/live_runs", bound).fetchall()

    def creative_names(self, user_id: UUID) -> dict[str, str]:
        """The names that the user gave creatives, by id."""
        with self._transactions() as tx:
            rows = tx.execute(statement("panel_user/creative_names"), {"user_id": user_id})
            return {row["id"]: row["name"] for row in rows}

    def set_toggles(self, user_id: UUID, toggles: Mapping[str, bool], changed_by: str) -> Toggles | None:
        """Set one or both toggles; the row now, or None when there is no such user."""
        bound: dict[str, Any] = {"user_id": user_id, "changed_by": changed_by}
        bound |= {"auto_scale_winners": None, "auto_pause_losers": None, **toggles}
        with self._transactions() as tx:
            return read(tx, Toggles, "panel_user/set_toggles", bound).fetchone()

    def _runs(self, user_id: UUID, **chosen: Any) -> Sequence[RunOfUser]:
        bound = {"user_id": user_id, "before": None, "run_id": None, "run_key": None} | chosen
        with self._transactions() as tx:
            return read(tx, RunOfUser, "panel_user/runs", bound).fetchall()
