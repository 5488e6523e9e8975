"""Stop the spending: pause every campaign of ours that delivers, of some users or of everybody.

Writing is stopped before, so that no run can undo it. A user is then taken from whoever works on
it, once no write is under way any more, and Meta is read: what it shows ACTIVE is paused. A pause
is absolute, so it may be sent again until Meta says that it is so. Each is a row of the action log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import stamina

from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionDraft, ActionRow, Settled
from orchestrator.domain.model import Action
from orchestrator.domain.records import CampaignRow, RunEnd, RunRequest, UserRows, UserRun
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.errors import Busy, ConfigError, PlatformError, Rejected, Unknown
from orchestrator.explain import messages
from orchestrator.platforms.base import AdsAccount, RemoteCampaign
from orchestrator.resources import Resources
from orchestrator.runs.decide import action_key
from orchestrator.runs.worker_pool import WorkerPool

REASON = reasons.STOPPED_BY_OPERATOR.code
PAGE = 100  # users
PAUSE_ATTEMPTS = 3
_BUSY_POLL_S = 0.2


@dataclass(slots=True)
class StopReport:
    """What a stop came to: campaigns it paused, and why those users failed that did."""

    users: int
    campaigns: int = 0
    failed: dict[UUID, str] = field(default_factory=dict)


def stop_spending(
    resources: Resources,
    user_ids: Sequence[UUID] | None,
    at: datetime,
    told: Mapping[str, Any],
    say: Callable[[int, int], None],
) -> StopReport:
    """Pause what delivers of these users, or of everybody (null), writing being stopped already.

    Args:
        resources: what it works with.
        user_ids: whom it concerns.
        at: when writing was stopped.
        told: who stopped it and why, for the log.
        say: called with the users done and the users in all, page after page.

    Returns:
        What it came to. A user who fails stops nobody else.
    """
    concerned = tuple(_users(resources, user_ids))
    stopped = StopReport(users=len(concerned))
    if not concerned:
        return stopped
    request = RunRequest(
        run_key=f"stop {at.isoformat()}",
        trigger="user",
        now=at,
        dry_run=False,
        user_ids=concerned,
        users_per_batch=PAGE,
        config={"command": "stop --spending", **told},
    )
    done = 0
    for batch in resources.store.run_openings.open_named(request).batches:
        runs = resources.store.runs.of_batch(request.run_key, batch.batch)
        _stop_page(resources, runs, stopped)
        done += len(runs)
        say(done, len(concerned))
    resources.store.runs.close(request.run_key)
    return stopped


def _users(resources: Resources, user_ids: Sequence[UUID] | None) -> Iterator[UUID]:
    after: UUID | None = None
    while page := resources.store.users.with_live_campaigns(user_ids, after):
        yield from page
        after = page[-1]


def _stop_page(resources: Resources, runs: Sequence[UserRun], stopped: StopReport) -> None:
    pool = WorkerPool(size=resources.settings.users_concurrency)
    rows = resources.store.users.load([run.user_id for run in runs], history_since=runs[0].now)
    settled = pool.map(runs, lambda run: _stop_user(resources, run, rows[run.user_id]))
    ends = []
    for run in runs:
        actions = settled.get(run.run_id, [])
        refused = [f"campaign {a.action.campaign_id}: {a.message}" for a in actions if a.status != "success"]
        stopped.campaigns += len(actions) - len(refused)
        error = pool.failures.get(run.run_id)
        problem = "; ".join(refused) if error is None else f"{type(error).__name__}: {error}"
        if problem:
            stopped.failed[run.user_id] = problem
        ends.append(
            RunEnd(run_id=run.run_id, status="failed" if problem else "success", error=problem or None)
        )
    resources.store.runs.finish(ends)


def _stop_user(resources: Resources, run: UserRun, rows: UserRows | ConfigError) -> list[ActionRow]:
    if isinstance(rows, ConfigError):
        raise rows
    fencing_token = _take_over(resources, run)
    account = resources.platform.account(
        rows.assets, partial(_gate, resources, replace(run, fencing_token=fencing_token))
    )
    living = {c.id: c for c in rows.campaigns if c.status in {"ACTIVE", "PAUSED"}}
    delivering = [living[campaign_id] for campaign_id in _active(account, living)]
    planned = resources.store.action_log.record_actions(run.run_id, "stop", _drafts(run, delivering))
    return [
        _told(
            resources,
            row,
            _pause(resources, account, living[str(row.action.campaign_id)], row),
            rows.assets.currency,
        )
        for row in planned
    ]


def _take_over(resources: Resources, run: UserRun) -> int:
    """Take the user, as soon as no write is under way: none begins any more, so that ends."""

    def seize() -> int:
        fencing_token = resources.store.leases.seize(run.run_id)
        if fencing_token is None:
            raise Busy("a write is still under way; run the command again in a minute")
        return fencing_token

    patient = stamina.RetryingCaller(
        attempts=None,
        timeout=resources.platform.longest_call_s + 1,
        wait_initial=_BUSY_POLL_S,
        wait_max=1,
        wait_jitter=0,
    )
    return patient.on(Busy)(seize)


@contextmanager
def _gate(resources: Resources, run: UserRun) -> Iterator[None]:
    if run.fencing_token is None or not resources.settings.armed:
        raise ConfigError("nothing may be written to Meta: ORCHESTRATOR_ARMED is not true")
    longest = timedelta(seconds=resources.platform.longest_call_s)
    resources.store.leases.begin_write(run.user_id, run.fencing_token, longest, although_stopped=True)
    yield
    resources.store.leases.end_write(run.user_id, run.fencing_token)


def _active(account: AdsAccount, living: Mapping[str, CampaignRow]) -> list[str]:
    """Which of our campaigns Meta has ACTIVE. A listing may lag: what it leaves out is asked for by id."""
    listed, _ = account.tree(sorted(living))
    left_out = sorted({c.id for c in living.values() if c.status == "ACTIVE"} - {c.id for c in listed})
    return sorted(c.id for c in [*listed, *_found(account, left_out)] if c.status == "ACTIVE")


def _found(account: AdsAccount, campaign_ids: Sequence[str]) -> Iterator[RemoteCampaign]:
    for campaign_id in campaign_ids:
        try:
            yield account.campaign(campaign_id)
        except Rejected:
            continue  # it is gone, and spends nothing


def _drafts(run: UserRun, delivering: Sequence[CampaignRow]) -> list[ActionDraft]:
    return [
        ActionDraft(action=_pause_of(campaign), key=action_key(run.run_id, "stop", ordinal))
        for ordinal, campaign in enumerate(delivering)
    ]


def _pause_of(campaign: CampaignRow) -> Action:
    return Action(
        step=None,
        action_type="pause_campaign",
        goal_key=campaign.goal_key,
        campaign_id=campaign.id,
        adset_id=None,
        before_minor=None,
        after_minor=None,
        reason=REASON,
    )


def _pause(
    resources: Resources, account: AdsAccount, campaign: CampaignRow, row: ActionRow
) -> PlatformError | None:
    resources.store.action_log.mark_intended(row.id)
    patient = stamina.RetryingCaller(attempts=PAUSE_ATTEMPTS, timeout=None, wait_initial=_BUSY_POLL_S)
    try:
        patient.on(Unknown)(account.set_status, "campaign", campaign.id, "PAUSED")
    except PlatformError as error:
        return error
    paused = replace(campaign, status="PAUSED", paused_by="orchestrator", paused_reason=REASON)
    resources.store.ad_objects.upsert_campaigns([paused])
    return None


def _told(resources: Resources, row: ActionRow, error: PlatformError | None, currency: str) -> ActionRow:
    status: Settled = "success"
    message = messages.action_text(row.action, currency, done=True)
    details = RemoteIds(campaign_id=row.action.campaign_id).document()
    if error is not None:
        status, message = "unknown" if isinstance(error, Unknown) else "failed", str(error)
        details = {"error": type(error).__name__, "code": error.code, "fbtrace_id": error.trace}
    resources.store.action_log.record_outcome(row.id, status, message, details)
    return replace(row, status=status, message=message, details=details)
