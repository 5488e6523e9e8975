"""Runs requested over HTTP: opened at once, so that they can be queried before they begin."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from orchestrator.domain.records import RefusedUser, RunRequest
from orchestrator.domain.user_records import RunProgress, StartedOrJoined
from orchestrator.store.database import Connection, Database, PoolLimits, Transactions, statement, within
from orchestrator.store.kill_switch import KillSwitch
from orchestrator.store.run_openings import RunOpenings
from orchestrator.store.runs import LONGEST, RunRepository
from orchestrator.store.user_view import run_record


class RunRequestStore:
    """Our Postgres as the service, for requests of a user or of a scheduler.

    Every method of every repository raises ``DatabaseUnavailable`` when Postgres cannot be reached
    or the connection breaks.

    Args:
        dsn: ``postgresql://…``; the login must be allowed to act as the role ``ads_service``.
        limits: connections and statement time.
    """

    def __init__(self, dsn: str, *, limits: PoolLimits | None = None) -> None:
        self._database = Database(dsn, limits or PoolLimits(connections=4))
        begin = self._database.transaction
        self.requests = RunRequests(begin)
        self.run_openings = RunOpenings(begin)
        self.runs = RunRepository(begin)
        self.kill_switch = KillSwitch(begin)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()


class RunRequests:
    """Requested runs by idempotency key. Each call is one short transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def start_or_join(
        self, request: RunRequest, user_id: UUID, ended: Collection[str] = (), *, has_key: bool = False
    ) -> StartedOrJoined | RefusedUser:
        """Open a run for one user, or return the current one. Requests of one user are serialized.

        Args:
            request: the run; its key is the user's own and its only user is this one.
            user_id: the user.
            ended: keys of runs known to be over, whatever their rows say.
            has_key: whether the request may be repeated under the same key. A run joined is then
                stored under it.

        Returns:
            The run of this key, else the current run, else a new one; or the reason for none.
        """
        with self._transactions() as tx:
            tx.execute(statement("run_requests/lock_user"), {"user_id": user_id})
            earlier = _run_of_key(tx, request, user_id, ended)
            if earlier is not None:
                return earlier
            current = _current(tx, request, user_id, ended)
            if current is not None:
                if has_key:
                    RunRequests(within(tx)).join(request.run_key, current["run_key"], request.goal_keys)
                return StartedOrJoined(is_new=False, requested_goal_keys=request.goal_keys, **current)
            return _open(tx, request, user_id)

    def joined(self, request_key: str) -> str | None:
        """The key of the run that a request joined; null when it joined none."""
        with self._transactions() as tx:
            row = tx.execute(statement("run_requests/joined"), {"request_key": request_key}).fetchone()
        return None if row is None else str(row["run_key"])

    def join(self, request_key: str, run_key: str, goal_keys: Collection[str] | None = None) -> None:
        """Store that a request joined a run, with the goals requested; null: all."""
        goals = None if goal_keys is None else list(goal_keys)
        bound = {"request_key": request_key, "run_key": run_key, "goal_keys": goals}
        with self._transactions() as tx:
            tx.execute(statement("run_requests/join"), bound)

    def progress(self, run_key: str, at_most: int) -> RunProgress:
        """The progress of a whole run, with the results of at most ``at_most`` users."""
        with self._transactions() as tx:
            found = tx.execute(statement("run_requests/progress"), {"run_key": run_key}).fetchone()
            bound = {"run_key": run_key, "at_most": at_most}
            rows = tx.execute(statement("run_requests/results"), bound).fetchall()
        if found is None:
            return RunProgress(users_total=None, users_processed=0, is_over=False, results=())
        return RunProgress(**found, results=tuple((row.pop("user_id"), run_record(row)) for row in rows))

    def withdraw(self, run_key: str) -> None:
        """Delete a run that was opened and cannot be begun."""
        with self._transactions() as tx:
            tx.execute(statement("run_requests/withdraw"), {"run_key": run_key})


def _run_of_key(
    tx: Connection, request: RunRequest, user_id: UUID, ended: Collection[str]
) -> StartedOrJoined | None:
    """The run opened under the request's key, or the one that it joined."""
    own = _run(tx, request.run_key, user_id)
    if own is not None:
        return StartedOrJoined(is_new=False, requested_goal_keys=own["goal_keys"], **own)
    row = tx.execute(statement("run_requests/joined"), {"request_key": request.run_key}).fetchone()
    joined = _with_goals(row)
    if joined is None or joined["run_key"] in ended:
        return None
    found = _run(tx, joined["run_key"], user_id)
    if found is None:
        return None
    return StartedOrJoined(is_new=False, requested_goal_keys=joined["goal_keys"], **found)


def _open(tx: Connection, request: RunRequest, user_id: UUID) -> StartedOrJoined | RefusedUser:
    openings = RunOpenings(within(tx))
    # A user who requests a run is active: the time of their last activity does not matter.
    reason = openings.refusal(user_id, request.now)
    if reason is not None:
        return RefusedUser(user_id=user_id, reason=reason)
    openings.open_named(request)
    opened = _run(tx, request.run_key, user_id)
    if opened is None:
        raise RuntimeError(f"Bug! run {request.run_key} was opened and is not there")
    return StartedOrJoined(is_new=True, requested_goal_keys=request.goal_keys, **opened)


def _run(tx: Connection, run_key: str, user_id: UUID) -> dict[str, Any] | None:
    bound = {"run_key": run_key, "user_id": user_id}
    return _with_goals(tx.execute(statement("run_requests/run_of_key"), bound).fetchone())


def _current(
    tx: Connection, request: RunRequest, user_id: UUID, ended: Collection[str]
) -> dict[str, Any] | None:
    bound = {"user_id": user_id, "dry_run": request.dry_run, "longest": LONGEST, "ended": list(ended)}
    return _with_goals(tx.execute(statement("run_requests/current_run"), bound).fetchone())


def _with_goals(row: dict[str, Any] | None) -> dict[str, Any] | None:
    if row is None or row["goal_keys"] is None:
        return row
    return row | {"goal_keys": tuple(row["goal_keys"])}
