"""The run over everybody, asked for by a scheduler of the deployment's own.

Airflow has a schedule; this is for who keeps another one. A scheduler's request times out within
seconds and a run over everybody takes longer, so the answer says how far it is; the same
``Idempotency-Key`` again says how far it has come.
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
from ads_orchestrator_airflow.api import schemas
from ads_orchestrator_airflow.api.auth import AppParts, Service
from ads_orchestrator_airflow.api.problems import STOPPED, Problem, unavailable
from ads_orchestrator_airflow.api.routes.run_start import WaitOptions, last_seen
from ads_orchestrator_airflow.api.run_service import OVER, RunService
from ads_orchestrator_airflow.api.user_messages import run_reason
from ads_orchestrator_airflow.dag_runs import CannotStart
from ads_orchestrator_airflow.run_conf import FOR_EVERYBODY
from orchestrator.domain.user_records import UserRunRecord

router = APIRouter(tags=["for schedulers"])

MOST_RESULTS = 1000


class EmptyBody(BaseModel):
    """An object without keys, or no body at all."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})


@router.post(
    "/ads-orchestrate-cron",
    status_code=202,
    summary="Run everybody's goals",
    responses={200: {"model": schemas.CronResponse, "description": "The run is at its end."}},
)
async def run_everybodys_goals(
    response: Response,
    service: Service,
    parts: AppParts,
    how: Annotated[WaitOptions, Depends()],
    nothing: EmptyBody | None = None,  # noqa: ARG001 - what callers send by habit
) -> schemas.CronResponse:
    """Start a run over every eligible user, or join the one that is going on, Airflow's own too.

    202: it goes on; the same `Idempotency-Key` again says how far it is. 200: it is over.
    """
    key = how.idempotency_key
    run_id = await run_in_threadpool(lambda: start(parts.desk, service, key))
    seconds = min(how.wait, parts.settings.max_wait_s)
    answer = await last_seen(lambda: progress(parts.desk, run_id), lambda seen: seen.status in OVER, seconds)
    response.status_code = 200 if answer.status in OVER else 202
    return answer


def start(desk: RunService, service: str, idempotency_key: str | None) -> str:
    """The run over everybody: the one of this key, else one that goes on, else a new one.

    Raises:
        Problem: 503: runs are stopped, or Airflow would not start one.
    """
    named = run_name(desk.now(), service, idempotency_key)
    known = _known(desk, named)
    if known is not None:
        return known
    if desk.armed and desk.store.kill_switch.state().stopped:
        raise Problem(STOPPED, "Operators have stopped all runs; they start them again on the panel.")
    going_on = dag_runs.everybodys_run()
    if going_on is not None:
        if idempotency_key is not None:
            desk.store.requests.join(named, going_on)
        return going_on
    try:
        return dag_runs.trigger_run(desk.conf(), asked_by=f"service {service}", run_id=named)
    except CannotStart as why:
        raise unavailable(str(why)) from why


def _known(desk: RunService, named: str) -> str | None:
    """The run that was started under this name, or joined."""
    if dag_runs.run_state(named) is not None:
        return named
    joined = desk.store.requests.joined(named)
    return joined if joined is not None and dag_runs.run_state(joined) is not None else None


def run_name(now: datetime, service: str, idempotency_key: str | None) -> str:
    """The same for the same key of the same service; without a key, for the same minute."""
    if idempotency_key is None:
        return f"{FOR_EVERYBODY}{now:%Y-%m-%dT%H:%M}Z"
    told = f"{service}\n{idempotency_key}"
    return f"{FOR_EVERYBODY}{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def progress(desk: RunService, run_id: str) -> schemas.CronResponse:
    """How far the run is, with Airflow and in our rows."""
    state = dag_runs.run_state(run_id)
    found = desk.store.requests.progress(run_id, MOST_RESULTS)
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
        success=schemas.succeeds(row),
        status=row.status,
        summary=schemas.summary(row),
        reason=run_reason(row.error),
    )
