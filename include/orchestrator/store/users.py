"""Everything a run needs to know about some users, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from orchestrator.domain.model import PastAction
from orchestrator.domain.records import AdSetRow, AssetsRow, CampaignRow, CreativeRow, UserRows
from orchestrator.errors import ConfigError
from orchestrator.store import user_config
from orchestrator.store.database import Connection, statement
from orchestrator.store.encryption import Secrets

Row = dict[str, Any]

_PARTS = ("templates", "creatives", "campaigns", "ad_sets", "history")


def users(
    tx: Connection, secrets: Secrets, user_ids: Sequence[UUID], history_since: datetime
) -> dict[UUID, UserRows | ConfigError]:
    """Read the users; one whose stored configuration is wrong is the error that says so."""
    which = {"user_ids": list(user_ids), "since": history_since}
    with tx.pipeline():
        first = tx.execute(statement("users/users"), which)
        cursors = {part: tx.execute(statement(f"users/{part}"), which) for part in _PARTS}
    parts = {part: _by_user(cursor.fetchall()) for part, cursor in cursors.items()}
    found = {row["user_id"]: row for row in first}
    return {user_id: _user_or_error(secrets, user_id, found.get(user_id), parts) for user_id in user_ids}


def _by_user(rows: Sequence[Row]) -> dict[UUID, list[Row]]:
    by_user: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        by_user[row["user_id"]].append(row)
    return by_user


def _user_or_error(
    secrets: Secrets, user_id: UUID, row: Row | None, parts: dict[str, dict[UUID, list[Row]]]
) -> UserRows | ConfigError:
    if row is None:
        return ConfigError("the user has no row in user_ads_modes")
    try:
        return _user(secrets, row, {part: by_user.get(user_id, []) for part, by_user in parts.items()})
    except ConfigError as error:
        return error


def _user(secrets: Secrets, row: Row, parts: dict[str, list[Row]]) -> UserRows:
    return UserRows(
        user_id=row["user_id"],
        auto_scale_winners=row["auto_scale_winners"],
        auto_pause_losers=row["auto_pause_losers"],
        global_daily_budget=row["global_daily_budget"],
        max_daily_budget=row["max_daily_budget"],
        goals=user_config.goals(row["goal_settings"]),
        assets=_assets(secrets, row),
        templates=tuple(user_config.template(each) for each in parts["templates"]),
        creatives=tuple(CreativeRow(**_without_user(each)) for each in parts["creatives"]),
        campaigns=tuple(CampaignRow(**each) for each in parts["campaigns"]),
        ad_sets=tuple(AdSetRow(**each) for each in parts["ad_sets"]),
        history=tuple(PastAction(**_without_user(each)) for each in parts["history"]),
        units_per_usd=row["units_per_usd"],
    )


def _assets(secrets: Secrets, row: Row) -> AssetsRow:
    missing = [
        name for name in ("ad_account_id", "currency", "timezone", "access_token") if row[name] is None
    ]
    if missing:
        raise ConfigError(f"meta_assets: {', '.join(missing)} missing; connect the account again")
    return AssetsRow(
        ad_account_id=row["ad_account_id"],
        page_id=row["page_id"],
        instagram_user_id=row["instagram_user_id"],
        pixel_id=row["pixel_id"],
        conversions=user_config.conversions(row["conversions"]),
        currency=row["currency"],
        timezone=row["timezone"],
        access_token=secrets.decrypt(row["access_token"]),
        dsa_beneficiary=row["dsa_beneficiary"],
        dsa_payor=row["dsa_payor"],
        insights_restated_at=row["insights_restated_at"],
    )


def _without_user(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "user_id"}
