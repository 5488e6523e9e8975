"""Read each user of a batch from the platform once and store what was read as the run's snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from orchestrator.documents import codec
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.evidence import first_failed
from orchestrator.domain.gates import account_gates
from orchestrator.domain.records import UserRows, UserRun
from orchestrator.domain.user_records import AccountCondition
from orchestrator.errors import ConfigError
from orchestrator.execution.own_writes import LATE
from orchestrator.resources import Resources
from orchestrator.runs import log_lines
from orchestrator.runs.user_reader import Read, history_start, read_user, windows
from orchestrator.runs.worker_pool import WorkerPool
from orchestrator.snapshot import builder


def collect_snapshots(resources: Resources, pool: WorkerPool, runs: Sequence[UserRun]) -> None:
    """Store a snapshot for every user of the batch that has none yet in this run."""
    have = resources.store.snapshots.existing([r.run_id for r in runs])
    runs = [r for r in runs if r.run_id not in have]
    if not runs:
        return
    rows = load_users(resources, pool, runs, history_start(resources, runs[0].now))
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


def _store(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], read: Mapping[UUID, Read]
) -> None:
    pool.do_together(runs, lambda part: _upsert_objects(resources, part, read))
    pool.do_together(runs, lambda part: _save_asset_checks(resources, part, read))
    pool.do_together(runs, lambda part: _save_account_conditions(resources, part, read))
    for run in runs:
        log_lines.write(run, read[run.run_id].unusable)
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


def _save_account_conditions(
    resources: Resources, runs: Sequence[UserRun], read: Mapping[UUID, Read]
) -> None:
    """Keep how the accounts are at the platform: a stopped one waits for a person."""
    resources.store.users.save_account_conditions([_condition(run, read[run.run_id]) for run in runs])


def _condition(run: UserRun, one: Read) -> AccountCondition:
    account = one.reading.account
    reason, _ = first_failed(account_gates(account.status, account.spend_cap_left_minor))
    return AccountCondition(
        user_id=run.user_id,
        at=run.now,
        ad_account_id=one.rows.assets.ad_account_id,
        name=account.name,
        status=account.status,
        stopped_for=reason,
    )
