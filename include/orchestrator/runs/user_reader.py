"""Read one user from the platform, after settling what earlier runs left open.

What a dead process left half done is read back before anything is decided. What it left half made is made
whole here where no reduction is due, which never waits; else at the end of the run.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from orchestrator import rules
from orchestrator.domain import reasons, steps
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Snapshot
from orchestrator.domain.records import UserRows, UserRun
from orchestrator.errors import ConfigError
from orchestrator.execution.context import ExecutionContext
from orchestrator.execution.own_writes import as_written, own_writes
from orchestrator.platforms.base import AccountReading, InsightSource
from orchestrator.resources import Resources
from orchestrator.runs import adoption, open_actions
from orchestrator.runs.decide import decide
from orchestrator.runs.user_context import context_of
from orchestrator.snapshot import account_facts, asset_facts, builder, insights, refusals, restatement
from orchestrator.snapshot.insights import InsightWindows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One user as read: our rows brought up to date, and the platform's answer."""

    rows: UserRows
    reading: AccountReading
    seen: builder.Structure
    is_restated: bool
    """All days were read that the platform may have restated; else the latest alone."""
    unusable: tuple[str, ...]
    """A sentence about each creative and each audience that cannot be used."""


class UserNow(NamedTuple):
    """One user's snapshot, and a sentence about each creative and audience that cannot be used."""

    snapshot: Snapshot
    unusable: tuple[str, ...]


def read_user(
    resources: Resources,
    run: UserRun,
    rows: UserRows | ConfigError,
    open_rows: Sequence[ActionRow],
    written: Sequence[ActionRow] = (),
) -> Read:
    """Read one user from the platform, after settling what is open.

    Args:
        resources: the database, the ads platform and the settings.
        run: the user's run.
        rows: what is stored of the user.
        open_rows: actions of earlier runs that may or may not have happened.
        written: actions that succeeded a moment ago.

    Raises:
        ConfigError: what the user or we typed in is wrong.
        PlatformError: the platform did not answer, or refused.
    """
    if isinstance(rows, ConfigError):
        raise rows
    context = context_of(resources, run, rows)
    context.own_writes = own_writes(written)
    is_due = rows.assets.is_unlisted and not run.dry_run and resources.settings.armed
    found = adoption.adopt(context, open_rows) if is_due else None
    read = _settle_and_read(resources, run, rows, context, open_rows)
    if found is not None:
        adoption.record(context, run, found, read.seen)
    return read


def read_now(resources: Resources, user_id: UUID, now: datetime) -> UserNow:
    """One user as a run would read them at ``now``. Stores nothing and settles nothing.

    Raises:
        PlatformError: the platform could not be read.
        ConfigError: what is stored of the user is wrong, or an amount does not fit the currency.
    """
    run = UserRun(
        run_id=user_id,
        user_id=user_id,
        batch=None,
        now=now,
        dry_run=True,
        goal_keys=None,
        trigger="dryrun",
        status="running",
        error=None,
    )
    rows = resources.store.users.load([user_id], history_since=history_start(resources, now))
    read = read_user(resources, run, rows[user_id], ())
    found = windows(resources, [run], {run.run_id: read})[run.run_id]
    return UserNow(builder.snapshot(read.rows, read.reading.account, read.seen, found, now), read.unusable)


def history_start(resources: Resources, now: datetime) -> datetime:
    """The start of what a plan looks back at."""
    return now - resources.policy.longest_cooldown


def windows(
    resources: Resources, runs: Sequence[UserRun], read: Mapping[UUID, Read]
) -> dict[UUID, InsightWindows]:
    """The insights of some users; days that were not read again come from the stored ones."""
    if not runs:
        return {}
    reports = resources.platform.insight_reports({run.run_id: _source(read[run.run_id]) for run in runs})
    found = insights.windows(reports, runs[0].now)
    stored = resources.store.insight_days.stored_days(
        {
            run.user_id: restatement.stored_days(
                restatement.today(run.now, read[run.run_id].rows.assets.timezone)
            )
            for run in runs
            if not read[run.run_id].is_restated
        }
    )
    return {
        run.run_id: builder.with_stored_days(
            found[run.run_id], read[run.run_id].rows.ad_sets, stored.get(run.user_id, {})
        )
        for run in runs
    }


def read_again(resources: Resources, run: UserRun, rows: UserRows | ConfigError) -> Read:
    """Read one user once more in the same run; nothing is settled, and nothing lost is looked for.

    Raises:
        ConfigError: what the user or we typed in is wrong.
        PlatformError: the platform did not answer, or refused.
    """
    if isinstance(rows, ConfigError):
        raise rows
    return _read(resources, run, rows, context_of(resources, run, rows))


def _settle_and_read(
    resources: Resources,
    run: UserRun,
    rows: UserRows,
    context: ExecutionContext,
    open_rows: Sequence[ActionRow],
) -> Read:
    if not open_rows:
        return _read(resources, run, rows, context)
    open_actions.remember_ids(resources.store, context, open_rows)
    half_made = [row for row in open_rows if open_actions.is_creation(row)]
    open_actions.settle(context, [row for row in open_rows if row not in half_made])
    read = _read(resources, run, _with_history(resources, run, rows), context)
    if not half_made or _is_reduced(resources, run, read):
        return read
    if open_actions.settle(context, half_made) == half_made:
        return read
    return _read(resources, run, _with_history(resources, run, rows), context)


def _read(resources: Resources, run: UserRun, rows: UserRows, context: ExecutionContext) -> Read:
    rows = replace(rows, campaigns=tuple(context.campaigns.values()), ad_sets=tuple(context.ad_sets.values()))
    account_facts.check_time_zone(rows.assets)
    refused_retry = timedelta(hours=resources.policy.refused_retry_hours)
    rows = refusals.with_refusals(rows, run.now - refused_retry)
    today = restatement.today(run.now, rows.assets.timezone)
    is_due = restatement.is_due(rows.assets.insights_restated_at, run.now, run.user_id)
    since = restatement.first_day(today, resources.capabilities.restated_days, due=is_due)
    needs = resources.platform.needs(rows)
    wanted = asset_facts.due(rows, needs, run.now)
    reading = _as_written(context, context.account.read(sorted(context.campaigns), since, today, wanted))
    rows = asset_facts.with_facts(rows, needs, reading.absent_assets, run.now)
    account_facts.check_account(rows.assets, reading.account)
    # What settling created a moment ago may not be listed yet.
    seen = builder.structure(
        rows,
        (reading.campaigns, reading.ad_sets),
        run.now,
        trusted=context.trusted,
        sharing=context.sharing(),
    )
    return Read(
        rows=rows,
        reading=reading,
        seen=seen,
        is_restated=is_due,
        unusable=asset_facts.unusable_texts(rows, needs),
    )


def _as_written(context: ExecutionContext, reading: AccountReading) -> AccountReading:
    """The reading with what we wrote a moment ago, where it is late; it is read once more before."""
    tree, late = as_written((reading.campaigns, reading.ad_sets), context.own_writes)
    if not late:
        return reading
    context.pause()
    tree, late = as_written(context.account.tree(sorted(context.campaigns)), context.own_writes)
    if late:
        log.info("user %s: Meta does not show yet what we wrote to %s", context.user.user_id, ", ".join(late))
    return replace(reading, campaigns=tree[0], ad_sets=tree[1])


def _with_history(resources: Resources, run: UserRun, rows: UserRows) -> UserRows:
    """The rows with the history as it is now: what was settled only now counts in the cooldowns."""
    now = resources.store.users.load([run.user_id], history_since=history_start(resources, run.now))
    found = now[run.user_id]
    if isinstance(found, ConfigError):
        raise found
    return replace(rows, history=found.history, refusals=found.refusals)


def _is_reduced(resources: Resources, run: UserRun, read: Read) -> bool:
    """Whether the run would pause or lower something, but to make room for what it adds."""
    found = windows(resources, [run], {run.run_id: read})[run.run_id]
    snapshot = builder.snapshot(read.rows, read.reading.account, read.seen, found, run.now)
    state = rules.initial_state(snapshot, resources.policy)
    for step in steps.RULES:
        decision = decide(step, state, run.goal_keys)
        if any(rules.is_reduction(a) and a.reason != reasons.MAKE_ROOM.code for a in decision.actions):
            return True
        state = rules.fold(state, ((action, "success") for action in decision.actions))
    return False


def _source(one: Read) -> InsightSource:
    return InsightSource(
        reading=one.reading,
        assets=one.rows.assets,
        goal_of=one.seen.goal_of,
    )
