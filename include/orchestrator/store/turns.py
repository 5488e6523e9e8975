"""The part of the store that is asked before every write: whose turn it is and what is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from orchestrator.domain.write_switch import Budgets, Switch, SwitchChange
from orchestrator.store import leases
from orchestrator.store.database import Database


class Turns:
    """Turns and switches; each call is one short transaction, as in the whole store."""

    _database: Database
    _lease: timedelta

    def begin_write(
        self, user_id: UUID, fencing_token: int, call: timedelta, *, although_stopped: bool = False
    ) -> None:
        """Claim the user for one write that takes at most ``call``; see ``gate.begin_write``.

        Raises:
            Fenced: the run was ended, or another run or try has taken the user over.
            Stopped: writing is stopped for this user or for everybody.
        """
        with self._database.transaction() as tx:
            leases.begin_write(tx, user_id, fencing_token, call, although_stopped=although_stopped)

    def end_write(self, user_id: UUID, fencing_token: int) -> None:
        """Say that the call is over: answered, refused or given up after its time."""
        with self._database.transaction() as tx:
            leases.end_write(tx, user_id, fencing_token)

    def budgets(self, user_id: UUID) -> Budgets:
        """What the user typed, as it is now."""
        with self._database.transaction() as tx:
            return leases.budgets(tx, user_id)

    def trip(self, errors: int) -> str | None:
        """Stop everybody when the latest ``errors`` actions all failed alike; what tripped it, or null."""
        with self._database.transaction() as tx:
            return leases.trip(tx, errors)

    def switch(
        self, user_ids: Sequence[UUID] | None, *, stopped: bool, note: str | None, changed_by: str
    ) -> SwitchChange:
        """Stop or start some users, or everybody (null)."""
        with self._database.transaction() as tx:
            return leases.switch(tx, user_ids, stopped=stopped, note=note, changed_by=changed_by)

    def standing_switch(self) -> Switch:
        """The switches as they are now."""
        with self._database.transaction() as tx:
            return leases.standing(tx)

    def seize(self, run_id: UUID) -> int | None:
        """Take the user of an operator's stop from whoever has it; null while a write is under way."""
        with self._database.transaction() as tx:
            return leases.seize(tx, run_id, self._lease)

    def spending_users(
        self, user_ids: Sequence[UUID] | None, after: UUID | None, page_size: int = 500
    ) -> list[UUID]:
        """Users with a living campaign of ours, a page in key order."""
        with self._database.transaction() as tx:
            return leases.spending_users(tx, user_ids, after, page_size)
