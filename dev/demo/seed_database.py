"""The cast in Postgres: settings, assets, templates, creatives, their past and the log of it.

Written as the service role, into whatever database the demo was given; only rows of the demo's
own people are ever touched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from pydantic import SecretStr

from demo.personas import PastPromotion, Persona, PersonaCreative
from demo.results import statement
from demo.seed_history import MetaIds, ad_set_rows, campaign_rows
from orchestrator.audit.currency import units_per_usd
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.records import AssetsRow
from orchestrator.store import Store
from orchestrator.store.encryption import Secrets
from stack.simulator_control import AdAccount

CUSTOM_EVENT = "SmartLinkClicked"
UNITS_PER_USD = {
    "AUD": "1.5",
    "CAD": "1.4",
    "CHF": "0.9",
    "EUR": "0.9",
    "GBP": "0.8",
    "JPY": "150",
    "NOK": "10.5",
    "SEK": "10",
}
"""Rough rates, for databases that have none."""
LINK = "https://example.com/listen"
_TARGETING = {
    "geo_locations": {"countries": ["US"]},
    "age_min": 18,
    "age_max": 45,
    "targeting_automation": {"advantage_audience": 0},
}

Row = dict[str, Any]


def assets_of(account: AdAccount) -> AssetsRow:
    """What the person connected."""
    return AssetsRow(
        ad_account_id=account.ad_account_id,
        page_id=account.page_id,
        instagram_user_id=account.instagram_user_id,
        pixel_id=account.pixel_id,
        conversions={
            "streams": {"custom_event_str": CUSTOM_EVENT},
            "presave": {"custom_conversion_id": account.custom_conversion_id},
        },
        currency=account.currency,
        timezone=account.timezone,
        access_token=SecretStr(account.access_token),
    )


def insert_personas(
    dsn: str, secrets: Secrets, cast: Sequence[tuple[Persona, AdAccount, MetaIds]], now: datetime
) -> None:
    """Write a cast that is not there."""
    people = [person for person, _, _ in cast]
    creatives = [
        _creative(person, idea, account, now) for person, account, _ in cast for idea in person.creatives
    ]
    with psycopg.connect(dsn) as connection:
        connection.execute("set role ads_service")
        _add(connection, "people", [_settings(person) for person in people])
        _add(connection, "assets", [_assets(person, account, secrets) for person, account, _ in cast])
        _add(connection, "templates", [row for person in people for row in _templates(person)])
        _add(connection, "creatives", creatives)
        _add(connection, "rates", _rates(people, now))
        for person, _, ids in cast:
            for past in person.promotions:
                _add_promotion(connection, _promotion(person, ids, past, now))
    with Store(dsn, secrets) as store:
        store.ad_objects.upsert_campaigns(
            [row for person, _, ids in cast for row in campaign_rows(person, ids, now)]
        )
        store.ad_objects.upsert_ad_sets(
            [row for person, _, ids in cast for row in ad_set_rows(person, ids, now)]
        )


def rate_of(currency: str) -> str | None:
    """Units of a currency per US dollar; null where no list has it."""
    return UNITS_PER_USD.get(currency) or units_per_usd(currency)


def _rates(people: Sequence[Persona], now: datetime) -> list[Row]:
    currencies = sorted({*UNITS_PER_USD, *(person.currency for person in people)} - {"USD"})
    return [{"currency": c, "day": now.date(), "units_per_usd": rate_of(c)} for c in currencies]


def delete_users(dsn: str, user_ids: Sequence[UUID]) -> None:
    """Take out what an earlier demo wrote about these people."""
    with psycopg.connect(dsn) as connection:
        connection.execute("set role ads_service")
        for name in ("forget_runs", "forget"):
            connection.execute(statement(name), {"user_ids": list(user_ids)})


def _add(connection: psycopg.Connection, what: str, rows: Sequence[Row]) -> None:
    dumps = partial(json.dumps, default=str)
    connection.execute(statement(f"add_{what}"), {"rows": Jsonb(rows, dumps=dumps)})


def _settings(person: Persona) -> Row:
    return {
        "user_id": person.user_id,
        "goal_settings": dict(person.goals),
        "auto_scale": person.auto_scale,
        "auto_pause": person.auto_pause,
        "daily_budget": person.daily_budget,
        "max_daily_budget": person.max_daily_budget,
    }


def _assets(person: Persona, account: AdAccount, secrets: Secrets) -> Row:
    assets = assets_of(account)
    row = {name: getattr(assets, name) for name in _ASSETS}
    return {"user_id": person.user_id, **row, "access_token": secrets.encrypt(assets.access_token)}


_ASSETS = (
    "ad_account_id",
    "page_id",
    "instagram_user_id",
    "pixel_id",
    "conversions",
    "currency",
    "timezone",
)


def _templates(person: Persona) -> list[Row]:
    audiences = [{"name": name, "targeting": _TARGETING} for name in person.audiences]
    return [
        {"user_id": person.user_id, "goal_key": goal, "audiences": audiences, "story": {"link": LINK}}
        for goal in person.goals
        if goal in REGISTRY
    ]


def _creative(person: Persona, idea: PersonaCreative, account: AdAccount, now: datetime) -> Row:
    return {
        "id": person.creative_id(idea.name),
        "user_id": person.user_id,
        "goal_key": idea.goal_key,
        "name": idea.name,
        "status": idea.status,
        "spec": _shown(idea, account),
        "created_at": now - timedelta(days=idea.age_days),
    }


def _shown(idea: PersonaCreative, account: AdAccount) -> Row:
    parts = {"link": LINK, "message": f"{idea.name}, out now", "image_hash": account.image_hash}
    match idea.goal_key:
        case "virality":
            return parts | {"video_id": account.video_id}
        case "build_audience":
            return parts | {"call_to_action": "SIGN_UP", "lead_gen_form_id": account.lead_form_id}
        case _:
            return parts | {"call_to_action": "LEARN_MORE"}


def _promotion(person: Persona, ids: MetaIds, past: PastPromotion, now: datetime) -> Row:
    winner = next(row for row in ad_set_rows(person, ids, now) if row.id == ids.ad_sets[past.ad_set])
    scaling = next(c for c in person.campaigns if c.goal_key == past.goal_key and c.role == "scaling")
    return {
        "run_key": f"before-the-demo-{person.name}-{past.hours_ago}",
        "run_at": now - timedelta(hours=past.hours_ago),
        "user_id": person.user_id,
        "goal_key": past.goal_key,
        "campaign_id": ids.campaigns[scaling.name],
        "adset_id": winner.id,
        "creative_id": winner.creative_id,
    }


def _add_promotion(connection: psycopg.Connection, row: Row) -> None:
    for what in ("sweep", "run", "action"):
        connection.execute(statement(f"add_past_{what}"), row)
