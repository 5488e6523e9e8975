"""Settle the actions of a user that may or may not have happened; nothing waits for one that cannot be."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from uuid import UUID

from orchestrator import rules
from orchestrator.domain.action_log import OPEN, ActionRow
from orchestrator.errors import PlatformError, Stopped
from orchestrator.execution import reconciler
from orchestrator.execution.context import ExecutionContext
from orchestrator.store import Store

log = logging.getLogger(__name__)

_CREATIONS = frozenset({"create_campaign", "create_adset", "promote_winner"})


def is_creation(row: ActionRow) -> bool:
    """Whether settling it may take writes: what is found half made is made whole."""
    return row.status in OPEN and row.action.action_type in _CREATIONS


def is_left_over(row: ActionRow, run_id: UUID) -> bool:
    """Whether it is a creation that a run before this one left half made."""
    return is_creation(row) and row.run_id != run_id


def remember_ids(store: Store, context: ExecutionContext, open_rows: Sequence[ActionRow]) -> None:
    """Map the planned ids of what the runs of some open actions created."""
    for earlier in store.action_log.actions(sorted({row.run_id for row in open_rows})):
        context.remember_ids(earlier)


def settle_in_run(context: ExecutionContext, run_id: UUID, open_rows: Sequence[ActionRow]) -> frozenset[str]:
    """Settle what is open amid a run, before its rises; the goals of which something still is.

    What an earlier run left half made, and was not finished before this one read the account, is not in its
    plan: its goal waits until the run is over. A rise that stays open counts as made wherever room is needed.
    """
    now = [row for row in open_rows if not is_left_over(row, run_id)]
    left_over = [row for row in open_rows if is_left_over(row, run_id)]
    still_open = [row for row in settle(context, now) if row.status in OPEN]
    context.open_rises += [row.action for row in still_open if rules.is_increase(row.action)]
    return open_goals([*still_open, *left_over])


def finish_half_made(context: ExecutionContext, run_id: UUID, open_rows: Sequence[ActionRow]) -> None:
    """Finish what an earlier run left half made, after the last action of this one: nothing rises on it."""
    settle(context, [row for row in open_rows if is_left_over(row, run_id)])


def settle(context: ExecutionContext, open_rows: Iterable[ActionRow]) -> list[ActionRow]:
    """Settle open actions in the order they were decided. One that cannot be settled now stays as it is."""
    return [_settle(context, row) for row in open_rows]


def _settle(context: ExecutionContext, row: ActionRow) -> ActionRow:
    try:
        settled = reconciler.reconcile(context, row)
    except (PlatformError, Stopped) as error:
        log.warning("user %s: action %d stays open: %s", row.user_id, row.id, error)
        return row
    context.remember_ids(settled)
    return settled


def open_goals(rows: Iterable[ActionRow]) -> frozenset[str]:
    """The goals of which something may or may not have happened: nothing rises there before it is settled."""
    return frozenset(row.action.goal_key for row in rows if row.status in OPEN)
