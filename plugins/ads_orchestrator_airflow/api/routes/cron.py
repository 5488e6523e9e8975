"""The route of external schedulers: a run over all users.

For deployments with a schedule of their own in place of Airflow's. A scheduler's request times out
within seconds and the run takes longer, so the response is its progress; a request with the same
``Idempotency-Key`` returns the progress again.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict

from ads_orchestrator_airflow import dag_runs
from ads_orchestrator_airflow.api import schemas, serializers
from ads_orchestrator_airflow.api.auth import AppDependencies, ServiceName
from ads_orchestrator_airflow.api.problems import STOPPED, Problem, unavailable
from ads_orchestrator_airflow.api.routes.run_start import WaitOptions, poll_until
from ads_orchestrator_airflow.api.run_service import ENDED_STATES, RunService
from ads_orchestrator_airflow.api.user_messages import run_reason
from ads_orchestrator_airflow.dag_runs import CannotStart
from ads_orchestrator_airflow.run_conf import FLEET_RUN_PREFIX
from orchestrator.domain.user_records import UserRunRecord

router = APIRouter(tags=["for schedulers"])

MAX_RESULTS = 1000


class EmptyBody(BaseModel):
    """An object without keys, or no body at all."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})


@router.post(
    "/ads-orchestrate-cron",
    status_code=202,
    summary="Run all users' goals",
    responses={200: {"model": schemas.CronResponse, "description": "The run is at its end."}},
)
async def run_everybodys_goals(
    response: Response,
    service: ServiceName,
    deps: AppDependencies,
    options: Annotated[WaitOptions, Depends()],
    body: EmptyBody | None = None,  # noqa: ARG001 - schedulers that send an empty object
) -> schemas.CronResponse:
    """Start a run over every eligible user, or join the active one, Airflow's own included.

    202: it is active; repeat the same `Idempotency-Key` for its progress. 200: it has ended.
    """
    key = options.idempotency_key
    run_id = await run_in_threadpool(lambda: start(deps.run_service, service, key))
    seconds = min(options.wait, deps.settings.max_wait_s)
    result = await poll_until(
        lambda: progress(deps.run_service, run_id), lambda found: found.status in ENDED_STATES, seconds
    )
    response.status_code = 200 if result.status in ENDED_STATES else 202
    return result


def start(runs: RunService, service: str, idempotency_key: str | None) -> str:
    """Return the id of a run over all users: the one of this key, else the current one, else a new one.

    Raises:
        Problem: 503: runs are stopped, or Airflow cannot start one.
    """
    named = run_name(runs.now(), service, idempotency_key)
    known = _known(runs, named)
    if known is not None:
        return known
    if runs.armed and runs.store.kill_switch.state().stopped:
        raise Problem(STOPPED, "Operators have stopped all runs; they start them again on the panel.")
    current = dag_runs.current_fleet_run()
    if current is not None:
        if idempotency_key is not None:
            runs.store.requests.join(named, current)
        return current
    try:
        return dag_runs.trigger_run(runs.conf(), triggered_by=f"service {service}", run_id=named)
    except CannotStart as why:
        raise unavailable(str(why)) from why


def _known(runs: RunService, named: str) -> str | None:
    """Return the run that this name started or joined; None: there is none."""
    if dag_runs.run_state(named) is not None:
        return named
    joined = runs.store.requests.joined(named)
    return joined if joined is not None and dag_runs.run_state(joined) is not None else None


def run_name(now: datetime, service: str, idempotency_key: str | None) -> str:
    """Return the run's id: deterministic by service and key; without a key, by minute."""
    if idempotency_key is None:
        return f"{FLEET_RUN_PREFIX}{now:%Y-%m-%dT%H:%M}Z"
    source = f"{service}\n{idempotency_key}"
    return f"{FLEET_RUN_PREFIX}{hashlib.sha256(source.encode()).hexdigest()[:32]}"


def progress(runs: RunService, run_id: str) -> schemas.CronResponse:
    """Return the progress of a run: Airflow's state and our rows."""
    state = dag_runs.run_state(run_id)
    found = runs.store.requests.progress(run_id, MAX_RESULTS)
    return schemas.CronResponse(
        success=state != "failed",
        run_id=run_id,
        status=state or "queued",
        users_total=found.users_total,
        users_processed=found.users_processed,
        results=[_result(user_id, row) for user_id, row in found.results],
    )


def _result(user_id: UUID, row: UserRunRecord) -> schemas.CronResult:
    return schemas.CronResult(
        user_id=user_id,
        run_id=row.run_id,
        success=serializers.is_success(row),
        status=row.status,
        summary=serializers.summary(row),
        reason=run_reason(row.error),
    )
