"""Seed scenario users: accounts with their history in the simulator, the rest in Postgres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from chaos.scenarios import ScenarioUser
from chaos.workbench import Workbench
from demo.seed_database import assets_of, insert_personas
from demo.seed_history import MetaIds, ad_set_rows, campaign_rows, numbered
from demo.seed_simulator import past_of
from orchestrator.domain.records import AdSetRow, CampaignRow
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets
from stack.simulator_control import AdAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededUser:
    """A user with the ad account and the ids of its past."""

    user: ScenarioUser
    account: AdAccount
    ids: MetaIds

    @property
    def user_id(self) -> UUID:
        """The user's id in our database."""
        return self.user.person.user_id

    @property
    def cap_minor(self) -> int:
        """As in the rules: what the user typed, and at most five times the daily budget."""
        person = self.user.person
        return int(min(person.max_daily_budget_amount, 5 * person.daily_budget_amount) * 100)


@dataclass(slots=True, kw_only=True)
class SeededWorld:
    """A simulated world with its database and its users, by name."""

    workbench: Workbench
    dsn: str
    now: datetime
    seeded: Mapping[str, SeededUser]


def seed_world(
    workbench: Workbench, scenario_users: Sequence[ScenarioUser], now: datetime, seed: int, **laws: object
) -> SeededWorld:
    """Reset the simulator to ``now``, create a database, and seed the users in both.

    ``laws``: reviews and effects of delivery that differ from the simulator's usual ones.
    """
    dsn = workbench.fresh_database()
    workbench.simulator.reset(now, seed, **laws)
    people = [user.person for user in scenario_users]
    accounts = workbench.simulator.open_accounts(
        [{"name": p.name, "currency": p.currency, "timezone": p.timezone} for p in people]
    )
    found = [
        SeededUser(user=user, account=account, ids=numbered(user.person, number))
        for number, (user, account) in enumerate(zip(scenario_users, accounts, strict=True))
    ]
    workbench.simulator.load([_past(each) for each in found])
    secrets = Secrets([SecretStr(workbench.key)])
    insert_personas(dsn, secrets, [(r.user.person, r.account, r.ids) for r in found], now)
    with Store(dsn, secrets) as store:
        store.ad_objects.upsert_observed([row for each in found for row in _paused_rows(each, now)])
    return SeededWorld(workbench=workbench, dsn=dsn, now=now, seeded={r.user.person.name: r for r in found})


def _past(seeded: SeededUser) -> dict[str, Any]:
    """The history as Meta has it; what the orchestrator had paused is PAUSED there too."""
    form = past_of(seeded.user.person, seeded.account, assets_of(seeded.account), seeded.ids)
    for campaign in form["campaigns"]:
        for thing in (campaign, *campaign["ad_sets"]):
            if thing["name"] in seeded.user.paused:
                thing["status"] = "PAUSED"
    return form


def _paused_rows(seeded: SeededUser, now: datetime) -> list[CampaignRow | AdSetRow]:
    person, ids = seeded.user.person, seeded.ids
    names = {i: n for n, i in (*ids.campaigns.items(), *ids.ad_sets.items())}
    rows: list[CampaignRow | AdSetRow] = [*campaign_rows(person, ids, now), *ad_set_rows(person, ids, now)]
    return [
        replace(row, status="PAUSED", paused_by="orchestrator", paused_reason=reason)
        for row in rows
        if (reason := seeded.user.paused.get(names[row.id]))
    ]
