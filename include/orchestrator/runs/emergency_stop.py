"""Stop the spending: pause every campaign of ours that delivers, of some users or of everybody.

Writing is stopped before, so that no run can undo it. A user's lease is then seized, once no write is under
way any more, and the platform is read: what it has ACTIVE is paused by the executor, without a preflight.
Ours is what our rows know, and what bears our mark on the platform: a restored database knows less.
Each pause is a row of the action log with the origin ``stop``; no step decided it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import stamina

from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionDraft, ActionRow
from orchestrator.domain.isolation import isolate
from orchestrator.domain.model import Action
from orchestrator.domain.records import CampaignRow, RunEnd, RunRequest, UserRows, UserRun
from orchestrator.errors import Busy, ConfigError, LeaseLost, OrchestratorError, Rejected, is_common, one_line
from orchestrator.execution import executor
from orchestrator.execution.context import ExecutionContext
from orchestrator.platforms.base import AdsAccount, RemoteAdSet, RemoteCampaign
from orchestrator.resources import Resources
from orchestrator.runs import adoption
from orchestrator.runs.decide import action_key
from orchestrator.runs.user_context import context_of
from orchestrator.runs.worker_pool import WorkerPool

PAGE = 100  # users
UNKNOWN_GOAL = "unknown"
"""Of what bears our mark and does not say which goal it is for."""
_POLL_S = 0.2
"""Between two looks at a write that is under way, and two attempts of a pause: spending goes on meanwhile."""


@dataclass(slots=True)
class StopReport:
    """The outcome of a stop: how many campaigns it paused, and the problem of each user that has one."""

    users: int
    campaigns: int = 0
    failed: dict[UUID, str] = field(default_factory=dict)


def stop_spending(
    resources: Resources,
    user_ids: Sequence[UUID] | None,
    at: datetime,
    requested_by: Mapping[str, Any],
    report_progress: Callable[[int, int], None],
) -> StopReport:
    """Pause what delivers of these users, or of everybody (null), writing being stopped already.

    Args:
        resources: the database, the ads platform and the settings.
        user_ids: the users.
        at: when writing was stopped.
        requested_by: the operator and the note, for the log.
        report_progress: called with the number of users done and of all users, page after page.

    Returns:
        The outcome. A user's failure stops no other user.
    """
    concerned = tuple(_users(resources, user_ids))
    report = StopReport(users=len(concerned))
    if not concerned:
        return report
    request = RunRequest(
        run_key=f"stop {at.isoformat()}",
        trigger="user",
        now=at,
        dry_run=False,
        user_ids=concerned,
        users_per_batch=PAGE,
        config={"command": "stop --spending", **requested_by},
    )
    done = 0
    for batch in resources.store.run_openings.open_named(request).batches:
        runs = resources.store.runs.of_batch(request.run_key, batch.batch)
        _stop_page(resources, runs, report)
        done += len(runs)
        report_progress(done, len(concerned))
    resources.store.runs.close(request.run_key)
    return report


def _users(resources: Resources, user_ids: Sequence[UUID] | None) -> Iterator[UUID]:
    after: UUID | None = None
    while page := resources.store.users.that_may_spend(user_ids, after):
        yield from page
        after = page[-1]


def _stop_page(resources: Resources, runs: Sequence[UserRun], report: StopReport) -> None:
    pool = WorkerPool(size=resources.settings.users_concurrency)
    rows = pool.map_together(runs, lambda part: _load(resources, part))
    paused = pool.map(runs, lambda run: _stop_user(resources, run, rows[run.run_id]))
    ends = []
    for run in runs:
        actions, lacking = paused.get(run.run_id, ([], None))
        refused = [f"{_object(a.action)}: {a.message}" for a in actions if a.status != "success"]
        report.campaigns += len(actions) - len(refused)
        error = pool.failures.get(run.run_id)
        said = "; ".join([*refused, *([lacking] if lacking else [])])
        problem = said if error is None else f"{type(error).__name__}: {one_line(error)}"
        if problem:
            report.failed[run.user_id] = problem
        ends.append(
            RunEnd(run_id=run.run_id, status="failed" if problem else "success", error=problem or None)
        )
    user_of = {run.run_id: run.user_id for run in runs}
    for end, refusal in isolate(ends, resources.store.runs.finish, is_common).failures:
        report.failed[user_of[end.run_id]] = f"paused, but not recorded: {one_line(refusal)}"


def _load(resources: Resources, runs: Sequence[UserRun]) -> dict[UUID, UserRows | ConfigError]:
    rows = resources.store.users.load_for_emergency_stop([run.user_id for run in runs])
    return {run.run_id: rows[run.user_id] for run in runs}


def _stop_user(
    resources: Resources, run: UserRun, rows: UserRows | ConfigError
) -> tuple[list[ActionRow], str | None]:
    """Pause what spends for one user: the pauses, and what could not be looked for."""
    if isinstance(rows, ConfigError):
        raise rows
    holding = replace(run, fencing_token=_seized(resources, run))
    context = context_of(resources, holding, rows, allow_when_stopped=True)
    context.pause = partial(time.sleep, _POLL_S)
    known = [_pause_of(campaign.goal_key, campaign.id, None) for campaign in _delivering(context)]
    done = executor.enforce(context, _record(run, context, known))
    try:
        lost, problem = _stop_lost(run, context, len(known))
    except OrchestratorError as error:
        return done, one_line(error)  # what the rows know is paused
    return [*done, *lost], problem


def _stop_lost(run: UserRun, context: ExecutionContext, recorded: int) -> tuple[list[ActionRow], str | None]:
    """Pause what bears our mark and no row knew, but what may be of another user of the same ad account."""
    lost = adoption.adopt(context, ())
    strangers = [each for each in lost.unclear if each.status == "ACTIVE"]
    if lost.problem is not None:
        return [], lost.problem
    if lost.is_shared and strangers:
        named = ", ".join(f"{each.name!r} ({each.id})" for each in strangers)
        return [], f"may be another user's of the same ad account: {named}: {adoption.ADVICE}"
    pauses = [
        *(_pause_of(each.goal_key, each.id, None) for each in lost.campaigns if each.status == "ACTIVE"),
        *map(_pause_of_unclear, strangers),
    ]
    return executor.enforce(context, _record(run, context, pauses, recorded)) if pauses else [], None


def _seized(resources: Resources, run: UserRun) -> int:
    """Seize the user's lease as soon as no write is under way: none begins any more, so that ends."""

    def seize() -> int:
        fencing_token = resources.store.leases.seize(run.run_id)
        if fencing_token is None:
            raise Busy("a write is still under way; run the command again in a minute")
        return fencing_token

    patient = stamina.RetryingCaller(
        attempts=None,
        timeout=resources.platform.longest_call_s + 1,
        wait_initial=_POLL_S,
        wait_max=1,
        wait_jitter=0,
    )
    return patient.on(Busy)(seize)


def _delivering(context: ExecutionContext) -> list[CampaignRow]:
    """Our campaigns that the platform has ACTIVE. A listing may lag: what it leaves out is read by id."""
    living = {c.id: c for c in context.campaigns.values() if c.status in {"ACTIVE", "PAUSED"}}
    listed, _ = context.account.tree(sorted(living))
    left_out = sorted({c.id for c in living.values() if c.status == "ACTIVE"} - {c.id for c in listed})
    seen = [*listed, *_found(context.account, left_out)]
    return [living[campaign_id] for campaign_id in sorted(c.id for c in seen if c.status == "ACTIVE")]


def _found(account: AdsAccount, campaign_ids: Sequence[str]) -> Iterator[RemoteCampaign]:
    for campaign_id in campaign_ids:
        try:
            yield account.campaign(campaign_id)
        except Rejected:
            continue  # it is gone, and spends nothing


def _object(pause: Action) -> str:
    return f"campaign {pause.campaign_id}" if pause.adset_id is None else f"ad set {pause.adset_id}"


def _record(
    run: UserRun, context: ExecutionContext, pauses: Sequence[Action], first: int = 0
) -> list[ActionRow]:
    drafts = [
        ActionDraft(action=pause, key=action_key(run.run_id, "stop", ordinal))
        for ordinal, pause in enumerate(pauses, start=first)
    ]
    recorded = context.store.action_log.record_actions(run.run_id, "stop", drafts, first)
    if len(recorded) < len(drafts):
        raise LeaseLost("the stop was ended before its pauses were recorded; run the command again")
    return recorded


def _pause_of_unclear(remote: RemoteCampaign | RemoteAdSet) -> Action:
    if isinstance(remote, RemoteCampaign):
        return _pause_of(UNKNOWN_GOAL, remote.id, None)
    return _pause_of(UNKNOWN_GOAL, remote.campaign_id, remote.id)


def _pause_of(goal_key: str, campaign_id: str, ad_set_id: str | None) -> Action:
    return Action(
        step=None,
        action_type="pause_campaign" if ad_set_id is None else "pause_adset",
        goal_key=goal_key,
        campaign_id=campaign_id,
        adset_id=ad_set_id,
        before_minor=None,
        after_minor=None,
        reason=reasons.STOPPED_BY_OPERATOR.code,
    )
