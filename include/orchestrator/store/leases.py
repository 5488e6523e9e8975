"""What is asked before every write: the fencing token, the operators' switches, the cap in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from orchestrator.domain.write_switch import Budgets, Switch, SwitchChange
from orchestrator.errors import LeaseLost, Stopped
from orchestrator.store.database import Connection, statement

EVERYBODY = "writing is stopped for everybody"


def begin_write(
    tx: Connection, user_id: UUID, fencing_token: int, call: timedelta, *, although_stopped: bool = False
) -> None:
    """Claim the user for one write that takes at most ``call``.

    Args:
        tx: the transaction.
        user_id: whom the write is for.
        fencing_token: the token with which the user was taken.
        call: how long the write may be under way.
        although_stopped: for the pauses of an operator's stop alone; only while it stands.

    Raises:
        Fenced: the run was ended, or another run or try has taken the user over.
        Stopped: an operator or a breaker stopped writing for this user or for everybody.
    """
    asked = {"user_id": user_id, "fence": fencing_token, "call": call, "although_stopped": although_stopped}
    row = tx.execute(statement("leases/begin_write"), asked).fetchone()
    if row is None:
        raise RuntimeError("Bug! the question whether a write may be made has no answer")
    if row["allowed"]:
        return
    if row["everyone_stopped"] and not although_stopped:
        note = f": {row['everyone_note']}" if row["everyone_note"] else ""
        raise Stopped(f"{EVERYBODY}{note}; python -m orchestrator start lets it go on")
    if row["user_stopped"] and not although_stopped:
        raise Stopped("an operator stopped this user; python -m orchestrator start --user lets it go on")
    if although_stopped and not (row["everyone_stopped"] or row["user_stopped"]):
        raise LeaseLost("somebody let writing go on again; nothing more is paused")
    if although_stopped and row["switch_gone"]:
        raise LeaseLost(
            "nobody can tell whether writing is stopped, the switch's row is gone; nothing is paused"
        )
    raise LeaseLost("the run was ended, or another run or try works on the user now; nothing more is written")


def end_write(tx: Connection, user_id: UUID, fencing_token: int) -> None:
    """Say that the call is over: answered, refused or given up after its time. Its outcome may be unknown."""
    tx.execute(statement("leases/end_write"), {"user_id": user_id, "fence": fencing_token})


def held(tx: Connection, fencing_tokens: Mapping[UUID, int]) -> set[UUID]:
    """Which users are still held under these tokens; they stay so until the transaction ends."""
    if not fencing_tokens:
        return set()
    taken = {"user_ids": list(fencing_tokens), "fences": list(fencing_tokens.values())}
    return {row["user_id"] for row in tx.execute(statement("leases/still_held"), taken)}


def budgets(tx: Connection, user_id: UUID) -> Budgets:
    """What the user typed, as it is now."""
    row = tx.execute(statement("leases/budgets"), {"user_id": user_id}).fetchone()
    return Budgets(**row) if row else Budgets(global_daily_budget=None, max_daily_budget=None)


def trip(tx: Connection, errors: int) -> str | None:
    """Stop everybody when the latest ``errors`` actions all failed alike; what tripped it, or null."""
    row = tx.execute(statement("leases/trip_switch"), {"errors": errors}).fetchone()
    return str(row["note"]) if row else None


def seize(tx: Connection, run_id: UUID, lease: timedelta) -> int | None:
    """Take the user of an operator's stop from whoever has it; null while a write is under way."""
    row = tx.execute(statement("leases/seize_lease"), {"run_id": run_id, "lease": lease}).fetchone()
    return None if row is None else int(row["fencing_token"])


def switch(
    tx: Connection, user_ids: Sequence[UUID] | None, *, stopped: bool, note: str | None, changed_by: str
) -> SwitchChange:
    """Stop or start some users, or everybody (null); when that was, and which of them there are."""
    told = {"stopped": stopped, "note": note, "changed_by": changed_by}
    if not stopped:
        tx.execute(
            statement("leases/forget_stop"), {"user_ids": None if user_ids is None else list(user_ids)}
        )
    if user_ids is None:
        rows = tx.execute(statement("leases/switch_everyone"), told).fetchall()
        return SwitchChange(at=rows[0]["changed_at"], user_ids=None)
    rows = tx.execute(statement("leases/switch_users"), told | {"user_ids": list(user_ids)}).fetchall()
    found = tuple(sorted(row["user_id"] for row in rows))
    return SwitchChange(at=max((row["changed_at"] for row in rows), default=None), user_ids=found)


def standing(tx: Connection) -> Switch:
    """The switches as they are now. One that is gone stops everybody."""
    row = tx.execute(statement("leases/switch")).fetchone()
    return (
        Switch(**row)
        if row
        else Switch(stopped=True, note=None, changed_by=None, changed_at=None, users_stopped=0)
    )


def spending_users(
    tx: Connection, user_ids: Sequence[UUID] | None, after: UUID | None, page_size: int
) -> list[UUID]:
    """Users with a living campaign of ours, a page in key order."""
    asked = {
        "user_ids": None if user_ids is None else list(user_ids),
        "after": after,
        "page_size": page_size,
    }
    return [row["user_id"] for row in tx.execute(statement("leases/spending_users"), asked)]
