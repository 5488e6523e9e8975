"""What a user may see and set, asked as that user: row-level security decides, not our conditions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from orchestrator.member_rows import MemberAction, MemberRun
from orchestrator.model import Action
from orchestrator.store.database import Connection, Database, PoolLimits, statement

_ACTION = (
    "step",
    "action_type",
    "goal_key",
    "campaign_id",
    "adset_id",
    "before_minor",
    "after_minor",
    "reason",
)


class MemberStore:
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

    def runs(self, user_id: UUID, at_most: int, before: UUID | None = None) -> list[MemberRun]:
        """The user's latest runs, the newest first; those opened before the run ``before``."""
        asked = {"at_most": at_most, "before": before}
        with self._as(user_id) as tx:
            return [_run(row) for row in tx.execute(statement("member_runs"), asked)]

    def run(self, user_id: UUID, run_id: UUID) -> MemberRun | None:
        """One of the user's runs; null when there is none of this id, or it is another's."""
        with self._as(user_id) as tx:
            row = tx.execute(statement("member_run"), {"run_id": run_id}).fetchone()
        return None if row is None else _run(row)

    def actions(self, user_id: UUID, run_id: UUID) -> list[MemberAction]:
        """What one of the user's runs decided, in order."""
        with self._as(user_id) as tx:
            return [_action(row) for row in tx.execute(statement("member_actions"), {"run_id": run_id})]

    def count_actions(self, user_id: UUID, run_id: UUID) -> int:
        """How many actions one of the user's runs has decided."""
        with self._as(user_id) as tx:
            row = tx.execute(statement("member_count"), {"run_id": run_id}).fetchone()
        return int(row["actions"]) if row else 0

    @contextmanager
    def _as(self, user_id: UUID) -> Iterator[Connection]:
        with self._database.transaction() as tx:
            tx.execute("select set_config('app.user_id', %(user_id)s, true)", {"user_id": str(user_id)})
            yield tx


def _run(row: dict[str, Any]) -> MemberRun:
    goal_keys = row["goal_keys"]
    return MemberRun(**row | {"goal_keys": None if goal_keys is None else tuple(goal_keys)})


def _action(row: dict[str, Any]) -> MemberAction:
    return MemberAction(
        action=Action(**{name: row[name] for name in _ACTION}),
        **{name: value for name, value in row.items() if name not in _ACTION},
    )
