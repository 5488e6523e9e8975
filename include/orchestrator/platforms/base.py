"""The port: what an ads platform answers, what it takes and what it can, in neutral nouns.

An adapter is a package beside this module. Its own words, codes and errors end inside it: what passes
this port are these values, and leaves of ``PlatformError``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from orchestrator.domain.records import AssetsRow, UserRows
from orchestrator.platforms.call_counter import CallStats
from orchestrator.platforms.specs import AdSetSpec, AdSpec, CampaignSpec, CreativeSpec
from orchestrator.platforms.user_assets import Asset, Need

BudgetLevel = Literal["campaign", "ad_set"]
ALL_LEVELS: frozenset[BudgetLevel] = frozenset({"campaign", "ad_set"})
ObjectKind = Literal["campaign", "ad_set", "ad"]
SettableStatus = Literal["ACTIVE", "PAUSED"]
AdVerdict = Literal["clear", "in_review", "rejected", "issues"]
WriteGuard = Callable[[], AbstractContextManager[None]]
"""Entered before every write, and only around it; raises to keep it from being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Where platforms differ. Execution and snapshots read these, never a platform's name.

    ``budget_levels``: which objects can own a daily budget; campaigns always can. ``copies``: whether an
    ad set can be copied. ``atomic_writes``: whether an ad set is created with its creative and ad in one
    write, all or nothing; else each is a write of its own. ``restated_days``: how many days before today
    may still change in Insights.
    """

    budget_levels: frozenset[BudgetLevel]
    copies: bool
    atomic_writes: bool
    restated_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCampaign:
    """A campaign as the platform has it. ``daily_budget_minor`` is null when its ad sets own the budgets.

    ``status`` is one of ``ObjectStatus``; ``objective`` and ``effective_status`` are the platform's words.
    ``lifetime_left_minor``: what is left of a lifetime budget; null: it has none. ``end_at``: when it ends;
    null: never.
    """

    id: str
    name: str
    objective: str | None
    status: str
    effective_status: str
    daily_budget_minor: int | None
    created_at: datetime
    updated_at: datetime
    lifetime_left_minor: int | None = None
    end_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAd:
    """An ad as the platform has it: what people set, and what the platform says of it.

    ``status`` is one of ``ObjectStatus``. ``verdict``: what keeps it from delivery, whatever is paused above
    it; ``clear`` where nothing does, or nothing is known.
    """

    id: str
    status: str
    verdict: AdVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAdSet:
    """An ad set as the platform has it. ``daily_budget_minor`` is null when its campaign owns the budget.

    ``status`` is one of ``ObjectStatus``; ``optimization_goal`` and ``effective_status`` are the
    platform's words. ``source_adset_id``: what it was copied from. ``lifetime_left_minor``: what is left of a
    lifetime budget; null: it has none. ``end_at``: when it ends; null: never. ``ads``: those that are
    neither archived nor deleted; null where they were not read.
    """

    id: str
    campaign_id: str
    name: str
    status: str
    effective_status: str
    daily_budget_minor: int | None
    optimization_goal: str | None
    created_at: datetime
    updated_at: datetime
    start_at: datetime | None
    source_adset_id: str | None
    lifetime_left_minor: int | None = None
    end_at: datetime | None = None
    ads: tuple[RemoteAd, ...] | None = None


RemoteTree = tuple[tuple[RemoteCampaign, ...], tuple[RemoteAdSet, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """The ad account. Amounts are in minor units of its currency.

    ``minimum_daily_budget_minor`` is null when the platform gives none. ``status``: the platform's number, 1
    is active. ``spend_cap_left_minor``: what is left of its spending limit, below 0 when it was passed; null:
    it has none. ``name``: what people call it.
    """

    id: str
    currency: str
    timezone: str
    minimum_daily_budget_minor: int | None
    status: int = 1
    spend_cap_left_minor: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReading:
    """One user's account, read at one moment.

    ``lifetime_rows`` and ``daily_rows`` are Insights in the platform's own form, which
    ``AdsPlatform.insight_reports`` parses. When ``insights_complete`` is False they are not all there, and
    ``insights_problem`` says why. ``absent_assets``: of those looked for, the ones that are not there, each
    with what the platform says of it, or nothing; null: none were, or it was not answered.
    """

    account: AccountState
    campaigns: tuple[RemoteCampaign, ...]
    ad_sets: tuple[RemoteAdSet, ...]
    lifetime_rows: Sequence[Mapping[str, Any]]
    daily_rows: Sequence[Mapping[str, Any]]
    insights_complete: bool
    insights_problem: str | None
    absent_assets: Mapping[Asset, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightSource:
    """One user's reading to parse; ``goal_of`` has the goal of each ad set of ours by its id."""

    reading: AccountReading
    assets: AssetsRow
    goal_of: Mapping[str, str]


class InsightRow(NamedTuple):
    """What an ad set did on one account day or, with a null ``day``, since it exists.

    ``events`` are core signals of the ad set's goal, exactly: a platform may attribute parts of one.
    """

    ad_set_id: str
    day: date | None
    spend_minor: int
    impressions: int
    events: Decimal


class InsightReport(NamedTuple):
    """One user's rows. ``problem`` says why some could not be had or counted; null when it is whole."""

    rows: Sequence[InsightRow]
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An object found by listing: enough to adopt it.

    ``creative_id`` is an ad's. ``source_id`` is the ad or ad set that this one was copied from.
    ``updated_at`` is null where the platform gives none. ``is_rejected``: the platform does not show an ad.
    """

    id: str
    name: str
    created_at: datetime
    status: str
    updated_at: datetime | None = None
    creative_id: str | None = None
    source_id: str | None = None
    is_rejected: bool = False


class Named(Protocol):
    """An object with its name."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""


class AdsAccount(Protocol):
    """One ad account, accessed with one user's token.

    Creations are PAUSED; budgets and statuses are set to absolute values. Each method raises a leaf of
    ``PlatformError``: reads any but ``Unknown``, writes any but ``Transient``. Lists are oldest first.
    """

    def read(
        self, campaign_ids: Sequence[str], since: date, until: date, assets: Sequence[Asset] = ()
    ) -> AccountReading:
        """Read account, structure, lifetimes and account days ``since`` to ``until``; look for ``assets``."""

    def tree(self, campaign_ids: Sequence[str]) -> RemoteTree:
        """Read campaigns and their ad sets as they are now."""

    def marked(self, mark: str) -> RemoteTree:
        """Find the account's living campaigns and ad sets whose name holds ``mark``."""

    def campaign(self, campaign_id: str) -> RemoteCampaign:
        """Read one campaign as it is now. ``Rejected``: there is none."""

    def ad_set(self, ad_set_id: str) -> RemoteAdSet:
        """Read one ad set as it is now. ``Rejected``: there is none."""

    def ad(self, ad_id: str) -> Found:
        """Read one ad as it is now. ``Rejected``: there is none."""

    def campaigns_named(self, key: str) -> list[Found]:
        """Find the account's campaigns whose name holds ``key``, of any status."""

    def ad_sets_named(self, campaign_id: str, key: str) -> list[Found]:
        """Find a campaign's ad sets whose name holds ``key``, of any status."""

    def ads_named(self, ad_set_id: str, key: str) -> list[Found]:
        """Find an ad set's ads whose name holds ``key``, of any status."""

    def creatives_named(self, key: str) -> list[Found]:
        """Find the account's creatives whose name holds ``key``."""

    def ads_of(self, ad_set_id: str) -> list[Found]:
        """List an ad set's ads with their creatives, of any status."""

    def create_campaign(self, spec: CampaignSpec) -> str:
        """Create a campaign; its id."""

    def create_ad_set(self, spec: AdSetSpec) -> str:
        """Create an ad set; its id."""

    def create_creative(self, spec: CreativeSpec) -> str:
        """Create a creative; its id."""

    def create_ad(self, spec: AdSpec) -> str:
        """Create an ad; its id."""

    def set_daily_budget(self, level: BudgetLevel, object_id: str, minor: int) -> None:
        """Set a daily budget to ``minor`` units, on a level that owns budgets."""

    def set_status(self, kind: ObjectKind, object_id: str, status: SettableStatus) -> None:
        """Make an object ACTIVE or PAUSED."""


class AtomicAccount(AdsAccount, Protocol):
    """An account of a platform with ``atomic_writes``."""

    def create_whole_ad_set(self, spec: AdSetSpec, creative: CreativeSpec) -> str:
        """Create an ad set with a creative and an ACTIVE ad, all or nothing; the ad set's id."""


class CopyingAccount(AdsAccount, Protocol):
    """An account of a platform with ``copies``."""

    def copies_of(self, ad_set_id: str, campaign_id: str) -> list[Found]:
        """Find the copies of an ad set in one campaign, of any status."""

    def copy_ad_set(self, source: Named, campaign_id: str, name_suffix: str) -> str:
        """Copy an ad set without its ads into a campaign; the copy's id. Its name ends with the suffix."""

    def copy_ad(self, source: Named, ad_set_id: str, name_suffix: str) -> str:
        """Copy an ad with its creative into an ad set; the copy's id. Its name ends with the suffix."""


class AdsPlatform(Protocol):
    """Our app at a platform, shared by all users and threads."""

    @property
    def name(self) -> str:
        """Its name in column ``platform``."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can."""

    @property
    def longest_call_s(self) -> float:
        """How long a call that was sent may still be under way, in seconds."""

    @property
    def call_stats(self) -> CallStats:
        """The calls so far."""

    def account(self, assets: AssetsRow, guard: WriteGuard = nullcontext) -> AdsAccount:
        """Open one user's ad account. Sends nothing.

        Raises:
            ConfigError: the app or the account is not configured, or is another platform's.
        """

    def needs(self, user: UserRows) -> tuple[Need, ...]:
        """What the user's active goals, and their approved creatives, need of the user's. Sends nothing."""

    def insight_reports(self, sources: Mapping[UUID, InsightSource]) -> dict[UUID, InsightReport]:
        """Parse what was read of many users at once. Sends nothing; leaves out ad sets that are not ours."""

    def close(self) -> None:
        """Close the shared connections."""
