"""What was done for the user, run by run, and why."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ads_orchestrator_airflow.api import schemas, serializers
from ads_orchestrator_airflow.api.auth import AppParts, SignedIn
from ads_orchestrator_airflow.api.problems import NO_SUCH_RUN, Problem
from ads_orchestrator_airflow.api.user_messages import run_reason

router = APIRouter(tags=["runs"])


@router.get("/runs", summary="Latest runs")
def latest_runs(
    user_id: SignedIn,
    parts: AppParts,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 10,
    before: Annotated[UUID | None, Query(description="Only runs older than this one.")] = None,
) -> schemas.RunsResponse:
    """The user's latest runs, the newest first: when, how each stands, what came of it."""
    found = parts.members.runs(user_id, limit + 1, before)
    shown = found[:limit]
    return schemas.RunsResponse(
        runs=[schemas.run(row, run_reason(row.error)) for row in shown],
        next=shown[-1].run_id if len(found) > limit else None,
    )


@router.get("/runs/{run_id}/actions", summary="How a run stands, and what it did")
def actions_of_run(run_id: UUID, user_id: SignedIn, parts: AppParts) -> schemas.RunActionsResponse:
    """One of the user's runs: its status, its totals and every action with its reason, in order."""
    found = parts.members.record(user_id, run_id)
    if found is None:
        raise Problem(NO_SUCH_RUN, "None of your runs has this id.")
    return serializers.record(found, parts.policy)
