"""Our campaigns, ad sets and creatives: roles, cells, last known state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from orchestrator.domain.records import AdSetRow, CampaignRow
from orchestrator.store.database import Transactions, columns, statement, within
from orchestrator.store.leases import LeaseRepository
from orchestrator.store.values.parameters import document


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

    def upsert_creative(self, user_id: UUID, creative_id: str, remote_id: str) -> None:
        """Store the id of the platform's creative made of ours."""
        bound = {"user_id": user_id, "creative_id": creative_id, "remote_id": remote_id}
        with self._transactions() as tx:
            tx.execute(statement("ad_objects/upsert_creative"), bound)


def _documents(rows: Sequence[CampaignRow] | Sequence[AdSetRow]) -> object:
    return document([columns(row) for row in rows])
