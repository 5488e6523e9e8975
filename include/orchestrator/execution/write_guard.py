"""The guard around every write to the platform: one for runs and for emergency stops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from orchestrator.domain.records import UserRun
from orchestrator.errors import LeaseLost
from orchestrator.store.leases import LeaseRepository


@contextmanager
def write_guard(
    leases: LeaseRepository, run: UserRun, call: timedelta, *, armed: bool, allow_when_stopped: bool = False
) -> Iterator[None]:
    """Claim the user for one write.

    Release the claim once the call was answered. When the call raises, the claim stays until ``call`` is
    over: it may still be under way.

    Args:
        leases: where the run's lease and the kill switch are checked.
        run: the run that holds the user.
        call: how long the write may be under way once it is sent.
        armed: whether this deployment may write at all.
        allow_when_stopped: for the pauses of an emergency stop alone, which are written while writing is
            stopped, and only then.

    Raises:
        LeaseLost: the run does not hold its user, has ended or is dry, or the deployment is not armed.
        Stopped: an operator or a breaker stopped writing.
    """
    if run.dry_run or run.fencing_token is None or not armed:
        raise LeaseLost("a run that does not hold its user, or that is not armed, may not write")
    leases.begin_write(run.user_id, run.fencing_token, call, allow_when_stopped=allow_when_stopped)
    yield
    leases.end_write(run.user_id, run.fencing_token)
