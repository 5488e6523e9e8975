"""User leases: one run at a time writes for a user, and the fencing token that proves the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from orchestrator.errors import LeaseLost, Stopped
from orchestrator.store.database import Connection, Transactions, statement

LEASE = timedelta(minutes=30)
"""Default length of a lease; longer than the longest step."""


class LeaseRepository:
    """Leases by user. Each call is one short transaction.

    Args:
        transactions: begins a transaction.
        lease: how long the user of a run that died stays locked.
    """

    def __init__(self, transactions: Transactions, lease: timedelta = LEASE) -> None:
        self._transactions = transactions
        self._lease = lease

    def take(self, run_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Take or renew the lease of each run's user; the fencing tokens by user, of those taken."""
        with self._transactions() as tx:
            rows = tx.execute(statement("leases/take"), {"run_ids": list(run_ids), "lease": self._lease})
            return {row["user_id"]: row["fencing_token"] for row in rows}

    def seize(self, run_id: UUID) -> int | None:
        """Take the user of an emergency stop from its holder: the fencing token; null during a write."""
        with self._transactions() as tx:
            row = tx.execute(statement("leases/seize"), {"run_id": run_id, "lease": self._lease}).fetchone()
        return None if row is None else int(row["fencing_token"])

    def release(self, run_ids: Sequence[UUID]) -> None:
        """Give back the leases of some runs and invalidate their fencing tokens."""
        with self._transactions() as tx:
            tx.execute(statement("leases/release"), {"run_ids": list(run_ids)})

    def leased_users(self, fencing_tokens: Mapping[UUID, int]) -> set[UUID]:
        """Users still held under these tokens; locked until the transaction ends."""
        if not fencing_tokens:
            return set()
        taken = {"user_ids": list(fencing_tokens), "fencing_tokens": list(fencing_tokens.values())}
        with self._transactions() as tx:
            return {row["user_id"] for row in tx.execute(statement("leases/leased_users"), taken)}

    def begin_write(
        self, user_id: UUID, fencing_token: int, call: timedelta, *, allow_when_stopped: bool = False
    ) -> None:
        """Acquire the user's write slot.

        Args:
            user_id: the user of the write.
            fencing_token: the token of the user's lease.
            call: timeout of the write.
            allow_when_stopped: for the pauses of an emergency stop alone; only while it is in force.

        Raises:
            LeaseLost: the run was ended, or another run or try took the lease.
            Stopped: the kill switch is set for this user or for everybody.
        """
        with self._transactions() as tx:
            _begin_write(tx, user_id, fencing_token, call, allow_when_stopped=allow_when_stopped)

    def end_write(self, user_id: UUID, fencing_token: int) -> None:
        """Release the write slot: the call was answered, refused or timed out. Its outcome may be unknown."""
        with self._transactions() as tx:
            tx.execute(statement("leases/end_write"), {"user_id": user_id, "fencing_token": fencing_token})


def _begin_write(
    tx: Connection, user_id: UUID, fencing_token: int, call: timedelta, *, allow_when_stopped: bool
) -> None:
    bound = {
        "user_id": user_id,
        "fencing_token": fencing_token,
        "call": call,
        "allow_when_stopped": allow_when_stopped,
    }
    row = tx.execute(statement("leases/begin_write"), bound).fetchone()
    if row is None:
        raise RuntimeError("Bug! the question whether a write may be made has no answer")
    if row["allowed"]:
        return
    if row["everyone_stopped"] and not allow_when_stopped:
        note = f": {row['everyone_note']}" if row["everyone_note"] else ""
        raise Stopped(f"writing is stopped for everybody{note}; python -m orchestrator start lets it go on")
    if row["user_stopped"] and not allow_when_stopped:
        raise Stopped("an operator stopped this user; python -m orchestrator start --user lets it go on")
    if allow_when_stopped and not (row["everyone_stopped"] or row["user_stopped"]):
        raise LeaseLost("somebody let writing go on again; nothing more is paused")
    if allow_when_stopped and row["switch_gone"]:
        raise LeaseLost(
            "nobody can tell whether writing is stopped, the switch's row is gone; nothing is paused"
        )
    raise LeaseLost("the run was ended, or another run or try works on the user now; nothing more is written")
