"""A user's own rows, read and written as that user: row-level security restricts them, not our conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from orchestrator.domain.user_records import SettingsChange, StoredSettings, UserRecord, UserRunRecord
from orchestrator.store import user_config
from orchestrator.store.action_log import ActionLog
from orchestrator.store.database import Connection, Database, PoolLimits, statement, within
from orchestrator.store.snapshots import SnapshotRepository
from orchestrator.store.values.parameters import document

_CHANGEABLE = ("auto_scale_winners", "auto_pause_losers", "global_daily_budget", "max_daily_budget")


class UserViewStore:
    """Our Postgres as the role ``ads_user``: each call sees the rows of one user and no others.

    Every method raises ``DatabaseUnavailable`` when Postgres cannot be reached or breaks off.

    Args:
        dsn: ``postgresql://…``; the login must be allowed to act as the role ``ads_user``.
        limits: connections and statement time.
    """

    def __init__(self, dsn: str, *, limits: PoolLimits | None = None) -> None:
        self._database = Database(dsn, limits or PoolLimits(), role="ads_user")

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def runs(self, user_id: UUID, at_most: int, before: UUID | None = None) -> list[UserRunRecord]:
        """The user's latest runs, the newest first; those opened before the run ``before``."""
        bound = {"at_most": at_most, "before": before}
        with self._as(user_id) as tx:
            return [run_record(row) for row in tx.execute(statement("user_view/runs"), bound)]

    def run(self, user_id: UUID, run_id: UUID) -> UserRunRecord | None:
        """One of the user's runs; null when there is none of this id, or it is another's."""
        with self._as(user_id) as tx:
            row = tx.execute(statement("user_view/run"), {"run_id": run_id}).fetchone()
        return None if row is None else run_record(row)

    def record(self, user_id: UUID, run_id: UUID) -> UserRecord | None:
        """The decisions and actions of one of the user's runs; null as ``run``."""
        with self._as(user_id) as tx:
            row = tx.execute(statement("user_view/run"), {"run_id": run_id}).fetchone()
            if row is None:
                return None
            snapshot = SnapshotRepository(within(tx)).documents([run_id]).get(run_id)
            decided = tx.execute(statement("user_view/decisions"), {"run_id": run_id}).fetchone() or {}
            return UserRecord(
                run=run_record(row),
                rows=tuple(ActionLog(within(tx)).actions([run_id])),
                decisions=decided.get("decisions") or {},
                snapshot=snapshot,
                currency=decided.get("currency"),
            )

    def count_actions(self, user_id: UUID, run_id: UUID) -> int:
        """The number of actions in one of the user's runs."""
        with self._as(user_id) as tx:
            row = tx.execute(statement("user_view/count_actions"), {"run_id": run_id}).fetchone()
        return int(row["actions"]) if row else 0

    def settings(self, user_id: UUID) -> StoredSettings | None:
        """The user's settings; null when there is no such user.

        Raises:
            ConfigError: the stored settings of a goal cannot be read.
        """
        with self._as(user_id) as tx:
            return _settings(tx)

    def change_settings(
        self, user_id: UUID, change: Callable[[StoredSettings], SettingsChange]
    ) -> StoredSettings | None:
        """Change the user's settings in one transaction; the row records the user as the author.

        Args:
            user_id: the user.
            change: gets the settings, which are locked meanwhile, and returns the change. An
                exception that it raises rolls the transaction back.

        Returns:
            The settings after the change; null when there is no such user.

        Raises:
            ConfigError: the stored settings of a goal cannot be read.
        """
        with self._as(user_id) as tx:
            tx.execute(statement("user_view/lock_settings"), {"user_id": user_id})
            before = _settings(tx)
            if before is None:
                return None
            wanted = change(before)
            unchanged = {name: getattr(before, name) for name in _CHANGEABLE}
            goals = {key: {n: _json(v) for n, v in named.items()} for key, named in wanted.goals.items()}
            bound = {"user_id": user_id, "goals": document(goals), **unchanged, **wanted.fields}
            tx.execute(statement("user_view/change_settings"), bound)
            return _settings(tx)

    @contextmanager
    def _as(self, user_id: UUID) -> Iterator[Connection]:
        with self._database.transaction() as tx:
            tx.execute("select set_config('app.user_id', %(user_id)s, true)", {"user_id": str(user_id)})
            yield tx


def run_record(row: dict[str, Any]) -> UserRunRecord:
    """One run from its columns."""
    goal_keys = row["goal_keys"]
    return UserRunRecord(**row | {"goal_keys": None if goal_keys is None else tuple(goal_keys)})


def _settings(tx: Connection) -> StoredSettings | None:
    row = tx.execute(statement("user_view/settings")).fetchone()
    if row is None:
        return None
    goals = user_config.goals(row.pop("goal_settings"))
    return StoredSettings(goals=goals, **row)


def _json(value: Any) -> Any:
    """A value as JSON has it. An amount was checked to have few digits: as a float it is the same."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == int(value) else float(value)
