"""Routes of the user's runs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ads_orchestrator_airflow.api import schemas, serializers
from ads_orchestrator_airflow.api.auth import AppDependencies, UserId
from ads_orchestrator_airflow.api.problems import NO_SUCH_RUN, Problem
from ads_orchestrator_airflow.api.user_messages import run_reason

router = APIRouter(tags=["runs"])


@router.get("/runs", summary="Latest runs")
def latest_runs(
    user_id: UserId,
    deps: AppDependencies,
    limit: Annotated[int, Query(ge=1, le=100, description="The largest number of runs.")] = 10,
    before: Annotated[UUID | None, Query(description="Only runs older than this one.")] = None,
) -> schemas.RunsResponse:
    """The user's latest runs, the newest first: times, status, counts."""
    found = deps.user_view.runs(user_id, limit + 1, before)
    shown = found[:limit]
    return schemas.RunsResponse(
        runs=[serializers.run_item(row, run_reason(row.error)) for row in shown],
        next=shown[-1].run_id if len(found) > limit else None,
    )


@router.get("/runs/{run_id}/actions", summary="State and actions of a run")
def actions_of_run(run_id: UUID, user_id: UserId, deps: AppDependencies) -> schemas.RunActionsResponse:
    """One of the user's runs: its status, its totals and every action with its reason, in order."""
    found = deps.user_view.record(user_id, run_id)
    if found is None:
        raise Problem(NO_SUCH_RUN, "None of your runs has this id.")
    return serializers.run_actions(found)
