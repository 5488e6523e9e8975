"""Find objects of ours that no row knows: once after each start of the database, before anything is raised.

A database that was restored from a backup does not know what was made since. What is found is adopted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.records import AdSetRow, CampaignRow, UserRun
from orchestrator.errors import PlatformError, ProofRefused
from orchestrator.execution.context import ExecutionContext
from orchestrator.snapshot import builder, lost_objects, object_names
from orchestrator.snapshot.lost_objects import LostObjects

log = logging.getLogger(__name__)

ADVICE = "archive it in Ads Manager, or give it its name again"


def adopt(context: ExecutionContext, open_rows: Sequence[ActionRow]) -> LostObjects:
    """Make rows of the objects with our mark that have none; those of open actions are read back."""
    keys = {row.key for row in open_rows}
    try:
        marked = context.account.marked(object_names.MARK)
    except ProofRefused:  # no other read would be answered
        raise
    except PlatformError as error:
        return LostObjects(problem=f"the account could not be looked through: {error}")
    user = context.user
    theirs, is_shared = context.store.ad_objects.neighbours(
        user.user_id, user.assets.ad_account_id, [each.id for part in marked for each in part]
    )
    found = lost_objects.lost_objects(user, marked, keys, theirs=theirs, is_shared=is_shared)
    for campaign in found.campaigns:
        context.remember(campaign)
    for ad_set in found.ad_sets:
        context.remember(ad_set)
    return found


def record(context: ExecutionContext, run: UserRun, found: LostObjects, seen: builder.Structure) -> None:
    """Record what was found, and whether anything may rise in this run.

    What is ACTIVE or has a higher budget than our rows have it, may be of actions that the database lost:
    then nothing is raised on top of it before the next run.
    """
    surprises = _surprises(context, seen)
    holds_rises = bool(found or surprises)
    for what in (*_said(found), *surprises) if holds_rises else ():
        log.warning("user %s: %s; nothing rises in this run", run.user_id, what)
    context.store.ad_objects.record_listing(
        run.user_id, run.run_id, is_clear=found.is_clear, holds_rises=holds_rises
    )


def _said(found: LostObjects) -> Iterator[str]:
    if found.campaigns or found.ad_sets:
        count = f"{len(found.campaigns)} campaigns and {len(found.ad_sets)} ad sets"
        yield f"{count} that the orchestrator made were unknown to the database, and are known again"
    for each in found.unclear:
        yield f"{each.name!r} ({each.id}) bears our mark, and the database does not know it: {ADVICE}"
    if found.problem is not None:
        yield found.problem


def _surprises(context: ExecutionContext, seen: builder.Structure) -> list[str]:
    """Objects that may spend more than our rows say."""
    return [
        f"{_kind(row).replace('_', ' ')} {row.id} may spend more than the database knew"
        for row in seen.changed
        if _may_spend_more(context.row_of(_kind(row), row.id), row)
    ]


def _kind(row: CampaignRow | AdSetRow) -> str:
    return "campaign" if isinstance(row, CampaignRow) else "ad_set"


def _may_spend_more(known: CampaignRow | AdSetRow, now: CampaignRow | AdSetRow) -> bool:
    if now.status != "ACTIVE":
        return False
    had = _own_minor(known)  # without one a person gave it one, which is theirs
    return known.status != "ACTIVE" or (had is not None and (_own_minor(now) or 0) > had)


def _own_minor(row: CampaignRow | AdSetRow) -> int | None:
    """What it may spend a day by a budget of its own, of either kind; null: it has none."""
    return row.lifetime_daily_minor if row.daily_budget_minor is None else row.daily_budget_minor
