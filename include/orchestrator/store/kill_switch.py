"""The kill switch: stops all writes, of one user or of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from orchestrator.domain import reasons
from orchestrator.domain.kill_switch import SwitchChange, SwitchState
from orchestrator.errors import COMMON_ERRORS, Stopped
from orchestrator.store.database import Connection, Transactions, each_or_halves, read, statement

_OWN_REFUSALS = [Stopped.__name__]
"""Errors of actions that we refused ourselves, as their details name them."""


class KillSwitch:
    """The switch of everybody and those of single users. Each call is one short transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def state(self) -> SwitchState:
        """The switches now. Without its row writing is stopped for everybody."""
        with self._transactions() as tx:
            row = read(tx, SwitchState, "kill_switch/state").fetchone()
        gone = SwitchState(stopped=True, note=None, changed_by=None, changed_at=None, users_stopped=0)
        return row or gone

    def set(
        self, user_ids: Sequence[UUID] | None, *, stopped: bool, note: str | None, changed_by: str
    ) -> SwitchChange:
        """Stop or start some users, or everybody (null)."""
        users = None if user_ids is None else list(user_ids)
        change = {"stopped": stopped, "note": note, "changed_by": changed_by}
        with self._transactions() as tx:
            if not stopped:
                cleared = {"user_ids": users, "reason": reasons.STOPPED_BY_OPERATOR.code}
                tx.execute(statement("kill_switch/clear_stop_reasons"), cleared)
            if users is None:
                return _set_for_all(tx, change)
            return _set_for_users(tx, change | {"user_ids": users})

    def trip(self, errors: int) -> str | None:
        """Stop everybody when the latest actions all failed with one error of the app or the platform.

        Args:
            errors: so many actions, of so many users or of all that acted within the hour.

        Returns:
            The note stored, or null.
        """
        with self._transactions() as tx:
            bound = {"errors": errors, "own_refusals": _OWN_REFUSALS, "common": COMMON_ERRORS}
            row = tx.execute(statement("kill_switch/trip"), bound).fetchone()
        return str(row["note"]) if row else None


def _set_for_all(tx: Connection, change: dict[str, Any]) -> SwitchChange:
    (row,) = tx.execute(statement("kill_switch/set_for_all"), change).fetchall()
    return SwitchChange(at=row["changed_at"], user_ids=None)


def _set_for_users(tx: Connection, change: dict[str, Any]) -> SwitchChange:
    rows: list[dict[str, Any]] = []

    def set_part(user_ids: Sequence[UUID]) -> None:
        rows.extend(tx.execute(statement("kill_switch/set_for_users"), change | {"user_ids": list(user_ids)}))

    each_or_halves(tx, change["user_ids"], set_part)
    found = tuple(sorted(row["user_id"] for row in rows))
    return SwitchChange(at=max((row["changed_at"] for row in rows), default=None), user_ids=found)
