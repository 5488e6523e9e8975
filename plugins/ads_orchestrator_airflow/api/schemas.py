"""What the API answers. Amounts in ``…Minor`` are in the smallest unit of the account's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from orchestrator.domain.action_log import ActionStatus
from orchestrator.domain.user_records import RunStatus, UserRunRecord


class ResponseModel(BaseModel):
    """Keys in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class RunSummary(ResponseModel):
    """What a run came to. Of a dry run: what it would come to."""

    campaigns_created: int = 0
    campaigns_updated: int = 0
    winners_promoted: int = 0
    budgets_scaled: int = 0
    adsets_paused: int = 0
    errors: int = 0


class RunResponse(ResponseModel):
    """One run of the user."""

    run_id: UUID
    status: RunStatus = Field(
        description="pending, running: not at its end; throttled: Meta asks to wait, the next run goes on"
    )
    trigger: Literal["user", "cron", "dryrun"]
    dry_run: bool
    goal_keys: list[str] | None = Field(description="The goals it was asked for; null: all active ones.")
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    summary: RunSummary
    reason: str | None = Field(description="Why it failed or was refused, in words.")


class RunsResponse(ResponseModel):
    """Runs, the newest first."""

    success: bool = True
    runs: list[RunResponse]
    next: UUID | None = Field(description="Ask with before=<this> for older ones; null: there are none.")


class CheckResponse(ResponseModel):
    """One comparison: `clicks` `34` `at least` `30`."""

    name: str
    have: str
    word: str
    need: str
    passed: bool


class PlannedDetails(ResponseModel):
    """The numbers behind something that would be done, or not."""

    step: str | None = Field(description="The step that decided it; null: an emergency stop.")
    reason: str = Field(description="Why, as a word for programs; the message has it in words.")
    campaign_id: str | None
    adset_id: str | None
    before_minor: int | None
    after_minor: int | None
    currency: str | None
    checks: list[CheckResponse] = Field(description="Every comparison that decided, with both its sides.")


class ActionDetails(PlannedDetails):
    """The numbers of an action, and what became of it."""

    status: ActionStatus
    note: str | None = Field(description="What Meta said, or why it was not made.")
    at: datetime | None


class ActionResponse(ResponseModel):
    """One thing that was done, would be done, or was decided and not made."""

    type: str
    goal_key: str
    message: str
    details: ActionDetails


class PlannedItem(ResponseModel):
    """One thing that would be done, or would not be; without a type it is a goal that cannot be worked on."""

    type: str | None
    goal_key: str | None
    message: str
    details: PlannedDetails


class RunActionsResponse(ResponseModel):
    """How a run stands and what it decided, in order."""

    success: bool = Field(description="False when the run failed or was refused.")
    run_id: UUID
    status: RunStatus
    dry_run: bool
    summary: RunSummary
    actions_count: int
    actions: list[ActionResponse]
    holds: list[PlannedItem] = Field(description="What was not done, and why.")
    reason: str | None


class StartedResponse(ResponseModel):
    """The run that somebody who asked for one gets. Until its end the summary counts nothing."""

    success: bool = Field(description="False when the run failed or was refused.")
    run_id: UUID
    status: RunStatus
    dry_run: bool
    summary: RunSummary
    actions_count: int
    reason: str | None = Field(description="Why it failed or was refused, in words.")


def started(row: UserRunRecord, actions_count: int, reason: str | None) -> StartedResponse:
    """A run that was asked for, as it is answered."""
    return StartedResponse(
        success=succeeds(row),
        run_id=row.run_id,
        status=row.status,
        dry_run=row.dry_run,
        summary=summary(row),
        actions_count=actions_count,
        reason=reason,
    )


def succeeds(row: UserRunRecord) -> bool:
    """Whether the run is good so far."""
    return row.status not in {"failed", "refused"}


class PreviewResponse(ResponseModel):
    """What a run would do at this moment. Nothing was changed and nothing was stored."""

    success: bool
    dry_run: Literal[True] = True
    run_id: None = Field(default=None, description="There is no run: nothing was stored.")
    at: datetime = Field(description="The moment it is for: now, by a simulator's clock where there is one.")
    summary: RunSummary
    actions_count: int
    actions: list[PlannedItem]
    holds: list[PlannedItem] = Field(description="What would not be done, and why.")
    reason: str | None = Field(description="What stands between this plan and a run, in words.")


class CronResult(ResponseModel):
    """What the run came to for one user."""

    user_id: UUID
    run_id: UUID
    success: bool
    status: RunStatus
    summary: RunSummary
    reason: str | None


class CronResponse(ResponseModel):
    """How far the run over everybody is."""

    success: bool = True
    run_id: str = Field(description="The run's name, in Airflow too.")
    status: Literal["queued", "running", "success", "failed"]
    users_total: int | None = Field(description="Null until the users are listed.")
    users_processed: int
    results: list[CronResult] = Field(description="At most 1000; the panel has everybody.")


def run(row: UserRunRecord, reason: str | None) -> RunResponse:
    """One run as it is answered."""
    return RunResponse(
        run_id=row.run_id,
        status=row.status,
        trigger=row.trigger,
        dry_run=row.dry_run,
        goal_keys=None if row.goal_keys is None else list(row.goal_keys),
        asked_at=row.opened_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        summary=summary(row),
        reason=reason,
    )


def summary(row: UserRunRecord) -> RunSummary:
    """What the run came to so far."""
    return RunSummary(
        campaigns_created=row.campaigns_created,
        campaigns_updated=row.campaigns_updated,
        winners_promoted=row.winners_promoted,
        budgets_scaled=row.budgets_scaled,
        adsets_paused=row.adsets_paused,
        errors=row.errors_count,
    )
