"""The store: one short transaction a call, none ever open between two.

The number of statements of a call does not depend on how many users it is about. Every call
that may be repeated after a break finds what it did before and does not do it twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from orchestrator.domain.model import Day
from orchestrator.domain.records import (
    ActionRow,
    ActionStatus,
    AdSetRow,
    CampaignRow,
    DailyRow,
    DecisionRow,
    UserRows,
)
from orchestrator.errors import ConfigError
from orchestrator.store import action_log, ad_objects, leases, retention, token_rotation
from orchestrator.store import users as reading
from orchestrator.store.database import Database, PoolLimits
from orchestrator.store.encryption import Secrets
from orchestrator.store.runs import Runs
from orchestrator.store.turns import Turns


class Store(Runs, Turns):
    """Our Postgres, as the service that sees every user. Close it, or use it with ``with``.

    Every method raises ``DatabaseUnavailable`` when Postgres cannot be reached or breaks off.

    Args:
        dsn: ``postgresql://…``; the login must be allowed to act as the role ``ads_service``.
        secrets: decrypts the access tokens.
        lease: how long a run that died keeps its user; longer than the longest step.
        limits: connections and statement time.
    """

    def __init__(
        self,
        dsn: str,
        secrets: Secrets,
        *,
        lease: timedelta = timedelta(minutes=30),
        limits: PoolLimits | None = None,
    ) -> None:
        self._database = Database(dsn, limits or PoolLimits())
        self._secrets = secrets
        self._lease = lease

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    # Users

    def users(
        self, user_ids: Sequence[UUID], *, history_since: datetime
    ) -> dict[UUID, UserRows | ConfigError]:
        """Everything a run needs of some users, with the live settled actions since an instant.

        Returns:
            One entry for every id. A user whose stored configuration is wrong (a goal setting, a
            template, a token no key can read) has the error that says so, not raised.
        """
        with self._database.transaction() as tx:
            return reading.users(tx, self._secrets, user_ids, history_since)

    def upsert_campaigns(self, rows: Sequence[CampaignRow]) -> None:
        """Insert or update what is known of campaigns."""
        with self._database.transaction() as tx:
            ad_objects.upsert_campaigns(tx, rows)

    def upsert_ad_sets(self, rows: Sequence[AdSetRow]) -> None:
        """Insert or update what is known of ad sets. Their campaigns must be kept before."""
        with self._database.transaction() as tx:
            ad_objects.upsert_ad_sets(tx, rows)

    def upsert_observed(
        self, rows: Iterable[CampaignRow | AdSetRow], *, fencing_tokens: Mapping[UUID, int] | None = None
    ) -> None:
        """Insert or update campaigns and ad sets together, in one transaction.

        Args:
            rows: what was seen.
            fencing_tokens: the users' tokens. Of others, and of users taken over since, nothing is kept: what
                was seen may be older than what a run has done and kept. Null: no run is going on.
        """
        seen = list(rows)
        with self._database.transaction() as tx:
            if fencing_tokens is not None:
                held = leases.held(tx, fencing_tokens)
                seen = [row for row in seen if row.user_id in held]
            ad_objects.upsert_campaigns(tx, [row for row in seen if isinstance(row, CampaignRow)])
            ad_objects.upsert_ad_sets(tx, [row for row in seen if isinstance(row, AdSetRow)])

    def upsert_creative(self, user_id: UUID, creative_id: str, meta_creative_id: str) -> None:
        """Remember the creative that Meta made of ours."""
        with self._database.transaction() as tx:
            ad_objects.upsert_creative(tx, user_id, creative_id, meta_creative_id)

    def save_insights(
        self, rows: Sequence[DailyRow], *, restated: Collection[UUID] = (), at: datetime | None = None
    ) -> None:
        """Insert or restate ad set days. An ad set and day may be there once.

        Args:
            rows: the days.
            restated: users of whom all days were read that Meta may restate.
            at: the run's time; with ``restated``.
        """
        with self._database.transaction() as tx:
            ad_objects.save_insights(tx, rows)
            if at is not None:
                ad_objects.mark_restated(tx, restated, at)

    def restated(self, user_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
        """When all days that Meta may restate were last read, of each user."""
        with self._database.transaction() as tx:
            return ad_objects.restated(tx, user_ids)

    def stored_days(self, asked: Mapping[UUID, tuple[date, date]]) -> dict[UUID, dict[str, tuple[Day, ...]]]:
        """Days that were kept, in order, by user and ad set: from the first to the last one asked for."""
        with self._database.transaction() as tx:
            return ad_objects.stored_days(tx, asked)

    # Snapshots, decisions, actions

    def save_snapshots(
        self, snapshots: Mapping[UUID, Mapping[str, Any] | bytes], *, completed: bool = False
    ) -> None:
        """Keep JSON documents by run id; ``bytes`` are JSON already.

        A run's first snapshot stays, because decisions were made of it, unless this is it ``completed``.
        """
        with self._database.transaction() as tx:
            action_log.save_snapshots(tx, snapshots, completed=completed)

    def snapshots(self, run_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
        """The snapshot of each run that has one."""
        return {run_id: json.loads(text) for run_id, text in self.snapshot_texts(run_ids).items()}

    def snapshot_texts(self, run_ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """The snapshot of each run that has one, as JSON."""
        with self._database.transaction() as tx:
            return action_log.snapshots(tx, run_ids)

    def with_snapshot(self, run_ids: Iterable[UUID]) -> set[UUID]:
        """The runs that have a snapshot."""
        with self._database.transaction() as tx:
            return action_log.with_snapshot(tx, run_ids)

    def record_decisions(self, decisions: Sequence[DecisionRow]) -> list[ActionRow]:
        """Record what a step decided for some runs, with its actions, planned.

        Returns:
            The actions of these runs and this step as they stand. A run and step recorded before
            keeps what it had: a step that is tried again does the rest of its first decision.
        """
        with self._database.transaction() as tx:
            return action_log.record(tx, decisions)

    def decisions(self, run_ids: Iterable[UUID], step: str) -> dict[UUID, dict[str, Any]]:
        """What one step decided, of each run in which it did."""
        with self._database.transaction() as tx:
            return action_log.decisions(tx, run_ids, step)

    def actions(self, run_ids: Iterable[UUID], step: str | None = None) -> list[ActionRow]:
        """The log of some runs, by user, in the order of decision; of one step or of all."""
        with self._database.transaction() as tx:
            return action_log.actions(tx, run_ids, step)

    def unsettled(self, user_ids: Iterable[UUID]) -> list[ActionRow]:
        """Live actions ``intended`` or ``unknown`` of whatever run, by user, oldest run first.

        And campaigns created whose activation was announced and is not known to have happened.
        """
        with self._database.transaction() as tx:
            return action_log.unsettled(tx, user_ids)

    def mark_intended(self, action_id: int, details: Mapping[str, Any] | None = None) -> None:
        """Say that an action is about to be sent; ``details`` are merged into its own.

        Raises:
            OutOfTurn: it is settled, or of a dry run. It must not be sent.
        """
        with self._database.transaction() as tx:
            action_log.mark_intended(tx, action_id, details or {})

    def note(self, action_id: int, details: Mapping[str, Any]) -> None:
        """Merge ``details`` into an action's own, whatever its status."""
        with self._database.transaction() as tx:
            action_log.note(tx, action_id, details)

    def record_outcome(
        self,
        action_id: int,
        status: ActionStatus,
        message: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Say what became of an action; ``details`` are merged into its own.

        ``success``, ``failed`` and ``held`` are final; ``unknown`` may become either.

        Raises:
            OutOfTurn: it is final and something else.
        """
        with self._database.transaction() as tx:
            action_log.record_outcome(tx, action_id, status, message, details or {})

    # Age

    def tidy_chunk(self, kind: retention.RowKind, cutoff: retention.Cutoff, chunk: int) -> int:
        """Remove at most ``chunk`` old rows of one kind; how many were due."""
        with self._database.transaction() as tx:
            return retention.tidy_chunk(tx, kind, cutoff, chunk)

    def due(self, kind: retention.RowKind, cutoff: retention.Cutoff) -> int:
        """How many rows of one kind are old enough to go."""
        with self._database.transaction() as tx:
            return retention.due(tx, kind, cutoff)

    # Keys

    def rotate_keys(self) -> tuple[int, tuple[UUID, ...]]:
        """Encrypt every stored token again with the newest key.

        Returns:
            How many were rewritten, and the users whose token no key can read.
        """
        rewritten = 0
        unreadable: tuple[UUID, ...] = ()
        after: UUID | None = None
        while True:
            with self._database.transaction() as tx:
                page = token_rotation.rotate_page(tx, self._secrets, after)
            rewritten, unreadable = rewritten + page.rewritten, (*unreadable, *page.unreadable)
            if page.last is None:
                return rewritten, unreadable
            after = page.last
