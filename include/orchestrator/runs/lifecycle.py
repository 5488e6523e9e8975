"""A run: its opening and its steps. Each step for one batch: collect → decide → record → apply → record.

The state between two steps is in Postgres: a step folds the run's snapshot with the actions applied so
far or, in a dry run, with those planned. A repeated step finds its records and does only the rest. A
user's failure stops no other user.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from orchestrator.domain import steps
from orchestrator.domain.action_log import FINAL, ActionRow
from orchestrator.domain.isolation import isolate
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.records import RunEnd, RunRequest, UserRows, UserRun
from orchestrator.domain.steps import Step
from orchestrator.errors import (
    AccountClosed,
    Busy,
    ConfigError,
    LeaseLost,
    ObjectThrottled,
    OrchestratorError,
    ProofRefused,
    Stopped,
    Throttled,
    Transient,
    UnresolvedOutcome,
    VersionExpired,
    is_common,
    one_line,
)
from orchestrator.execution import executor
from orchestrator.execution.admission import Progress
from orchestrator.execution.new_campaigns import activate_new_campaigns, awaits_activation
from orchestrator.execution.own_writes import LATE, own_writes
from orchestrator.resources import Resources
from orchestrator.runs import collect, complete_insights, counters, open_actions, task_log
from orchestrator.runs.counters import Counts
from orchestrator.runs.decide import UserStep, decide_all, show_winners
from orchestrator.runs.user_context import context_of
from orchestrator.runs.worker_pool import WorkerPool, in_chunks, is_retryable

log = logging.getLogger(__name__)

VERBOSE_LOG_MAX_USERS = 50
"""The largest batch whose log has a group for each user and a line for each hold."""
_HOLDS_RISES_ONLY = (Throttled, AccountClosed, UnresolvedOutcome, Transient, VersionExpired)
"""Errors of a user's writes after which the later steps still make the reductions."""
_REFUSES_EVERY_RISE = {error.__name__: error for error in (AccountClosed, VersionExpired)}
"""Those of them that end a later rise the same, by their names in the action log."""
CHUNK_USERS = 200
"""Users whose rows, answers and plans are in memory at once, however large a batch is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """What a step did for a batch. ``retry``: the first failure that is worth a retry of the step.

    ``counts`` is of this try alone; the other numbers are of all tries.
    """

    users: int
    actions: int = 0
    holds: int = 0
    counts: Counts = field(default_factory=Counts)
    failed: Mapping[str, str] = field(default_factory=dict)
    retry: Exception | None = None


def open_run(resources: Resources, request: RunRequest) -> list[dict[str, object]]:
    """Write a row for every eligible user and divide them into batches.

    Returns:
        One small descriptor a batch: ``{"batch": 0, "of": 12, "label": …}``. The users stay in
        Postgres. The same run key again gives the same answer.
    """
    with_policy = replace(request, config={**request.config, "policy_hash": resources.policy.hash})
    opened = resources.store.run_openings.open(
        with_policy, require_activity_days=resources.settings.require_activity_days
    )
    log.info("%d users in %d batches", opened.users, len(opened.batches))
    for refusal in opened.refused:
        log.warning("user %s takes no part: %s", refusal.user_id, reason_text(refusal.reason))
    return [{"batch": b.batch, "of": b.of, "label": b.label} for b in opened.batches]


def run_step(
    resources: Resources, run_key: str, batch: int, task: str, *, last_try: bool = False
) -> StepReport:
    """Do one step of the run for one batch.

    Args:
        resources: the database, the ads platform, policy and settings.
        run_key: as the run was opened.
        batch: the batch's number.
        task: one of ``domain.steps.TASKS``.
        last_try: no retry follows: runs with a retryable error end as failed, too.

    Raises:
        VersionExpired: our requests can never work; the run must stop.
        ProofRefused: the same for our app secrets, of which nobody's proof was taken; the runs of the batch
            have ended.
        DatabaseUnavailable: try again; what was done is recorded.
    """
    step = steps.BY_TASK[task]
    pool = WorkerPool(size=resources.settings.users_concurrency)
    going = _unfinished(resources, run_key, batch)
    runs = _started(resources, pool, going)
    try:
        report = _do_chunks(resources, pool, runs, step)
    except ProofRefused as refused:
        pool.fail_all(going, refused)  # no later step could send anything either
        _end_failed(resources, pool, going, step, last_try=last_try)
        raise
    failed = _end_failed(resources, pool, going, step, last_try=last_try)
    return replace(report, failed=failed, retry=None if last_try else pool.retryable_error())


def _do_chunks(resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], step: Step) -> StepReport:
    """One step for all users of a batch, chunk by chunk; the failures are the pool's."""
    step_log = task_log.TaskLog(is_brief=len(runs) > VERBOSE_LOG_MAX_USERS)
    actions = holds = 0
    counts = Counts()
    try:
        for chunk in in_chunks(runs, CHUNK_USERS):
            cases = _do_without_refused(resources, pool, chunk, runs, step)
            _write_log(step_log, pool, cases)
            if step.rule is not None:
                actions += sum(len(case.rows) for case in cases)
                holds += sum(len(case.decision.holds) for case in cases)
                counts = counters.total([counts, *(case.added() for case in cases)])
    finally:
        step_log.close()  # with the holds of the chunks before one that raises
    return StepReport(users=len(runs), actions=actions, holds=holds, counts=counts)


def _do_without_refused(
    resources: Resources, pool: WorkerPool, chunk: Sequence[UserRun], runs: Sequence[UserRun], step: Step
) -> list[UserStep]:
    """One step for a chunk of ``runs``; users whose proof is refused fail alone where others' was taken."""
    try:
        return _do(resources, pool, chunk, step)
    except ProofRefused:
        if not resources.store.snapshots.existing([run.run_id for run in runs]):
            raise
        return _do(resources, pool, chunk, step)


def _do(resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], step: Step) -> list[UserStep]:
    """One step for a chunk of users: as many as fit into memory with what is read about them."""
    if step is steps.EXTRACT_INSIGHTS:
        return complete_insights.extract(resources, pool, runs)
    if step is steps.DETECT_WINNERS:
        return show_winners(resources, pool, runs)
    if step is steps.STEPS[0]:
        collect.collect_snapshots(resources, pool, runs)
    cases = decide_all(resources, pool, runs, step.key)
    _apply_all(resources, pool, cases, is_last=step is steps.STEPS[-1])
    if step is steps.STEPS[-1]:
        pool.do_together([case.run for case in cases], lambda part: _end_passed(resources, part))
    return cases


def _end_passed(resources: Resources, runs: Sequence[UserRun]) -> None:
    """End runs that passed their last step: each by the error that held its rises, where there was one."""
    armed = resources.settings.armed
    resources.store.runs.finish([_end_of_last(run.run_id, run.error, armed=armed) for run in runs])


def _end_of_last(run_id: UUID, error: str | None, *, armed: bool) -> RunEnd:
    if error is None:
        return RunEnd(run_id=run_id, status="success", armed=armed)
    status = _status_of(error.partition(":")[0])
    return RunEnd(run_id=run_id, status=status, error=error, errors_count=1, armed=armed)


def _write_log(step_log: task_log.TaskLog, pool: WorkerPool, cases: Sequence[UserStep]) -> None:
    case_of = {case.run.run_id: case for case in cases}
    pool.map_inline([case.run for case in cases], lambda run: step_log.add(case_of[run.run_id]))


def _unfinished(resources: Resources, run_key: str, batch: int) -> list[UserRun]:
    return [r for r in resources.store.runs.of_batch(run_key, batch) if r.status in ("pending", "running")]


def _started(resources: Resources, pool: WorkerPool, going: Sequence[UserRun]) -> list[UserRun]:
    """Start or resume runs. Left out: those that ended, and users that another run holds."""

    def start(part: Sequence[UserRun]) -> dict[UUID, UserRun]:
        return {run.run_id: run for run in resources.store.runs.start([run.run_id for run in part])}

    started = list(pool.map_together(going, start).values())
    for run in started:
        if run.status != "running":
            log.warning("user %s is passed over: %s", run.user_id, run.error or run.status)
    running = [run for run in started if run.status == "running"]
    for run in running:
        if not run.dry_run and run.fencing_token is None:
            pool.failures[run.run_id] = Busy("a write of an earlier try may still be under way")
    return running


def _apply_all(resources: Resources, pool: WorkerPool, cases: Sequence[UserStep], *, is_last: bool) -> None:
    """Write to the platform what was decided; nothing in a dry run or in an unarmed deployment."""
    armed = [case for case in cases if not case.run.dry_run and resources.settings.armed]
    runs = [case.run for case in armed] if is_last else []
    left = pool.map_together(runs, lambda part: _with_half_made(resources, part))
    live = {case.run.run_id: case for case in armed if _has_work(case) or case.run.run_id in left}
    for case in cases:
        if case.run.run_id not in live:
            case.lines += [task_log.action_line(row, case.currency) for row in case.rows]
    if not live:
        return
    runs = [case.run for case in live.values()]
    users = collect.load_users(resources, pool, runs, cases[0].run.now)
    pool.map(runs, lambda run: _apply(resources, live[run.run_id], users[run.run_id], is_last=is_last))
    pool.going_on |= {run_id for run_id in live if isinstance(pool.failures.get(run_id), _HOLDS_RISES_ONLY)}


def _with_half_made(resources: Resources, runs: Sequence[UserRun]) -> dict[UUID, ActionRow]:
    """Of each run whose user has one, a creation of an earlier run that may be half made."""
    run_of = {run.user_id: run.run_id for run in runs}
    open_rows = resources.store.action_log.unresolved(list(run_of)) if run_of else []
    found = ((run_of[row.user_id], row) for row in open_rows)
    return {run_id: row for run_id, row in found if open_actions.is_left_over(row, run_id)}


def _has_work(case: UserStep) -> bool:
    """Whether an action is not final, or a new campaign may still wait for its activation."""
    return any(row.status not in FINAL or awaits_activation(row) for row in case.rows)


def _apply(resources: Resources, case: UserStep, rows: UserRows | ConfigError, *, is_last: bool) -> None:
    if isinstance(rows, ConfigError):
        raise rows
    context = context_of(resources, case.run, rows)
    context.own_writes = own_writes(resources.store.action_log.recent_writes([case.run.user_id], LATE))
    own = {row.id for row in case.rows}
    open_rows = [r for r in resources.store.action_log.unresolved([case.run.user_id]) if r.id not in own]
    open_actions.remember_ids(resources.store, context, open_rows)
    earlier = resources.store.action_log.actions([case.run.run_id])
    for row in earlier:
        context.remember_ids(row)
    progress = executor.execute(
        context,
        case.rows,
        Progress(
            state=case.current_state(),
            rows=[],
            stopped=_refused_before(earlier),
            is_surprised=rows.assets.rises_held_run == case.run.run_id,
        ),
        lambda row: case.lines.append(task_log.action_line(row, case.currency)),
        lambda: open_actions.settle_in_run(context, case.run.run_id, open_rows),
    )
    case.lines += activate_new_campaigns(context, progress)
    if is_last and not progress.is_over:
        open_actions.finish_half_made(context, case.run.run_id, open_rows)
    case.rows = progress.rows
    error = progress.stopped or progress.unresolved
    if error is not None and not isinstance(error, Stopped):
        raise error


def _refused_before(earlier: Sequence[ActionRow]) -> OrchestratorError | None:
    """The answer to an earlier step after which nothing rises in this one either."""
    refused = ((_REFUSES_EVERY_RISE.get(r.details.get("error", "")), r) for r in earlier)
    return next((error(row.message or "") for error, row in refused if error is not None), None)


def _end_failed(
    resources: Resources, pool: WorkerPool, runs: Sequence[UserRun], step: Step, *, last_try: bool
) -> dict[str, str]:
    """End the failed runs that no retry follows; the error of each user that failed in this step.

    One whose rises are held goes on to its last step, with the error until then.
    """
    final = {
        run_id: error
        for run_id, error in pool.failures.items()
        # A fenced-off run must not change the user's status.
        if not isinstance(error, LeaseLost) and (last_try or not is_retryable(error))
    }
    ended = [run_id for run_id in final if step is steps.STEPS[-1] or run_id not in pool.going_on]
    ends = [_end(run_id, final[run_id]) for run_id in ended]
    for end, problem in isolate(ends, resources.store.runs.finish, is_common).failures:
        log.error("run %s stays open until the whole run is closed: %s", end.run_id, problem)
    resources.store.runs.note_errors(
        {run_id: _text(error) for run_id, error in final.items() if run_id not in ended}
    )
    user_of = {run.run_id: str(run.user_id) for run in runs}
    for run_id, error in pool.failures.items():
        log.warning("user %s: %s: %s", user_of[run_id], type(error).__name__, one_line(error))
    fenced_off = sum(isinstance(error, LeaseLost) for error in pool.failures.values())
    if fenced_off:
        log.warning("%d of %d users skipped: their run was ended or lost its lease", fenced_off, len(runs))
    return {user_of[run_id]: one_line(error) for run_id, error in pool.failures.items()}


def _end(run_id: UUID, error: Exception) -> RunEnd:
    return RunEnd(run_id=run_id, status=_status_of(type(error).__name__), error=_text(error), errors_count=1)


def _status_of(error: str) -> Literal["failed", "throttled"]:
    """How an error ends a run, by its class's name."""
    return "throttled" if error in {Throttled.__name__, ObjectThrottled.__name__} else "failed"


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {one_line(error)}"
