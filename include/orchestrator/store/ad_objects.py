"""Our campaigns, ad sets and creatives: roles, cells, last known state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from orchestrator.domain.records import AdSetRow, CampaignRow
from orchestrator.store.database import Transactions, columns, document, statement, within
from orchestrator.store.leases import LeaseRepository


class AdObjects:
    """Campaigns, ad sets and creatives on the platform. Each call is one short transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def upsert_campaigns(self, rows: Sequence[CampaignRow]) -> None:
        """Insert or update campaigns; goal, role and creation stay as they were inserted."""
        if rows:
            with self._transactions() as tx:
                tx.execute(statement("ad_objects/upsert_campaigns"), {"rows": _documents(rows)})

    def upsert_ad_sets(self, rows: Sequence[AdSetRow]) -> None:
        """Insert or update ad sets; cell, source and creation stay as they were inserted.

        Their campaigns must exist.
        """
        if rows:
            with self._transactions() as tx:
                tx.execute(statement("ad_objects/upsert_ad_sets"), {"rows": _documents(rows)})

    def upsert_observed(
        self, rows: Iterable[CampaignRow | AdSetRow], *, fencing_tokens: Mapping[UUID, int] | None = None
    ) -> None:
        """Insert or update campaigns and ad sets together, in one transaction.

        Args:
            rows: the observed state.
            fencing_tokens: the users' tokens. Rows of other users, and of users whose lease was lost,
                are dropped: they may be older than what a later run stored. Null: no run is going on.
        """
        observed = list(rows)
        with self._transactions() as tx:
            if fencing_tokens is not None:
                held = LeaseRepository(within(tx)).held(fencing_tokens)
                observed = [row for row in observed if row.user_id in held]
            objects = AdObjects(within(tx))
            objects.upsert_campaigns([row for row in observed if isinstance(row, CampaignRow)])
            objects.upsert_ad_sets([row for row in observed if isinstance(row, AdSetRow)])

    def record_listing(self, user_id: UUID, run_id: UUID, *, is_clear: bool, holds_rises: bool) -> None:
        """Record that a run looked through a user's account for objects that no row knew.

        Args:
            user_id: the user.
            run_id: the run.
            is_clear: nothing is left that no row knows: the account is not looked through again before the
                database is started again.
            holds_rises: nothing rises in the rest of the run.
        """
        bound = {"user_id": user_id, "run_id": run_id, "is_clear": is_clear, "holds_rises": holds_rises}
        with self._transactions() as tx:
            tx.execute(statement("ad_objects/record_listing"), bound)

    def upsert_creative(self, user_id: UUID, creative_id: str, remote_id: str) -> None:
        """Store the id of the platform's creative made of ours."""
        bound = {"user_id": user_id, "creative_id": creative_id, "remote_id": remote_id}
        with self._transactions() as tx:
            tx.execute(statement("ad_objects/upsert_creative"), bound)


def _documents(rows: Sequence[CampaignRow] | Sequence[AdSetRow]) -> object:
    return document([columns(row) for row in rows])
