"""Put a cast on stage: accounts and their past into the simulator, everything else into Postgres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from demo.demo_users import FLEET
from demo.export_persona import NAME as EXPORTER
from demo.personas import Persona, user_id_of
from demo.seed_database import assets_of, enlist, forget
from demo.seed_history import MetaIds, numbered
from demo.seed_simulator import past_of
from demo.simulator_control import AdAccount, SimulatorControl
from orchestrator.store.encryption import Secrets

SEED = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A person with the ad account and the ids of their past."""

    person: Persona
    account: AdAccount
    ids: MetaIds


def put_on_stage(
    people: Sequence[Persona], stage: SimulatorControl, dsn: str, secrets: Secrets, now: datetime
) -> list[Member]:
    """Begin a new simulated world at ``now`` with these people in it, and no trace of an earlier one."""
    everybody = {person.user_id for person in (*FLEET, *people)} | {user_id_of(EXPORTER)}
    forget(dsn, sorted(everybody))
    stage.begin(now, SEED)
    accounts = stage.open_accounts(
        [{"name": p.name, "currency": p.currency, "timezone": p.timezone} for p in people]
    )
    members = [
        Member(person, account, numbered(person, number))
        for number, (person, account) in enumerate(zip(people, accounts, strict=True))
    ]
    stage.load([past_of(m.person, m.account, assets_of(m.account), m.ids) for m in members])
    for member in members:
        if member.person.token_is_dead:
            stage.kill_token(member.account.access_token)
    enlist(dsn, secrets, [(m.person, m.account, m.ids) for m in members], now)
    return members
