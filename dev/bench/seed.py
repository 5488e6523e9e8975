"""The fleet put into the simulator and, with COPY, into our database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bench import fleet
from bench.fleet import User
from orchestrator.store.encryption import Secrets
from stack.supervisor import Say

AT_ONCE = 250  # accounts a request
SAY_EVERY = 2_500

TABLES: dict[str, tuple[tuple[str, ...], Callable[[User], Iterator[tuple[Any, ...]]]]] = {
    "user_ads_modes": (
        (
            "user_id",
            "goal_settings",
            "auto_scale_winners",
            "auto_pause_losers",
            "global_daily_budget",
            "max_daily_budget",
            "updated_by",
        ),
        fleet.mode_rows,
    ),
    "ad_campaign_templates": (("user_id", "goal_key", "name", "audiences", "story"), fleet.template_rows),
    "ad_creatives": (
        ("id", "user_id", "goal_key", "name", "status", "spec", "created_at"),
        fleet.creative_rows,
    ),
    "ads_campaigns": (
        ("id", "user_id", "goal_key", "role", "status", "created_at", "active_since"),
        fleet.campaign_rows,
    ),
    "ads_ad_sets": (
        (
            "id",
            "user_id",
            "campaign_id",
            "goal_key",
            "audience",
            "creative_id",
            "status",
            "daily_budget_minor",
            "created_at",
            "active_since",
        ),
        fleet.ad_set_rows,
    ),
}
ASSETS = (
    "ad_account_id",
    "page_id",
    "instagram_user_id",
    "pixel_id",
    "conversions",
    "currency",
    "timezone",
)


def seed(users: Sequence[User], simulator_url: str, dsn: str, secrets: Secrets, say: Say) -> None:
    """Load everybody on both sides. The database has our schema and no users yet."""
    load_accounts(users, simulator_url, say)
    copy_users(users, dsn, secrets)
    say(f"{len(users):,} users are in Postgres")


def load_accounts(users: Sequence[User], simulator_url: str, say: Say) -> None:
    """Open the users' ad accounts, with their past."""
    with httpx.Client(base_url=f"{simulator_url}/_sim", timeout=300, trust_env=False) as control:
        for start in range(0, len(users), AT_ONCE):
            part = users[start : start + AT_ONCE]
            forms = [fleet.account_form(user) for user in part]
            control.post("/seed", json={"accounts": forms}).raise_for_status()
            done = start + len(part)
            if done % SAY_EVERY == 0 or done == len(users):
                say(f"{done:,} ad accounts are in the simulator")


def copy_users(users: Sequence[User], dsn: str, secrets: Secrets) -> None:
    """Write the users' rows. COPY is not for roles under row-level security, so the owner does it."""
    with psycopg.connect(dsn) as connection:
        for table, (columns, rows) in TABLES.items():
            _copy(connection, table, columns, (row for user in users for row in rows(user)))
        columns = ("user_id", "auth_connected", "assets_configured", *ASSETS, "access_token")
        _copy(connection, "meta_assets", columns, (_assets_row(user, secrets) for user in users))
        # As in any run but the first after a start of the database.
        connection.execute("update meta_assets set listed_in = orchestrator_incarnation()")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def _assets_row(user: User, secrets: Secrets) -> tuple[Any, ...]:
    assets = user.assets
    values = [getattr(assets, name) for name in ASSETS]
    return (
        user.id,
        True,
        True,
        *(Jsonb(value) if isinstance(value, dict) else value for value in values),
        secrets.encrypt(assets.access_token),
    )


def _copy(
    connection: psycopg.Connection[Any],
    table: str,
    columns: Sequence[str],
    rows: Iterator[tuple[Any, ...]],
) -> None:
    command = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)
