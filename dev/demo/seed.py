"""Seed personas: accounts with their history in the simulator, everything else in Postgres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from demo.demo_users import FLEET
from demo.export_persona import NAME as EXPORTER
from demo.personas import Persona, user_id_of
from demo.seed_database import assets_of, delete_users, insert_personas
from demo.seed_history import MetaIds, numbered
from demo.seed_simulator import past_of
from orchestrator.store.encryption import Secrets
from stack.simulator_control import AdAccount, SimulatorControl

SEED = 1


@dataclass(frozen=True, slots=True)
class SeededPersona:
    """A persona with its ad account and the ids of its history."""

    person: Persona
    account: AdAccount
    ids: MetaIds


def seed_personas(
    people: Sequence[Persona], simulator: SimulatorControl, dsn: str, secrets: Secrets, now: datetime
) -> list[SeededPersona]:
    """Reset the simulator to ``now`` and seed the personas; delete what earlier demos left."""
    everybody = {person.user_id for person in (*FLEET, *people)} | {user_id_of(EXPORTER)}
    delete_users(dsn, sorted(everybody))
    simulator.reset(now, SEED)
    accounts = simulator.open_accounts(
        [{"name": p.name, "currency": p.currency, "timezone": p.timezone} for p in people]
    )
    seeded = [
        SeededPersona(person, account, numbered(person, number))
        for number, (person, account) in enumerate(zip(people, accounts, strict=True))
    ]
    simulator.load([past_of(m.person, m.account, assets_of(m.account), m.ids) for m in seeded])
    for each in seeded:
        _disturb(each, simulator)
    insert_personas(dsn, secrets, [(m.person, m.account, m.ids) for m in seeded], now)
    return seeded


def _disturb(seeded: SeededPersona, simulator: SimulatorControl) -> None:
    """Bring about what happened to a persona at Meta, unknown to the orchestrator."""
    person, account, ids = seeded.person, seeded.account, seeded.ids
    for edit in person.edits:
        known = {"": account.ad_account_id, **ids.campaigns, **ids.ad_sets}
        simulator.act(edit.act, known[edit.of], **edit.details)
    if person.missing:
        simulator.withhold(account.ad_account_id, person.missing)
    if person.token_is_dead:
        simulator.kill_token(account.access_token)
