"""Complete the insights of a run's users, and store them day by day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from orchestrator.documents import codec
from orchestrator.domain import money
from orchestrator.domain.model import Snapshot
from orchestrator.domain.records import DailyRow, PartEvents, UserRun
from orchestrator.resources import Resources
from orchestrator.runs import collect, user_reader
from orchestrator.runs.decide import UserStep
from orchestrator.runs.worker_pool import WorkerPool
from orchestrator.snapshot import builder, known_figures, restatement

_DOUBTED = (
    "doubted  {number} ad sets have figures that contradict what is known: their days are not lowered, until "
    "the figures are back or a person accepts them (accept-figures)"
)
_STALE = "stale    the figures could not be read whole: winners, scaling and pausing are held"


def extract(resources: Resources, pool: WorkerPool, runs: Sequence[UserRun]) -> list[UserStep]:
    """Complete the insights that the first reading lacked, and store the daily rows.

    Returns:
        Log lines about each user's insights.
    """
    stored = pool.map_together(runs, lambda part: resources.store.snapshots.texts([r.run_id for r in part]))
    runs = [r for r in runs if r.run_id in stored]
    snapshots = pool.map_inline(runs, lambda run: codec.own_snapshot(stored[run.run_id]))
    runs = pool.remaining(runs)
    stale = [r for r in runs if snapshots[r.run_id].account.insights_read_at is None]
    if stale:
        snapshots |= _completed(resources, pool, stale, snapshots)
    doubted = pool.map_inline(
        runs, lambda run: known_figures.contradicting(snapshots[run.run_id], resources.policy)
    )
    pool.do_together(runs, lambda part: _upsert_days(resources, part, snapshots, doubted))
    pool.do_together(runs, lambda part: _learn(resources, part, snapshots))
    cases = pool.map_inline(runs, lambda run: _case(run, snapshots[run.run_id], len(doubted[run.run_id])))
    return list(cases.values())


def _completed(
    resources: Resources, pool: WorkerPool, stale: Sequence[UserRun], snapshots: Mapping[UUID, Snapshot]
) -> dict[UUID, Snapshot]:
    """Read the insights once more; where they are whole now, they go into the snapshot."""
    # Without insights the user can still be worked on, so a second failure is no failure.
    second = WorkerPool(size=pool.size)
    rows = collect.load_users(resources, second, stale, stale[0].now)
    read = second.map(stale, lambda run: user_reader.read_again(resources, run, rows[run.run_id]))
    found = second.map_together(stale, lambda part: user_reader.windows(resources, part, read))

    whole = second.map_inline(
        [r for r in stale if r.run_id in found and found[r.run_id].read_at is not None],
        lambda run: builder.with_insights(snapshots[run.run_id], found[run.run_id]),
    )

    def save(part: Sequence[UserRun]) -> dict[UUID, Snapshot]:
        saved = {run.run_id: whole[run.run_id] for run in part}
        texts = {run_id: codec.snapshot_text(snapshot) for run_id, snapshot in saved.items()}
        events = {run_id: found[run_id].part_events for run_id in saved}
        resources.store.snapshots.save(texts, part_events=events, completed=True)
        return saved

    return second.map_together([r for r in stale if r.run_id in whole], save)


def _upsert_days(
    resources: Resources,
    runs: Sequence[UserRun],
    snapshots: Mapping[UUID, Snapshot],
    doubted: Mapping[UUID, Collection[str]],
) -> None:
    """Store the days that were read. A user read whole has all days that may have been restated.

    Where an ad set's reading contradicts what is known (``doubted``), its stored days are not lowered.
    """
    before = resources.store.insight_days.restated_at([r.user_id for r in runs])
    parts = resources.store.snapshots.part_events([r.run_id for r in runs])
    rows: list[DailyRow] = []
    of_doubted: list[DailyRow] = []
    restated: list[UUID] = []
    for run in runs:
        account = snapshots[run.run_id].account
        due = restatement.is_due(before.get(run.user_id), run.now, run.user_id)
        today = restatement.today(run.now, account.timezone)
        first = restatement.first_day(today, resources.capabilities.restated_days, due=due)
        for row in _daily_rows(run, snapshots[run.run_id], first, parts.get(run.run_id, {})):
            (of_doubted if row.ad_set_id in doubted[run.run_id] else rows).append(row)
        if due and account.insights_read_at is not None:
            restated.append(run.user_id)
    resources.store.insight_days.save_doubted(of_doubted)
    resources.store.insight_days.save(rows, restated=restated, at=runs[0].now if runs else None)


def _learn(resources: Resources, runs: Sequence[UserRun], snapshots: Mapping[UUID, Snapshot]) -> None:
    """Store what is known of each ad set after a reading that is whole."""
    whole = [run for run in runs if snapshots[run.run_id].account.insights_read_at is not None]
    if not whole:
        return
    figures = [
        each for run in whole for each in known_figures.learnt(snapshots[run.run_id], resources.policy)
    ]
    resources.store.ad_objects.learn(figures, user_ids=[run.user_id for run in whole], at=whole[0].now)


def _daily_rows(run: UserRun, snapshot: Snapshot, first: date, parts: PartEvents) -> list[DailyRow]:
    return [
        DailyRow(
            user_id=run.user_id, ad_set_id=ad_set.id, day=day, part_events=parts.get((ad_set.id, day.date))
        )
        for ad_set in snapshot.ad_sets
        if ad_set.ours
        for day in ad_set.days or ()
        if day.date >= first
    ]


def _case(run: UserRun, snapshot: Snapshot, doubted: int) -> UserStep:
    if snapshot.account.insights_read_at is None:
        return UserStep(run=run, lines=[_STALE])
    with_delivery = [a.lifetime for a in snapshot.ad_sets if a.lifetime is not None]
    spend = money.text(sum(each.spend_minor for each in with_delivery), snapshot.account.currency)
    events = sum(each.events for each in with_delivery)
    return UserStep(
        run=run,
        lines=[_DOUBTED.format(number=doubted)] if doubted else [],
        aside=f"insights {len(with_delivery)} ad sets with delivery, {spend} spent, {events} events in all",
    )
