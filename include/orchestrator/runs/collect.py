"""Read each user of a batch from the platform once and store what was read as the run's snapshot.

Open actions of earlier runs are settled first: what a dead process left half done is read
back before anything is decided. What it left half made is made whole only where no reduction is due, which
never waits.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain import messages, reasons
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Snapshot
from orchestrator.domain.records import UserRows, UserRun
from orchestrator.errors import ConfigError
from orchestrator.execution import reconciler
from orchestrator.execution.context import ExecutionContext
from orchestrator.execution.own_writes import LATE, as_written, own_writes
from orchestrator.execution.write_guard import write_guard
from orchestrator.platforms.base import AccountReading, InsightSource
from orchestrator.resources import Resources
from orchestrator.runs import adoption, log_lines, open_actions
from orchestrator.runs.decide import decide
from orchestrator.runs.worker_pool import WorkerPool
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
    unusable: Mapping[str, str]
    """What creatives that cannot be used lack, by their ids."""


class UserNow(NamedTuple):
    """One user's snapshot, and what creatives that cannot be used lack, by their ids."""

    snapshot: Snapshot
    unusable: Mapping[str, str]


def collect_snapshots(resources: Resources, pool: WorkerPool, runs: Sequence[UserRun]) -> None:
    """Store a snapshot for every user of the batch that has none yet in this run."""
    have = resources.store.snapshots.existing([r.run_id for r in runs])
    runs = [r for r in runs if r.run_id not in have]
    if not runs:
        return
    rows = load_users(resources, pool, runs, _history_start(resources, runs[0].now))
    open_rows = pool.map_together(runs, lambda part: _open_rows(resources, part))
    written = pool.map_together(runs, lambda part: _recent_writes(resources, part))
    read = pool.map(
        runs,
        lambda run: read_user(
            resources,
            run,
            rows[run.run_id],
            open_rows.get(run.run_id, ()),
            written.get(run.run_id, ()),
        ),
    )
    _store(resources, pool, [r for r in runs if r.run_id in read], read)


def load_users(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], history_since: datetime
) -> dict[UUID, UserRows | ConfigError]:
    """What is stored of the runs' users, by run."""

    def load(part: Sequence[UserRun]) -> dict[UUID, UserRows | ConfigError]:
        rows = resources.store.users.load([r.user_id for r in part], history_since=history_since)
        return {run.run_id: rows[run.user_id] for run in part}

    return pool.map_together(runs, load)


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
    rows = resources.store.users.load([user_id], history_since=_history_start(resources, now))
    read = read_user(resources, run, rows[user_id], ())
    found = windows(resources, [run], {run.run_id: read})[run.run_id]
    return UserNow(builder.snapshot(read.rows, read.reading.account, read.seen, found, now), read.unusable)


def _history_start(resources: Resources, now: datetime) -> datetime:
    """The start of what a plan looks back at."""
    return now - resources.policy.longest_cooldown


def _open_rows(resources: Resources, runs: Sequence[UserRun]) -> dict[UUID, list[ActionRow]]:
    """Open actions of earlier runs, by run. A dry run writes nothing, so it leaves them."""
    by_run: dict[UUID, list[ActionRow]] = {}
    live = {r.user_id: r.run_id for r in runs if not r.dry_run}
    for row in resources.store.action_log.unresolved(live) if live else ():
        by_run.setdefault(live[row.user_id], []).append(row)
    return by_run


def _recent_writes(resources: Resources, runs: Sequence[UserRun]) -> dict[UUID, list[ActionRow]]:
    """What was written a moment ago, by run: a read may not show it yet."""
    by_run: dict[UUID, list[ActionRow]] = {}
    run_of = {r.user_id: r.run_id for r in runs}
    for row in resources.store.action_log.recent_writes(run_of, LATE):
        by_run.setdefault(run_of[row.user_id], []).append(row)
    return by_run


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
    unfinished = reconciler.adopt_unfinished(context.campaigns.values(), tuple(context.ad_sets.values()))
    context.campaigns |= {c.id: c for c in unfinished}
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
        unusable=asset_facts.unusable_text(rows, needs),
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
    now = resources.store.users.load([run.user_id], history_since=_history_start(resources, run.now))
    found = now[run.user_id]
    if isinstance(found, ConfigError):
        raise found
    return replace(rows, history=found.history, refusals=found.refusals)


def _is_reduced(resources: Resources, run: UserRun, read: Read) -> bool:
    """Whether the run would pause or lower something, but to make room for what it adds."""
    found = windows(resources, [run], {run.run_id: read})[run.run_id]
    snapshot = builder.snapshot(read.rows, read.reading.account, read.seen, found, run.now)
    state = rules.initial_state(snapshot, resources.policy)
    for step in rules.STEPS:
        decision = decide(step, state, run.goal_keys)
        if any(rules.is_reduction(a) and a.reason != reasons.MAKE_ROOM.code for a in decision.actions):
            return True
        state = rules.fold(state, ((action, "success") for action in decision.actions))
    return False


def _store(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], read: Mapping[UUID, Read]
) -> None:
    pool.do_together(runs, lambda part: _upsert_objects(resources, part, read))
    pool.do_together(runs, lambda part: _save_asset_checks(resources, part, read))
    for run in runs:
        log_lines.write(run, itertools.starmap(messages.unusable_text, read[run.run_id].unusable.items()))
    found = pool.map_together(runs, lambda part: windows(resources, part, read))

    def snapshot(run: UserRun) -> bytes:
        one = read[run.run_id]
        return codec.snapshot_text(
            builder.snapshot(one.rows, one.reading.account, one.seen, found[run.run_id], run.now)
        )

    texts = pool.map_inline(runs, snapshot)

    def save(part: Sequence[UserRun]) -> None:
        resources.store.snapshots.save(
            {run.run_id: texts[run.run_id] for run in part},
            part_events={run.run_id: found[run.run_id].part_events for run in part},
        )

    pool.do_together(runs, save)


def _upsert_objects(resources: Resources, runs: Sequence[UserRun], read: Mapping[UUID, Read]) -> None:
    # A dry run holds nobody: a live one beside it knows better.
    fencing_tokens = {run.user_id: run.fencing_token for run in runs if run.fencing_token is not None}
    resources.store.ad_objects.upsert_observed(
        [row for run in runs for row in read[run.run_id].seen.changed], fencing_tokens=fencing_tokens
    )


def _save_asset_checks(resources: Resources, runs: Sequence[UserRun], read: Mapping[UUID, Read]) -> None:
    """Keep what was found of the assets where this reading looked for them."""
    resources.store.users.save_asset_checks(
        {
            run.user_id: checked
            for run in runs
            if (checked := read[run.run_id].rows.assets.checked) and checked.at == run.now
        }
    )


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


def _source(one: Read) -> InsightSource:
    return InsightSource(
        reading=one.reading,
        assets=one.rows.assets,
        goal_of=one.seen.goal_of,
    )
