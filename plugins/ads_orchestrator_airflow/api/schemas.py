"""Response schemas. Amounts in ``…Minor`` are in the smallest unit of the account's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from orchestrator.domain.action_log import ActionStatus
from orchestrator.domain.user_records import RunStatus


class ResponseModel(BaseModel):
    """Base of the response schemas: keys in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class RunSummary(ResponseModel):
    """The counts of a run. Of a dry run: what it would have done."""

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
    goal_keys: list[str] | None = Field(description="The goals of the run; null: all active ones.")
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    summary: RunSummary
    reason: str | None = Field(description="Why it failed or was refused, in words.")


class RunsResponse(ResponseModel):
    """Runs, the newest first."""

    success: bool = True
    runs: list[RunResponse]
    next: UUID | None = Field(description="Pass as `before` to get older ones; null: there are none.")


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
    reason: str = Field(description="A code for programs; the message has the reason in words.")
    campaign_id: str | None
    adset_id: str | None
    before_minor: int | None
    after_minor: int | None
    currency: str | None
    checks: list[CheckResponse] = Field(description="Every comparison that decided, with both its sides.")


class ActionDetails(PlannedDetails):
    """The numbers of an action, and its outcome."""

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
    """One thing that would be done, or would not be.

    Without a type it is a goal that cannot be worked on, or an ad account that delivers nothing.
    """

    type: str | None
    goal_key: str | None
    message: str
    details: PlannedDetails


class RunActionsResponse(ResponseModel):
    """The state of a run and its decisions, in order."""

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
    """The run that was started or joined. Until its end the summary is all zero."""

    success: bool = Field(description="False when the run failed or was refused.")
    run_id: UUID
    status: RunStatus
    dry_run: bool
    summary: RunSummary
    actions_count: int
    reason: str | None = Field(description="Why it failed or was refused, in words.")


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
    reason: str | None = Field(
        description="What prevents a run of this plan, or keeps creatives out of it, in words."
    )


class ContradictionResponse(ResponseModel):
    """An ad set for which Meta reports what contradicts the figures that are known."""

    goal_key: str
    adset_id: str
    known_events: int | None = Field(description="The most events ever known of it; null: none.")
    reported_events: int
    reported_impressions: int
    since: datetime
    can_be_accepted: bool = Field(description="False: more events than impressions cannot be true.")
    message: str


class WaitingResponse(ResponseModel):
    """What waits for the user."""

    success: bool = True
    figures: list[ContradictionResponse] = Field(
        description="Accept them by `figures/accept`, or correct the tracking: then the old ones come back."
    )
    paused_goal_keys: list[str] = Field(
        description="Paused: nothing had one event. Correct the tracking, then `goals/{goalKey}/resume`."
    )


class AcceptanceResponse(ResponseModel):
    """The figures that count from now on, and those that were left."""

    success: bool = True
    accepted: list[ContradictionResponse]
    left: list[ContradictionResponse] = Field(description="These cannot be true.")


class ResumptionResponse(ResponseModel):
    """A goal that may go on."""

    success: bool = True
    goal_key: str
    campaigns_count: int = Field(
        description="Campaigns that the next run resumes; 0: none was paused for it."
    )


class CronResult(ResponseModel):
    """The run's result of one user."""

    user_id: UUID
    run_id: UUID
    success: bool
    status: RunStatus
    summary: RunSummary
    reason: str | None


class CronResponse(ResponseModel):
    """The progress of the run over all users."""

    success: bool = True
    run_id: str = Field(description="The run's name, in Airflow too.")
    status: Literal["queued", "running", "success", "failed"]
    users_total: int | None = Field(description="Null until the users are listed.")
    users_processed: int
    results: list[CronResult] = Field(description="At most 1000; the panel has all.")
