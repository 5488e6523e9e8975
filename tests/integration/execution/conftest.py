"""The same people on Meta's simulator and on a platform that differs from it in every capability."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from demo.personas import PastAdSet, Persona
from demo.seed_database import insert_personas
from demo.seed_history import MetaIds, ad_set_rows, campaign_rows, numbered
from orchestrator.domain.records import AssetsRow
from orchestrator.errors import Unknown
from orchestrator.platforms.base import (
    AdsAccount,
    AdsPlatform,
    Capabilities,
    InsightRow,
    RemoteAdSet,
    RemoteCampaign,
)
from orchestrator.resources import Resources, build_resources
from orchestrator.settings import Settings
from orchestrator.store.encryption import Secrets
from stack.simulator_control import AdAccount
from tests.integration.execution.toy_platform import ToyPlatform, ToyWorld
from tests.integration.runs.conftest import NOW, Workbench, simulated, simulator_url

__all__ = ["simulator_url"]

Loses = Callable[[str, tuple[Any, ...]], bool]


@dataclass(frozen=True, kw_only=True)
class PlatformResources(Resources):
    """The resources, over a given platform."""

    app: AdsPlatform

    @property
    def platform(self) -> AdsPlatform:
        return self.app

    @property
    def capabilities(self) -> Capabilities:
        return self.app.capabilities


@dataclass(slots=True)
class ToyTown(Workbench):
    """Some people on the toy, whose clock is the town's."""

    def later(self, hours: int) -> None:
        self.now += timedelta(hours=hours)


@pytest.fixture(params=["meta", "toy"])
def town(request: pytest.FixtureRequest, fresh_database_url: str) -> Iterator[Workbench]:
    """The people named by ``@pytest.mark.people(BO, …)``, on each platform."""
    people: Sequence[Persona] = request.node.get_closest_marker("people").args
    if request.param == "toy":
        opened = on_toy(people, fresh_database_url)
    else:
        opened = simulated(people, request.getfixturevalue("simulator_url"), fresh_database_url)
    with opened as workbench:
        yield workbench


@contextmanager
def on_toy(people: Sequence[Persona], dsn: str) -> Iterator[Workbench]:
    """These people on the toy: the same rows of ours, the same past."""
    key = Fernet.generate_key().decode()
    cast = [(p, _account(p, n), numbered(p, n)) for n, p in enumerate(people, 1)]
    insert_personas(dsn, Secrets([SecretStr(key)]), cast, NOW)
    with psycopg.connect(dsn) as connection:
        for table in ("meta_assets", "ads_campaigns", "ads_ad_sets"):
            connection.execute(f"update {table} set platform = 'toy'")
    toy = ToyPlatform(lambda: bench.now)
    for person, account, ids in cast:
        toy.worlds[account.ad_account_id] = _past(person, ids)
    settings = Settings.model_validate({"secret_keys": key, "armed": "true", "read_back_pause_s": 0})
    plain = build_resources(settings, dsn=dsn)
    resources = PlatformResources(store=plain.store, policy=plain.policy, settings=settings, app=toy)
    bench = ToyTown(
        simulator=None,  # type: ignore[arg-type]
        resources=resources,
        dsn=dsn,
        accounts={person.name: account for person, account, _ in cast},
    )
    yield bench
    bench.resources.store.close()


def _account(person: Persona, number: int) -> AdAccount:
    return AdAccount(
        ad_account_id=f"act_{number}",
        access_token=f"toy-token-{number}",
        page_id="1",
        pixel_id="2",
        instagram_user_id="3",
        custom_conversion_id="4",
        image_hash="5",
        video_id="6",
        lead_form_id="7",
        currency=person.currency,
        timezone=person.timezone,
    )


def _past(person: Persona, ids: MetaIds) -> ToyWorld:
    """What the person has there: a learning campaign owns what its ad sets have at Meta."""
    world = ToyWorld()
    rows = ad_set_rows(person, ids, NOW)
    for row in campaign_rows(person, ids, NOW):
        own = sum(each.daily_budget_minor or 0 for each in rows if each.campaign_id == row.id)
        world.campaigns[row.id] = RemoteCampaign(
            id=row.id,
            name=row.id,
            objective=row.goal_key,
            status="ACTIVE",
            effective_status="ACTIVE",
            daily_budget_minor=row.daily_budget_minor or own,
            created_at=row.created_at,
            updated_at=row.created_at,
        )
    for row in rows:
        world.ad_sets[row.id] = RemoteAdSet(
            id=row.id,
            campaign_id=row.campaign_id,
            name=row.id,
            status="ACTIVE",
            effective_status="ACTIVE",
            daily_budget_minor=None,
            optimization_goal=row.goal_key,
            created_at=row.created_at,
            updated_at=row.created_at,
            start_at=None,
            source_adset_id=None,
        )
    for campaign in person.campaigns:
        for ad_set in campaign.ad_sets:
            ad_set_id = ids.ad_sets[ad_set.name]
            world.daily[ad_set_id] = list(_daily(ad_set_id, ad_set, NOW.date()))
    return world


def _daily(ad_set_id: str, ad_set: PastAdSet, today: date) -> Iterator[InsightRow]:
    for number, day in enumerate(ad_set.days):
        of_day = today - timedelta(days=len(ad_set.days) - number)
        yield InsightRow(ad_set_id, of_day, day.spend_minor, day.impressions, day.events)


class LossyPlatform:
    """A platform of which one write is not answered: it was made, or it was lost on the way.

    Args:
        inner: the platform.
        loses: says of a write, by the method and its arguments, whether it is the one.
        happens: whether it is made.
    """

    def __init__(self, inner: AdsPlatform, loses: Loses, *, happens: bool) -> None:
        self._inner, self._loses, self.happens = inner, loses, happens
        self.lost = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def account(self, assets: AssetsRow, *guard: Any) -> Any:
        return LossyAccount(self, self._inner.account(assets, *guard))

    def is_lost(self, method: str, arguments: tuple[Any, ...]) -> bool:
        """Once."""
        lost = not self.lost and self._loses(method, arguments)
        self.lost += lost
        return lost


class LossyAccount:
    """One account of it."""

    def __init__(self, platform: LossyPlatform, inner: AdsAccount) -> None:
        self._platform, self._inner = platform, inner

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if not name.startswith(("create_", "set_", "copy_")):
            return method

        def written(*arguments: Any) -> Any:
            if not self._platform.is_lost(name, arguments):
                return method(*arguments)
            if self._platform.happens:
                method(*arguments)
            raise Unknown("no answer came")

        return written


def lose(town: Workbench, loses: Callable[[str, tuple[Any, ...]], bool], *, happens: bool) -> LossyPlatform:
    """Let the first write from now on that ``loses`` names go without an answer."""
    lossy = LossyPlatform(town.resources.platform, loses, happens=happens)
    with_it = PlatformResources(
        store=town.resources.store,
        policy=town.resources.policy,
        settings=town.resources.settings,
        app=lossy,  # type: ignore[arg-type]
    )
    town.resources = with_it
    return lossy


@dataclass(frozen=True, slots=True)
class Seen:
    """A campaign as a person sees it: its role and state, what it may spend a day, ad sets that deliver."""

    role: str
    status: str
    live_minor: int
    active_ad_sets: int


def account_of(town: Workbench, user_id: UUID) -> AdsAccount:
    """The account in a person's own hands: no guard of ours."""
    rows = town.resources.store.users.load([user_id], history_since=town.now)[user_id]
    return town.resources.platform.account(rows.assets)  # type: ignore[union-attr]


def seen(town: Workbench, user_id: UUID) -> list[Seen]:
    """What the person has there now, by role and then by budget."""
    with psycopg.connect(town.dsn) as connection:
        roles = dict(
            connection.execute("select id, role from ads_campaigns where user_id = %s", (user_id,)).fetchall()
        )
    campaigns, ad_sets = account_of(town, user_id).tree(sorted(roles))
    found = []
    for campaign in campaigns:
        active = [a for a in ad_sets if a.campaign_id == campaign.id and a.status == "ACTIVE"]
        minor = campaign.daily_budget_minor or sum(a.daily_budget_minor or 0 for a in active)
        found.append(Seen(roles[campaign.id], campaign.status, minor, len(active)))
    return sorted(found, key=lambda each: (each.role, each.live_minor, each.status))
