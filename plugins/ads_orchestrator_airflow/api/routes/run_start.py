"""The route that starts a user's run, and optionally waits for its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

import anyio
from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ads_orchestrator_airflow.api import schemas, serializers
from ads_orchestrator_airflow.api.auth import AppDependencies, RunUserId
from ads_orchestrator_airflow.api.dependencies import Dependencies
from ads_orchestrator_airflow.api.problems import OTHER_USER, Problem, invalid
from ads_orchestrator_airflow.api.run_service import OPEN_STATUSES
from ads_orchestrator_airflow.api.user_messages import run_reason
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.user_records import UserRunRecord

router = APIRouter(tags=["run my goals"])

POLL_S = 1.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WaitOptions:
    """The wait of a request, in seconds, and its idempotency key."""

    wait: Annotated[
        int,
        Query(ge=0, le=600, description="Seconds to wait for the end, as far as the deployment allows (60)."),
    ] = 0
    idempotency_key: Annotated[
        str | None,
        Header(
            pattern=r"^[\x21-\x7e]+$",
            max_length=255,
            description="The same key returns the same run: safe to repeat when a response was lost.",
        ),
    ] = None


class RunRequestBody(BaseModel):
    """The scope of a run or a preview."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", strict=True, json_schema_extra={"examples": [{}]}
    )

    goal_keys: Annotated[
        list[str] | None,
        Field(
            min_length=1, max_length=20, description="Only these goals. Left out or null: all active ones."
        ),
    ] = None
    user_id: Annotated[
        str | None, Field(description="Not needed. Another id than that of the token is refused.")
    ] = None

    def goals(self, user_id: UUID) -> tuple[str, ...] | None:
        """Return the goals, sorted and unique; None: all active ones.

        Raises:
            Problem: 422: a goal is unknown; 403: the request is for another user.
        """
        if self.user_id is not None and self.user_id.lower() != str(user_id):
            raise Problem(OTHER_USER, "A token is good for its own user alone.")
        unknown = sorted(set(self.goal_keys or ()) - set(REGISTRY))
        if unknown:
            known = ", ".join(sorted(REGISTRY))
            raise invalid(
                f"Nothing was done. goalKeys: there is no goal {unknown[0]!r} (there are: {known})."
            )
        return None if self.goal_keys is None else tuple(sorted(set(self.goal_keys)))


@router.post(
    "/ads-orchestrate",
    status_code=202,
    summary="Run my goals now",
    responses={200: {"model": schemas.StartedResponse, "description": "The run is at its end."}},
)
async def run_my_goals(
    response: Response,
    user_id: RunUserId,
    deps: AppDependencies,
    options: Annotated[WaitOptions, Depends()],
    body: RunRequestBody | None = None,
) -> schemas.StartedResponse:
    """Start a run for the user, or join the active one.

    202: it is active; poll `Location`. 200: it ended within `wait` seconds, and the summary is complete.
    A deployment that is not armed makes a dry run: `dryRun` says so.
    """
    goals = (body or RunRequestBody()).goals(user_id)
    started = await run_in_threadpool(
        lambda: deps.run_service.start_or_join(user_id, goals, options.idempotency_key)
    )
    seconds = min(options.wait, deps.settings.max_wait_s)
    run = await poll_until(
        lambda: _own_run(deps, user_id, started.run_id),
        lambda seen: seen.status not in OPEN_STATUSES,
        seconds,
    )
    count = await run_in_threadpool(deps.user_view.count_actions, user_id, started.run_id)
    response.headers["Location"] = f"runs/{started.run_id}/actions"
    response.status_code = 202 if run.status in OPEN_STATUSES else 200
    return serializers.started_run(run, count, run_reason(run.error))


async def poll_until(read: Callable[[], T], is_done: Callable[[T], bool], wait_s: float) -> T:
    """Return the first value that is done, or the last one after ``wait_s`` seconds."""
    deadline = anyio.current_time() + wait_s
    while True:
        value = await run_in_threadpool(read)
        left_s = deadline - anyio.current_time()
        if is_done(value) or left_s <= 0:
            return value
        await anyio.sleep(min(POLL_S, left_s))


def _own_run(deps: Dependencies, user_id: UUID, run_id: UUID) -> UserRunRecord:
    run = deps.user_view.run(user_id, run_id)
    if run is None:
        raise RuntimeError("Bug! the run of a user is not visible to them")
    return run
