"""Users with everything a run needs of them, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from orchestrator.domain.model import PastAction
from orchestrator.domain.records import (
    AdSetRow,
    AssetCheck,
    AssetsRow,
    BudgetsRow,
    CampaignRow,
    CreativeRow,
    PastRefusal,
    UserRows,
)
from orchestrator.domain.user_records import AccountCondition
from orchestrator.errors import ConfigError
from orchestrator.store import user_config
from orchestrator.store.database import Transactions, columns, read, statement
from orchestrator.store.encryption import Secrets
from orchestrator.store.values.parameters import document

UserPart = dict[str, Any]

_PARTS = ("templates", "creatives", "campaigns", "ad_sets", "history")
_EMERGENCY_PARTS = ("campaigns", "ad_sets")
_PAST = tuple(field.name for field in fields(PastAction))


class UserRepository:
    """Users' settings, assets and objects. Each call is one short transaction."""

    def __init__(self, transactions: Transactions, secrets: Secrets) -> None:
        self._transactions = transactions
        self._secrets = secrets

    def load(
        self, user_ids: Sequence[UUID], *, history_since: datetime
    ) -> dict[UUID, UserRows | ConfigError]:
        """Everything a run needs of some users, with their live final actions since an instant.

        Returns:
            One entry for every id. A user whose stored configuration is wrong (a goal setting, a
            template, a token no key can read) has the error that says so, not raised.
        """
        which = {"user_ids": list(user_ids), "since": history_since}
        with self._transactions() as tx:
            with tx.pipeline():
                first = tx.execute(statement("users/users"), which)
                cursors = {part: tx.execute(statement(f"users/{part}"), which) for part in _PARTS}
            parts = {part: _by_user(cursor.fetchall()) for part, cursor in cursors.items()}
            found = {row["user_id"]: row for row in first}
        return {each: _user_or_error(self._secrets, found.get(each), each, parts) for each in user_ids}

    def load_for_emergency_stop(self, user_ids: Sequence[UUID]) -> dict[UUID, UserRows | ConfigError]:
        """The account, campaigns and ad sets of some users, and nothing else: what a stop needs to pause.

        Returns:
            One entry for every id. Settings, templates, creatives and history are not read, so that no value
            in them is in the way.
        """
        which = {"user_ids": list(user_ids)}
        with self._transactions() as tx:
            with tx.pipeline():
                first = tx.execute(statement("users/emergency_accounts"), which)
                cursors = {part: tx.execute(statement(f"users/{part}"), which) for part in _EMERGENCY_PARTS}
            parts = {part: _by_user(cursor.fetchall()) for part, cursor in cursors.items()}
            found = {row["user_id"]: row for row in first}
        return {each: _emergency_rows(self._secrets, found.get(each), each, parts) for each in user_ids}

    def budgets(self, user_id: UUID) -> BudgetsRow:
        """The amounts a user set, now."""
        with self._transactions() as tx:
            row = read(tx, BudgetsRow, "users/budgets", {"user_id": user_id}).fetchone()
        return row or BudgetsRow(global_daily_budget=None, max_daily_budget=None)

    def save_asset_checks(self, checks: Mapping[UUID, AssetCheck]) -> None:
        """Store what was found of some users' assets; it replaces what was found before."""
        if checks:
            rows = [{"user_id": user_id, **columns(check)} for user_id, check in checks.items()]
            with self._transactions() as tx:
                tx.execute(statement("users/save_asset_checks"), {"checks": document(rows)})

    def save_account_conditions(self, conditions: Sequence[AccountCondition]) -> None:
        """Store how some users' accounts are at the platform; a known stop has its first instant still."""
        if conditions:
            rows = [columns(each) for each in conditions]
            with self._transactions() as tx:
                tx.execute(statement("users/save_account_conditions"), {"conditions": document(rows)})

    def that_may_spend(
        self, user_ids: Sequence[UUID] | None, after: UUID | None, page_size: int = 500
    ) -> list[UUID]:
        """Users with a campaign of ours, or a connected account that may have one, a page in key order.

        Of some users, or of all (null).
        """
        bound = {
            "user_ids": None if user_ids is None else list(user_ids),
            "after": after,
            "page_size": page_size,
        }
        with self._transactions() as tx:
            return [row["user_id"] for row in tx.execute(statement("users/that_may_spend"), bound)]


def _by_user(rows: Sequence[UserPart]) -> dict[UUID, list[UserPart]]:
    by_user: dict[UUID, list[UserPart]] = defaultdict(list)
    for row in rows:
        by_user[row["user_id"]].append(row)
    return by_user


def _user_or_error(
    secrets: Secrets, row: UserPart | None, user_id: UUID, parts: dict[str, dict[UUID, list[UserPart]]]
) -> UserRows | ConfigError:
    if row is None:
        return ConfigError("the user has no row in user_ads_modes")
    try:
        return _user(secrets, row, {part: by_user.get(user_id, []) for part, by_user in parts.items()})
    except ConfigError as error:
        return error


def _emergency_rows(
    secrets: Secrets, row: UserPart | None, user_id: UUID, parts: dict[str, dict[UUID, list[UserPart]]]
) -> UserRows | ConfigError:
    try:
        account = _emergency_account(secrets, row or {})
    except ConfigError as error:
        return error
    return UserRows(
        user_id=user_id,
        auto_scale_winners=False,
        auto_pause_losers=False,
        global_daily_budget=None,
        max_daily_budget=None,
        goals=(),
        assets=account,
        templates=(),
        creatives=(),
        campaigns=tuple(CampaignRow(**each) for each in parts["campaigns"].get(user_id, [])),
        ad_sets=tuple(AdSetRow(**each) for each in parts["ad_sets"].get(user_id, [])),
        history=(),
        units_per_usd=None,
    )


def _emergency_account(secrets: Secrets, row: UserPart) -> AssetsRow:
    _check_connected(row, ("ad_account_id", "access_token"))
    return AssetsRow(
        ad_account_id=row["ad_account_id"],
        page_id=None,
        instagram_user_id=None,
        pixel_id=None,
        conversions={},
        currency=row["currency"],
        timezone=row["timezone"],
        access_token=secrets.decrypt(row["access_token"]),
        platform=row["platform"],
    )


def _check_connected(row: UserPart, names: Sequence[str]) -> None:
    missing = [name for name in names if row.get(name) is None]
    if missing:
        raise ConfigError(f"meta_assets: {', '.join(missing)} missing; connect the account again")


def _user(secrets: Secrets, row: UserPart, parts: dict[str, list[UserPart]]) -> UserRows:
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
        history=tuple(_past(each) for each in parts["history"] if each["status"] != "failed"),
        units_per_usd=row["units_per_usd"],
        refusals=tuple(_refusal(each) for each in parts["history"] if each["status"] == "failed"),
    )


def _past(row: UserPart) -> PastAction:
    return PastAction(**{name: row[name] for name in _PAST})


def _refusal(row: UserPart) -> PastRefusal:
    return PastRefusal(action=_past(row), built_from=row["built_from"], half_made_id=row["half_made_id"])


def _assets(secrets: Secrets, row: UserPart) -> AssetsRow:
    _check_connected(row, ("ad_account_id", "currency", "timezone", "access_token"))
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
        platform=row["platform"],
        checked=_asset_check(row),
        is_unlisted=row["is_unlisted"],
        rises_held_run=row["rises_held_run"],
    )


def _asset_check(row: UserPart) -> AssetCheck | None:
    if row["assets_checked_at"] is None:
        return None
    return AssetCheck(
        at=row["assets_checked_at"],
        fingerprint=row["assets_fingerprint"],
        absent=tuple(row["assets_absent"]),
    )


def _without_user(row: UserPart) -> UserPart:
    return {name: value for name, value in row.items() if name != "user_id"}
