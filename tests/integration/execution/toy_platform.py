"""An ads platform in memory, unlike Meta: only campaigns own budgets, no copies, atomic writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from orchestrator.domain.records import AssetsRow, UserRows
from orchestrator.errors import ConfigError, Rejected
from orchestrator.platforms.base import (
    AccountReading,
    AccountState,
    AdsPlatform,
    AtomicAccount,
    BudgetLevel,
    Capabilities,
    Found,
    InsightReport,
    InsightRow,
    InsightSource,
    ObjectKind,
    RemoteAdSet,
    RemoteCampaign,
    RemoteTree,
    SettableStatus,
    WriteGuard,
)
from orchestrator.platforms.call_counter import CallCounter, CallStats
from orchestrator.platforms.specs import AdSetSpec, AdSpec, CampaignSpec, CreativeSpec
from orchestrator.platforms.user_assets import Asset, Need

MINIMUM_MINOR = 100

_Thing = TypeVar("_Thing", RemoteCampaign, RemoteAdSet, Found)


@dataclass(slots=True)
class ToyWorld:
    """All that one ad account has. ``daily``: what each ad set did, day by day."""

    campaigns: dict[str, RemoteCampaign] = field(default_factory=dict)
    ad_sets: dict[str, RemoteAdSet] = field(default_factory=dict)
    ads: dict[str, Found] = field(default_factory=dict)
    ad_set_of: dict[str, str] = field(default_factory=dict)
    daily: dict[str, list[InsightRow]] = field(default_factory=dict)
    assets: set[Asset] = field(default_factory=set)


class ToyPlatform(AdsPlatform):
    """All accounts, each made at its first use."""

    name = "toy"
    capabilities = Capabilities(
        budget_levels=frozenset({"campaign"}), copies=False, atomic_writes=True, restated_days=3
    )
    longest_call_s = 1.0

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._counter = CallCounter()
        self._lock = threading.Lock()
        self._last_id = 0
        self.worlds: dict[str, ToyWorld] = {}
        self.needed: tuple[Need, ...] = ()

    @property
    def call_stats(self) -> CallStats:
        return self._counter.so_far

    def world(self, ad_account_id: str) -> ToyWorld:
        return self.worlds.setdefault(ad_account_id, ToyWorld())

    def account(self, assets: AssetsRow, guard: WriteGuard = nullcontext) -> ToyAccount:
        if assets.platform != self.name:
            raise ConfigError(f"the ad account {assets.ad_account_id} is of platform {assets.platform!r}")
        return ToyAccount(self, assets, guard)

    def needs(self, user: UserRows) -> tuple[Need, ...]:
        goals = {goal.goal_key for goal in user.goals}
        return tuple(need for need in self.needed if need.goal_key in goals)

    def insight_reports(self, sources: Mapping[UUID, InsightSource]) -> dict[UUID, InsightReport]:
        return {user: InsightReport(_rows(source), None) for user, source in sources.items()}

    def now(self) -> datetime:
        return self._clock()

    def new_id(self) -> str:
        self._last_id += 1
        return f"toy{self._last_id}"

    @contextmanager
    def call(self, *, write: bool) -> Iterator[None]:
        """One call, counted; one at a time."""
        self._counter.add(CallStats(requests=1, reads=int(not write), writes=int(write)))
        with self._lock:
            yield

    def close(self) -> None:
        """Nothing is open."""


class ToyAccount(AtomicAccount):
    """One account of the toy."""

    def __init__(self, platform: ToyPlatform, assets: AssetsRow, guard: WriteGuard) -> None:
        self._platform, self._assets, self._guard = platform, assets, guard
        self._world = platform.world(assets.ad_account_id)

    def read(
        self, campaign_ids: Sequence[str], since: date, until: date, assets: Sequence[Asset] = ()
    ) -> AccountReading:
        campaigns, ad_sets = self.tree(campaign_ids)
        daily = [row for ad_set in ad_sets for row in self._world.daily.get(ad_set.id, ())]
        return AccountReading(
            account=AccountState(
                id=self._assets.ad_account_id,
                currency=self._assets.currency,
                timezone=self._assets.timezone,
                minimum_daily_budget_minor=MINIMUM_MINOR,
            ),
            campaigns=campaigns,
            ad_sets=ad_sets,
            lifetime_rows=[row._replace(day=None)._asdict() for row in daily],
            daily_rows=[row._asdict() for row in daily if row.day and since <= row.day <= until],
            insights_complete=True,
            insights_problem=None,
            absent_assets=dict.fromkeys(frozenset(assets) - self._world.assets, "") if assets else None,
        )

    def tree(self, campaign_ids: Sequence[str]) -> RemoteTree:
        with self._read():
            campaigns = tuple(c for c in self._world.campaigns.values() if c.id in campaign_ids)
            ad_sets = tuple(a for a in self._world.ad_sets.values() if a.campaign_id in campaign_ids)
            return campaigns, ad_sets

    def marked(self, mark: str) -> RemoteTree:
        with self._read():
            campaigns = (c for c in self._world.campaigns.values() if mark in c.name)
            ad_sets = (a for a in self._world.ad_sets.values() if mark in a.name)
            living = ("ACTIVE", "PAUSED")
            return (
                tuple(c for c in campaigns if c.status in living),
                tuple(a for a in ad_sets if a.status in living),
            )

    def campaign(self, campaign_id: str) -> RemoteCampaign:
        with self._read():
            return _there(self._world.campaigns, campaign_id)

    def ad_set(self, ad_set_id: str) -> RemoteAdSet:
        with self._read():
            return _there(self._world.ad_sets, ad_set_id)

    def ad(self, ad_id: str) -> Found:
        with self._read():
            return _there(self._world.ads, ad_id)

    def campaigns_named(self, key: str) -> list[Found]:
        with self._read():
            return [_found(c) for c in self._world.campaigns.values() if key in c.name]

    def ad_sets_named(self, campaign_id: str, key: str) -> list[Found]:
        with self._read():
            ad_sets = self._world.ad_sets.values()
            return [_found(a) for a in ad_sets if a.campaign_id == campaign_id and key in a.name]

    def ads_named(self, ad_set_id: str, key: str) -> list[Found]:
        return [ad for ad in self.ads_of(ad_set_id) if key in ad.name]

    def ads_of(self, ad_set_id: str) -> list[Found]:
        with self._read():
            return [ad for ad in self._world.ads.values() if self._world.ad_set_of[ad.id] == ad_set_id]

    def creatives_named(self, key: str) -> list[Found]:
        raise AssertionError(f"a creative ({key}) is made with its ad set")

    def create_campaign(self, spec: CampaignSpec) -> str:
        with self._write() as now:
            campaign = RemoteCampaign(
                id=self._platform.new_id(),
                name=spec.name,
                objective=spec.goal_key,
                status="PAUSED",
                effective_status="PAUSED",
                daily_budget_minor=spec.daily_budget_minor,
                created_at=now,
                updated_at=now,
            )
            self._world.campaigns[campaign.id] = campaign
            return campaign.id

    def create_whole_ad_set(self, spec: AdSetSpec, creative: CreativeSpec) -> str:
        with self._write() as now:
            if spec.daily_budget_minor is not None:
                raise Rejected("an ad set owns no budget")
            _there(self._world.campaigns, spec.campaign_id)
            ad_set = RemoteAdSet(
                id=self._platform.new_id(),
                campaign_id=spec.campaign_id,
                name=spec.name,
                status="PAUSED",
                effective_status="PAUSED",
                daily_budget_minor=None,
                optimization_goal=spec.goal_key,
                created_at=now,
                updated_at=now,
                start_at=None,
                source_adset_id=None,
            )
            ad = Found(id=self._platform.new_id(), name=creative.name, created_at=now, status="ACTIVE")
            self._world.ad_sets[ad_set.id] = ad_set
            self._world.ads[ad.id] = ad
            self._world.ad_set_of[ad.id] = ad_set.id
            return ad_set.id

    def create_ad_set(self, spec: AdSetSpec) -> str:
        raise AssertionError(f"{spec.name} is made whole")

    def create_creative(self, spec: CreativeSpec) -> str:
        raise AssertionError(f"{spec.name} is made with its ad set")

    def create_ad(self, spec: AdSpec) -> str:
        raise AssertionError(f"{spec.name} is made with its ad set")

    def set_daily_budget(self, level: BudgetLevel, object_id: str, minor: int) -> None:
        with self._write() as now:
            if level != "campaign" or minor < MINIMUM_MINOR:
                raise Rejected(f"no {level} may have a daily budget of {minor}")
            campaign = _there(self._world.campaigns, object_id)
            self._world.campaigns[object_id] = replace(campaign, daily_budget_minor=minor, updated_at=now)

    def set_status(self, kind: ObjectKind, object_id: str, status: SettableStatus) -> None:
        with self._write() as now:
            things: dict[str, Any] = {
                "campaign": self._world.campaigns,
                "ad_set": self._world.ad_sets,
                "ad": self._world.ads,
            }[kind]
            things[object_id] = replace(_there(things, object_id), status=status, updated_at=now)

    @contextmanager
    def _read(self) -> Iterator[None]:
        with self._platform.call(write=False):
            yield

    @contextmanager
    def _write(self) -> Iterator[datetime]:
        with self._guard(), self._platform.call(write=True):
            yield self._platform.now()


def _there(things: Mapping[str, _Thing], thing_id: str) -> _Thing:
    if thing_id not in things:
        raise Rejected(f"there is no {thing_id}")
    return things[thing_id]


def _found(thing: RemoteCampaign | RemoteAdSet) -> Found:
    return Found(
        id=thing.id,
        name=thing.name,
        created_at=thing.created_at,
        status=thing.status,
        updated_at=thing.updated_at,
    )


def _rows(source: InsightSource) -> list[InsightRow]:
    raw = (*source.reading.lifetime_rows, *source.reading.daily_rows)
    return [InsightRow(**row) for row in raw if row["ad_set_id"] in source.goal_of]
