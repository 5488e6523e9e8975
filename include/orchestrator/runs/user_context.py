"""What a run executes one user's actions with: the account behind its write guard, and the rows."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

from orchestrator.domain.records import UserRows, UserRun
from orchestrator.execution.context import ExecutionContext
from orchestrator.execution.write_guard import write_guard
from orchestrator.resources import Resources


def context_of(
    resources: Resources, run: UserRun, rows: UserRows, *, allow_when_stopped: bool = False
) -> ExecutionContext:
    """The account and the rows with which a run executes one user's actions.

    Args:
        resources: the database, the ads platform and the settings.
        run: the run, with the fencing token with which it holds the user.
        rows: what is stored of the user.
        allow_when_stopped: for an emergency stop alone: its pauses are written while writing is stopped.
    """
    guard = partial(
        write_guard,
        resources.store.leases,
        run,
        timedelta(seconds=resources.platform.longest_call_s),
        armed=resources.settings.armed,
        allow_when_stopped=allow_when_stopped,
    )
    return ExecutionContext(
        account=resources.platform.account(rows.assets, guard),
        capabilities=resources.capabilities,
        store=resources.store,
        user=rows,
        now=run.now,
        pause=partial(time.sleep, resources.settings.read_back_pause_s),
        campaigns={c.id: c for c in rows.campaigns},
        ad_sets={a.id: a for a in rows.ad_sets},
    )
