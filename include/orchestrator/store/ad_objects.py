"""Our campaigns, ad sets and creatives: roles, cells, last known state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from orchestrator.domain import reasons
from orchestrator.domain.records import AdSetRow, CampaignRow, LearntFigures
from orchestrator.domain.user_records import ContradictedAdSet, Intervention
from orchestrator.store.database import Connection, Transactions, columns, read, statement, within
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

    def activate_ad_set(self, row: AdSetRow) -> bool:
        """Store an ad set that we activated; its campaign, where it ran dry, is being revived from then on.

        Both are committed together, so that no kill leaves the ad set without what is to follow from it.

        Returns:
            Whether a revival began.
        """
        bound = {
            "campaign_id": row.campaign_id,
            "user_id": row.user_id,
            "dry": reasons.NO_ACTIVE_ADSET.code,
            "mark": reasons.REVIVING.code,
        }
        with self._transactions() as tx:
            begins = tx.execute(statement("ad_objects/begin_revival"), bound).fetchone() is not None
            AdObjects(within(tx)).upsert_ad_sets([row])
        return begins

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
                leased = LeaseRepository(within(tx)).leased_users(fencing_tokens)
                observed = [row for row in observed if row.user_id in leased]
            objects = AdObjects(within(tx))
            objects.upsert_campaigns([row for row in observed if isinstance(row, CampaignRow)])
            objects.upsert_ad_sets([row for row in observed if isinstance(row, AdSetRow)])

    def neighbours(
        self, user_id: UUID, ad_account_id: str, ids: Collection[str]
    ) -> tuple[frozenset[str], bool]:
        """Which of some objects are other users', and whether another user has the same ad account."""
        bound = {"user_id": user_id, "ad_account_id": ad_account_id, "ids": list(ids)}
        with self._transactions() as tx:
            (row,) = tx.execute(statement("ad_objects/neighbours"), bound)
            return frozenset(row["ids"]), row["is_shared"]

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

    def learn(self, figures: Sequence[LearntFigures], *, user_ids: Collection[UUID], at: datetime) -> None:
        """Store what is known of ad sets now, and the readings that contradict it.

        Args:
            figures: the ad sets of which more is known, or that contradict.
            user_ids: the users read whole: what contradicted before, and is not among ``figures``, does not
                any more.
            at: the time of the reading.
        """
        rows = [columns(each) | {"id": each.ad_set_id} for each in figures]
        bound = {"ad_sets": document(rows), "user_ids": list(user_ids), "at": at}
        with self._transactions() as tx:
            tx.execute(statement("ad_objects/learn"), bound)

    def has_user(self, user_id: UUID) -> bool:
        """Whether there is such a user, with objects or without."""
        with self._transactions() as tx:
            row = tx.execute(statement("users/is_known"), {"user_id": user_id}).fetchone()
        return row is not None and bool(row["is_known"])

    def contradicted(self, user_id: UUID, goal_key: str | None = None) -> list[ContradictedAdSet]:
        """The user's ad sets whose latest reading contradicts what is known; of a goal, or of all (null)."""
        bound = {"user_id": user_id, "goal_key": goal_key}
        with self._transactions() as tx:
            return read(tx, ContradictedAdSet, "ad_objects/contradicted", bound).fetchall()

    def paused_goals(self, user_id: UUID) -> list[str]:
        """The user's goals with a campaign that was paused for want of any event."""
        bound = {"user_id": user_id, "reason": reasons.NO_EVENTS_ANYWHERE.code}
        with self._transactions() as tx:
            return [row["goal_key"] for row in tx.execute(statement("ad_objects/paused_goals"), bound)]

    def accept_figures(self, intervention: Intervention, ad_set_ids: Sequence[str]) -> None:
        """Make the contradicting figures of some ad sets what is known, and record the decision.

        All days that the platform may restate are read again by the next run.
        """
        bound = {"user_id": intervention.user_id, "ad_set_ids": list(ad_set_ids)}
        with self._transactions() as tx:
            accepted = tx.execute(statement("ad_objects/accept_figures"), bound).fetchall()
            if accepted:
                _record(tx, replace(intervention, details={"ad_sets": accepted}))

    def resume_goal(self, intervention: Intervention) -> list[str]:
        """Permit allocation to resume what was paused for want of any event, and record the decision.

        Returns:
            The ids of the campaigns; none where nothing is paused for it, and then nothing is recorded.
        """
        bound = {
            "user_id": intervention.user_id,
            "goal_key": intervention.goal_key,
            "reason": reasons.NO_EVENTS_ANYWHERE.code,
        }
        with self._transactions() as tx:
            found = sorted(row["id"] for row in tx.execute(statement("ad_objects/resume_goal"), bound))
            if found:
                _record(tx, replace(intervention, details={"campaigns": found}))
        return found


def _record(tx: Connection, intervention: Intervention) -> None:
    bound = columns(intervention) | {
        "origin": intervention.made_by.origin,
        "made_by": intervention.made_by.name,
        "details": document(dict(intervention.details)),
    }
    tx.execute(statement("ad_objects/record_intervention"), bound)


def _documents(rows: Sequence[CampaignRow] | Sequence[AdSetRow]) -> object:
    return document([columns(row) for row in rows])
