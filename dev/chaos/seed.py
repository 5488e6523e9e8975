"""Put parts on a ground: accounts with their past in the simulator, the rest in Postgres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from chaos.scenarios import Part
from chaos.workbench import Workbench
from demo.seed_database import assets_of, enlist
from demo.seed_history import MetaIds, ad_set_rows, campaign_rows, numbered
from demo.seed_simulator import past_of
from demo.simulator_control import AdAccount
from orchestrator.domain.records import AdSetRow, CampaignRow
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A part with the ad account and the ids of its past."""

    part: Part
    account: AdAccount
    ids: MetaIds

    @property
    def user_id(self) -> UUID:
        """The user's id in our database."""
        return self.part.person.user_id


@dataclass(slots=True, kw_only=True)
class Place:
    """One world with its database and the people in it, by name."""

    ground: Workbench
    dsn: str
    now: datetime
    residents: Mapping[str, Resident]


def settle_in(ground: Workbench, parts: Sequence[Part], now: datetime, seed: int) -> Place:
    """A new world at ``now`` and a new database, with these people in both."""
    dsn = ground.fresh_database()
    ground.stage.begin(now, seed)
    people = [part.person for part in parts]
    accounts = ground.stage.open_accounts(
        [{"name": p.name, "currency": p.currency, "timezone": p.timezone} for p in people]
    )
    found = [
        Resident(part=part, account=account, ids=numbered(part.person, number))
        for number, (part, account) in enumerate(zip(parts, accounts, strict=True))
    ]
    ground.stage.load([_past(each) for each in found])
    secrets = Secrets([SecretStr(ground.key)])
    enlist(dsn, secrets, [(r.part.person, r.account, r.ids) for r in found], now)
    with Store(dsn, secrets) as store:
        store.ad_objects.upsert_observed([row for each in found for row in _paused_rows(each, now)])
    return Place(ground=ground, dsn=dsn, now=now, residents={r.part.person.name: r for r in found})


def _past(resident: Resident) -> dict[str, Any]:
    """The past as Meta has it, with what the orchestrator had paused PAUSED there too."""
    form = past_of(resident.part.person, resident.account, assets_of(resident.account), resident.ids)
    for campaign in form["campaigns"]:
        for thing in (campaign, *campaign["ad_sets"]):
            if thing["name"] in resident.part.paused:
                thing["status"] = "PAUSED"
    return form


def _paused_rows(resident: Resident, now: datetime) -> list[CampaignRow | AdSetRow]:
    person, ids = resident.part.person, resident.ids
    names = {i: n for n, i in (*ids.campaigns.items(), *ids.ad_sets.items())}
    kept: list[CampaignRow | AdSetRow] = [*campaign_rows(person, ids, now), *ad_set_rows(person, ids, now)]
    return [
        replace(row, status="PAUSED", paused_by="orchestrator", paused_reason=reason)
        for row in kept
        if (reason := resident.part.paused.get(names[row.id]))
    ]
