"""From our rows and the platform's answer to one snapshot. Pure.

The platform says what an object is now; our rows say which role it plays and what paused it. An
object that it shows PAUSED while our row has it ACTIVE was paused by a person; one that it shows
ACTIVE while our row has it PAUSED was resumed by a person. An ad set in a campaign of ours that no row
has was made by a person: it is in the snapshot, and never among our rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from orchestrator.domain import money
from orchestrator.domain.model import (
    Account,
    AdSet,
    AdSetCore,
    Campaign,
    Creative,
    Day,
    Goal,
    ObjectStatus,
    Snapshot,
    Template,
    UserSettings,
)
from orchestrator.domain.records import AdSetRow, CampaignRow, CreativeRow, GoalRow, UserRows
from orchestrator.errors import ConfigError
from orchestrator.platforms.base import AccountState, RemoteAdSet, RemoteCampaign, RemoteTree
from orchestrator.snapshot import unfinished
from orchestrator.snapshot.delivery import delivery_of, lifetime_daily_minor
from orchestrator.snapshot.foreign import active_minor, foreign_ad_sets
from orchestrator.snapshot.insights import InsightWindows
from orchestrator.snapshot.row_values import with_values
from orchestrator.snapshot.shared_budgets import Sharing

_CAMPAIGN, _AD_SET, _CREATIVE = (
    tuple(field.name for field in fields(noun)) for noun in (Campaign, AdSetCore, Creative)
)
_GONE = frozenset({"ARCHIVED", "DELETED"})

ObjectRow = TypeVar("ObjectRow", CampaignRow, AdSetRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Our rows as the platform has them now. Rows that differ from what we knew are in ``changed``.

    ``foreign``: the ad sets in our campaigns that no row of ours has, without insights.
    """

    campaigns: tuple[CampaignRow, ...]
    ad_sets: tuple[AdSetRow, ...]
    changed: tuple[CampaignRow | AdSetRow, ...]
    foreign: tuple[AdSet, ...] = ()

    @property
    def goal_of(self) -> dict[str, str]:
        """The goal of each ad set by its id, of a foreign one its campaign's."""
        campaigns = {c.id: c.goal_key for c in self.campaigns}
        foreign = {a.id: campaigns[a.campaign_id] for a in self.foreign}
        return foreign | {a.id: a.goal_key for a in self.ad_sets}


def structure(
    rows: UserRows,
    tree: RemoteTree,
    now: datetime,
    *,
    trusted: frozenset[str] = frozenset(),
    sharing: Sharing | None = None,
) -> Structure:
    """Bring our rows up to what the platform shows.

    What it does not list is DELETED, unless its id is ``trusted``: a listing may lag behind
    what was created a moment ago.

    Args:
        rows: ours.
        tree: the platform's campaigns and ad sets.
        now: when it showed them.
        trusted: ids of what this run created.
        sharing: on a platform where ad sets own no budgets.
    """
    new_campaigns, new_ad_sets = _seen_rows(rows, tree, now, trusted)
    if sharing is not None:
        new_ad_sets = sharing.with_parts(rows.ad_sets, new_ad_sets, new_campaigns)
        new_campaigns = sharing.without_sums(new_campaigns)
    new_campaigns = unfinished.without_ended_revivals(new_campaigns, new_ad_sets)
    foreign = foreign_ad_sets(rows, tree[1], now)
    new_campaigns = tuple(
        with_values(c, foreign_daily_minor=active_minor(c.id, foreign)) for c in new_campaigns
    )
    changed: list[CampaignRow | AdSetRow] = [
        *(new for old, new in zip(rows.campaigns, new_campaigns, strict=True) if old != new),
        *(new for old, new in zip(rows.ad_sets, new_ad_sets, strict=True) if old != _as_stored(new)),
    ]
    return Structure(
        campaigns=new_campaigns,
        ad_sets=new_ad_sets,
        changed=tuple(changed),
        foreign=foreign,
    )


def _seen_rows(
    rows: UserRows, tree: RemoteTree, now: datetime, trusted: frozenset[str]
) -> tuple[tuple[CampaignRow, ...], tuple[AdSetRow, ...]]:
    """Our campaigns and ad sets as the platform shows each of them."""
    campaigns = {c.id: c for c in tree[0]}
    ad_sets = {a.id: a for a in tree[1]}
    return (
        tuple(
            c if c.id in trusted and c.id not in campaigns else _observed(c, campaigns.get(c.id), now)
            for c in rows.campaigns
        ),
        tuple(
            a
            if a.id in trusted and a.id not in ad_sets
            else _observed_ad_set(a, ad_sets.get(a.id), now, is_new=a.id in trusted)
            for a in rows.ad_sets
        ),
    )


def snapshot(
    rows: UserRows, account: AccountState, seen: Structure, windows: InsightWindows, now: datetime
) -> Snapshot:
    """Put together everything the rules need about one user.

    Raises:
        ConfigError: a typed amount has more digits than the currency, or the platform did not say
            the account's minimum daily budget.
    """
    last_activation = {c.id: c.active_since for c in seen.campaigns}
    return Snapshot(
        now=now,
        user_id=str(rows.user_id),
        account=Account(
            id=account.id,
            currency=account.currency,
            units_per_usd=rows.units_per_usd,
            timezone=account.timezone,
            insights_read_at=windows.read_at,
            account_status=account.status,
            spend_cap_left_minor=account.spend_cap_left_minor,
        ),
        settings=settings_of(rows, account.currency),
        goals=tuple(_goal(g, account) for g in rows.goals),
        templates=tuple(
            Template(goal_key=t.goal_key, audiences=tuple(a.name for a in t.audiences if a.usable))
            for t in rows.templates
        ),
        creatives=tuple(Creative(**_values(c, _CREATIVE)) for c in rows.creatives),
        campaigns=tuple(campaign_of(c) for c in unfinished.as_planned(seen.campaigns, seen.ad_sets)),
        ad_sets=(
            *(ad_set_of(a, windows, last_activation.get(a.campaign_id)) for a in seen.ad_sets),
            *_with_windows(seen.foreign, windows),
        ),
        history=rows.history,
    )


def with_stored_days(
    windows: InsightWindows, ad_sets: Sequence[AdSetRow], stored: Mapping[str, tuple[Day, ...]]
) -> InsightWindows:
    """The same windows with the stored days before those that were read."""
    earlier = {a.id: stored[a.id] + tuple(windows.days.get(a.id, ())) for a in ad_sets if a.id in stored}
    return replace(windows, days={**windows.days, **earlier})


def with_insights(before: Snapshot, windows: InsightWindows) -> Snapshot:
    """The same snapshot with other insights."""
    return replace(
        before,
        account=replace(before.account, insights_read_at=windows.read_at),
        ad_sets=_with_windows(before.ad_sets, windows),
    )


def _with_windows(ad_sets: Iterable[AdSet], windows: InsightWindows) -> tuple[AdSet, ...]:
    return tuple(
        replace(a, lifetime=windows.lifetimes.get(a.id), days=windows.days.get(a.id)) for a in ad_sets
    )


def campaign_of(row: CampaignRow) -> Campaign:
    """The campaign as the rules see it."""
    return Campaign(**_values(row, _CAMPAIGN))


def ad_set_of(row: AdSetRow, windows: InsightWindows | None, campaign_active_since: datetime | None) -> AdSet:
    """The ad set as the rules see it: active since the latest of its own and its campaign's start."""
    starts = [t for t in (row.active_since, campaign_active_since) if t is not None]
    return AdSet(
        **_values(row, _AD_SET) | {"active_since": max(starts, default=None)},
        lifetime=windows.lifetimes.get(row.id) if windows else None,
        days=windows.days.get(row.id) if windows else None,
    )


def _values(row: CampaignRow | AdSetRow | CreativeRow, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def settings_of(rows: UserRows, currency: str) -> UserSettings:
    """What the user set, amounts in minor units."""

    def minor(field: str) -> int | None:
        amount = getattr(rows, field)
        if amount is None:
            return None
        return money.setting_minor(amount, currency)

    return UserSettings(
        auto_scale_winners=rows.auto_scale_winners,
        auto_pause_losers=rows.auto_pause_losers,
        global_daily_budget_minor=minor("global_daily_budget"),
        max_daily_budget_minor=minor("max_daily_budget"),
    )


def _goal(row: GoalRow, account: AccountState) -> Goal:
    if account.minimum_daily_budget_minor is None:
        raise ConfigError(
            f"the platform did not say the minimum daily budget of {account.id}; check the account"
        )
    hint = row.budget_hint
    return Goal(
        goal_key=row.goal_key,
        is_active=row.is_active,
        priority=row.priority,
        budget_hint_minor=None if hint is None else money.setting_minor(hint, account.currency),
        learning_share_bp=row.learning_share_bp,
        minimum_daily_budget_minor=account.minimum_daily_budget_minor,
        missing=row.missing,
    )


def _as_stored(row: AdSetRow) -> AdSetRow:
    """The row as its table gives it back: whether its ads could be shown is not stored."""
    return with_values(row, delivery="ok")


def _observed_ad_set(row: AdSetRow, remote: RemoteAdSet | None, now: datetime, *, is_new: bool) -> AdSetRow:
    """Bring one ad set up to what is shown. Of the ads of a new one nothing is known yet."""
    seen = _observed(row, remote, now)
    return seen if remote is None or is_new else with_values(seen, delivery=delivery_of(remote, now))


def _observed(row: ObjectRow, remote: RemoteCampaign | RemoteAdSet | None, now: datetime) -> ObjectRow:
    if remote is None or remote.status in _GONE:
        status: ObjectStatus = "ARCHIVED" if remote is not None and remote.status == "ARCHIVED" else "DELETED"
        return with_values(row, status=status, removed_at=row.removed_at or now)
    budget = remote.daily_budget_minor
    lifetime = lifetime_daily_minor(remote.lifetime_left_minor, remote.end_at, now)
    if remote.status == "ACTIVE":
        since = row.active_since if row.status == "ACTIVE" else now
        return with_values(
            row,
            status="ACTIVE",
            paused_by=None,
            paused_reason=None,
            daily_budget_minor=budget,
            lifetime_daily_minor=lifetime,
            active_since=since,
            removed_at=None,
        )
    by_us = row.status == "PAUSED"
    return with_values(
        row,
        status="PAUSED",
        paused_by=row.paused_by if by_us else "user",
        paused_reason=row.paused_reason if by_us else None,
        daily_budget_minor=budget,
        lifetime_daily_minor=lifetime,
        removed_at=None,
    )
