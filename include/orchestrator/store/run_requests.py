"""Runs that are asked for over HTTP: opened at once, so that they can be asked about before they begin."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from orchestrator.domain.records import RefusedUser, RunRequest
from orchestrator.domain.user_records import PassProgress, StartedOrJoined
from orchestrator.store.database import Connection, Database, PoolLimits, statement, within
from orchestrator.store.kill_switch import KillSwitch
from orchestrator.store.run_openings import RunOpenings
from orchestrator.store.runs import LONGEST, RunRepository
from orchestrator.store.user_view import run_row


class RunRequestStore:
    """Our Postgres as the service, for what is asked in a user's or a scheduler's name.

    Every method raises ``DatabaseUnavailable`` when Postgres cannot be reached or breaks off.

    Args:
        dsn: ``postgresql://…``; the login must be allowed to act as the role ``ads_service``.
        limits: connections and statement time.
    """

    def __init__(self, dsn: str, *, limits: PoolLimits | None = None) -> None:
        self._database = Database(dsn, limits or PoolLimits(connections=4))
        self.run_openings = RunOpenings(self._database.transaction)
        self.runs = RunRepository(self._database.transaction)
        self.kill_switch = KillSwitch(self._database.transaction)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def ask(
        self, request: RunRequest, user_id: UUID, ended: Collection[str] = (), *, has_key: bool = False
    ) -> StartedOrJoined | RefusedUser:
        """Open a run for one user, or find the one that is there.

        Args:
            request: the run; its key is the user's own and its only user is this one.
            user_id: who asks. Others who ask for the same user wait for the answer.
            ended: keys of runs that are known to be over, whatever their rows say.
            has_key: whether who asks may repeat the request under the same key. Then a run that is
                joined is kept as the key's.

        Returns:
            The run of this key, else one that is going on, else a new one; or why there is none.
        """
        with self._database.transaction() as tx:
            tx.execute(statement("run_requests/lock_user"), {"user_id": user_id})
            kept = _kept(tx, request, user_id, ended)
            if kept is not None:
                return kept
            found = _going(tx, request, user_id, ended)
            if found is not None:
                if has_key:
                    _join(tx, request.run_key, found["run_key"], request.goal_keys)
                return StartedOrJoined(is_new=False, wished=request.goal_keys, **found)
            # Who asks is active: how long ago they were does not matter.
            openings = RunOpenings(within(tx))
            reason = openings.refusal(user_id, request.now)
            if reason is not None:
                return RefusedUser(user_id=user_id, reason=reason)
            openings.open_named(request)
            made = _run_of(tx, request.run_key, user_id)
        if made is None:
            raise RuntimeError(f"Bug! run {request.run_key} was opened and is not there")
        return StartedOrJoined(is_new=True, wished=request.goal_keys, **made)

    def joined(self, asked_key: str) -> str | None:
        """The run over everybody that a key joined."""
        with self._database.transaction() as tx:
            found = tx.execute(statement("run_requests/joined"), {"asked_key": asked_key}).fetchone()
        return None if found is None else str(found["run_key"])

    def join(self, asked_key: str, run_key: str) -> None:
        """Keep that a key joined a run over everybody."""
        with self._database.transaction() as tx:
            _join(tx, asked_key, run_key, None)

    def progress(self, run_key: str, at_most: int) -> PassProgress:
        """How far a pass over everybody is, with what it came to for ``at_most`` users."""
        with self._database.transaction() as tx:
            found = tx.execute(statement("run_requests/progress"), {"run_key": run_key}).fetchone()
            rows = tx.execute(
                statement("run_requests/results"), {"run_key": run_key, "at_most": at_most}
            ).fetchall()
        if found is None:
            return PassProgress(users_total=None, users_processed=0, is_over=False, results=())
        return PassProgress(**found, results=tuple((row.pop("user_id"), run_row(row)) for row in rows))

    def withdraw(self, run_key: str) -> None:
        """Forget a run that was opened and cannot be begun."""
        with self._database.transaction() as tx:
            tx.execute(statement("run_requests/withdraw"), {"run_key": run_key})


def _kept(
    tx: Connection, request: RunRequest, user_id: UUID, ended: Collection[str]
) -> StartedOrJoined | None:
    """The run that was made for this key, or that it joined."""
    own = _run_of(tx, request.run_key, user_id)
    if own is not None:
        return StartedOrJoined(is_new=False, wished=own["goal_keys"], **own)
    joined = _read(tx.execute(statement("run_requests/joined"), {"asked_key": request.run_key}).fetchone())
    if joined is None or joined["run_key"] in ended:
        return None
    found = _run_of(tx, joined["run_key"], user_id)
    return None if found is None else StartedOrJoined(is_new=False, wished=joined["goal_keys"], **found)


def _join(tx: Connection, asked_key: str, run_key: str, goal_keys: Collection[str] | None) -> None:
    goals = None if goal_keys is None else list(goal_keys)
    tx.execute(
        statement("run_requests/join"), {"asked_key": asked_key, "run_key": run_key, "goal_keys": goals}
    )


def _run_of(tx: Connection, run_key: str, user_id: UUID) -> dict[str, Any] | None:
    asked = {"run_key": run_key, "user_id": user_id}
    return _read(tx.execute(statement("run_requests/run_of_key"), asked).fetchone())


def _going(
    tx: Connection, request: RunRequest, user_id: UUID, ended: Collection[str]
) -> dict[str, Any] | None:
    asked = {"user_id": user_id, "dry_run": request.dry_run, "longest": LONGEST, "ended": list(ended)}
    return _read(tx.execute(statement("run_requests/current_run"), asked).fetchone())


def _read(row: dict[str, Any] | None) -> dict[str, Any] | None:
    if row is None or row["goal_keys"] is None:
        return row
    return row | {"goal_keys": tuple(row["goal_keys"])}
