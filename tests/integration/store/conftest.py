"""Rows to start from, and a store over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from pydantic import SecretStr

from orchestrator.store import Store
from orchestrator.store.encryption import Secrets

TOKEN = "EAAB-a-made-up-token"
ADD_DAY = """
    insert into ads_insights_days as kept (user_id, day, adset_ids, spend_minor, impressions, events)
    values (%(user)s, %(day)s, array[%(ad_set)s], array[%(spend_minor)s::bigint],
            array[%(impressions)s::int], array[%(events)s::int])
    on conflict (user_id, day) do update set
        adset_ids = kept.adset_ids || excluded.adset_ids,
        spend_minor = kept.spend_minor || excluded.spend_minor,
        impressions = kept.impressions || excluded.impressions,
        events = kept.events || excluded.events
"""


@dataclass
class Rows:
    """Inserts and reads rows as the superuser, who is under no policy."""

    connection: psycopg.Connection[dict[str, Any]]
    secrets: Secrets

    def all(self, query: str, **bound: Any) -> list[dict[str, Any]]:
        return self.connection.execute(query, bound).fetchall()

    def one(self, query: str, **bound: Any) -> dict[str, Any]:
        (row,) = self.all(query, **bound)
        return row

    def run(self, query: str, **bound: Any) -> None:
        self.connection.execute(query, bound)

    def insert(self, table: str, **columns: Any) -> None:
        values = {name: Jsonb(v) if isinstance(v, dict | list) else v for name, v in columns.items()}
        self.connection.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, values)),
                sql.SQL(", ").join(map(sql.Placeholder, values)),
            ),
            values,
        )

    def user(self, *, modes: dict[str, Any] | None = None, assets: dict[str, Any] | None = None) -> UUID:
        """An eligible user with one active goal, changed as given."""
        user_id = uuid4()
        settings = {"goal_settings": {"streams": {"is_active": True, "priority": 5}}}
        connected = {
            "auth_connected": True,
            "assets_configured": True,
            "ad_account_id": "act_1",
            "currency": "USD",
            "timezone": "America/Los_Angeles",
            "access_token": self.secrets.encrypt(SecretStr(TOKEN)),
        }
        self.insert("user_ads_modes", user_id=user_id, **settings | (modes or {}))
        self.insert("meta_assets", user_id=user_id, **connected | (assets or {}))
        return user_id

    def run_of(self, user_id: UUID, **changes: Any) -> UUID:
        """A running run of one user, changed as given."""
        run_id, run_key = uuid4(), changes.pop("run_key", f"run-{uuid4()}")
        at = {"trigger": "cron", "run_at": "2026-11-23T12:00:00Z", "dry_run": False}
        sweep = at | {k: v for k, v in changes.items() if k in at}
        self.insert("ads_sweeps", run_key=run_key, users=1, batches=1, **sweep)
        row = {"id": run_id, "run_key": run_key, "user_id": user_id, "batch": 0, "status": "running", **at}
        self.insert("ads_automation_runs", **row | changes)
        return run_id

    def action_of(self, user_id: UUID, run_id: UUID, **changes: Any) -> None:
        """A successful action of one run, changed as given."""
        row = {
            "run_id": run_id,
            "user_id": user_id,
            "run_at": "2026-11-23T12:00:00Z",
            "dry_run": False,
            "step": "allocate",
            "ordinal": 0,
            "action_type": "update_budget",
            "goal_key": "streams",
            "campaign_id": "1",
            "adset_id": "11",
            "before_minor": 100,
            "after_minor": 120,
            "reason": "learning_share",
            "idempotency_key": uuid4().hex,
            "status": "success",
            "settled_at": "2026-11-23T12:01:00Z",
        }
        self.insert("ads_automation_actions", **row | changes)

    def campaign_of(self, user_id: UUID, **changes: Any) -> str:
        """An active learning campaign, changed as given."""
        row = {
            "id": uuid4().hex,
            "user_id": user_id,
            "goal_key": "streams",
            "role": "testing",
            "status": "ACTIVE",
            "created_at": "2026-11-10T00:00:00Z",
        } | changes
        self.insert("ads_campaigns", **row)
        return str(row["id"])

    def ad_set_of(self, user_id: UUID, campaign_id: str, **changes: Any) -> str:
        """An active ad set, changed as given."""
        row = {
            "id": uuid4().hex,
            "user_id": user_id,
            "campaign_id": campaign_id,
            "goal_key": "streams",
            "audience": "broad",
            "status": "ACTIVE",
            "created_at": "2026-11-10T00:00:00Z",
        } | changes
        self.insert("ads_ad_sets", **row)
        return str(row["id"])

    def day_of(self, user_id: UUID, ad_set_id: str, day: date | str, **figures: int) -> None:
        """What one ad set did on a day, beside what is there of others."""
        row = {"spend_minor": 1, "impressions": 1, "events": 0} | figures
        self.run(ADD_DAY, user=user_id, day=day, ad_set=ad_set_id, **row)


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    return Secrets([SecretStr(Fernet.generate_key().decode())])


@pytest.fixture
def rows_at(secrets: Secrets) -> Iterator[Callable[[str], Rows]]:
    """Rows of the database at a URL."""
    opened: list[psycopg.Connection[dict[str, Any]]] = []

    def connect(url: str) -> Rows:
        opened.append(psycopg.connect(url, autocommit=True, row_factory=dict_row))
        return Rows(opened[-1], secrets)

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def rows(database_url: str, rows_at: Callable[[str], Rows]) -> Rows:
    """Rows of the module's database."""
    return rows_at(database_url)


@pytest.fixture(scope="module")
def store(database_url: str, secrets: Secrets) -> Iterator[Store]:
    """A store over the module's database."""
    with Store(database_url, secrets) as opened:
        yield opened
