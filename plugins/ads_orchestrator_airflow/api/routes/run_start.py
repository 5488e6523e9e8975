"""Start a run, and wait for its end if that is wanted."""

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

from ads_orchestrator_airflow.api import schemas
from ads_orchestrator_airflow.api.auth import AppParts, Runner
from ads_orchestrator_airflow.api.dependencies import Dependencies
from ads_orchestrator_airflow.api.problems import OTHER_USER, Problem, invalid
from ads_orchestrator_airflow.api.run_service import OPEN
from ads_orchestrator_airflow.api.user_messages import run_reason
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.user_records import UserRunRecord

router = APIRouter(tags=["run my goals"])

POLL_S = 1.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WaitOptions:
    """How long the answer may take, and what makes asking twice safe."""

    wait: Annotated[
        int,
        Query(ge=0, le=600, description="Seconds to wait for the end, as far as the deployment allows (60)."),
    ] = 0
    idempotency_key: Annotated[
        str | None,
        Header(
            pattern=r"^[\x21-\x7e]+$",
            max_length=255,
            description="The same key again gets the same run: safe to repeat when an answer was lost.",
        ),
    ] = None


class RunRequestBody(BaseModel):
    """What a run or a preview is for."""

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
        """The goals asked for, each once.

        Raises:
            Problem: a goal is unknown, or the wish is for another user.
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
    user_id: Runner,
    parts: AppParts,
    how: Annotated[WaitOptions, Depends()],
    wish: RunRequestBody | None = None,
) -> schemas.StartedResponse:
    """Start a run for the user, or join the one that is going on.

    202: it goes on; ask at `Location`. 200: it ended within `wait` seconds, and the summary is whole.
    A deployment that is not armed makes a dry run: `dryRun` says so.
    """
    goals = (wish or RunRequestBody()).goals(user_id)
    asked = await run_in_threadpool(lambda: parts.desk.ask(user_id, goals, how.idempotency_key))
    seconds = min(how.wait, parts.settings.max_wait_s)
    run = await last_seen(
        lambda: _own_run(parts, user_id, asked.run_id), lambda seen: seen.status not in OPEN, seconds
    )
    count = await run_in_threadpool(parts.members.count_actions, user_id, asked.run_id)
    response.headers["Location"] = f"runs/{asked.run_id}/actions"
    response.status_code = 202 if run.status in OPEN else 200
    return schemas.started(run, count, run_reason(run.error))


async def last_seen(look: Callable[[], T], is_over: Callable[[T], bool], wait_s: float) -> T:
    """What ``look`` sees when it is over, or after so many seconds."""
    deadline = anyio.current_time() + wait_s
    while True:
        seen = await run_in_threadpool(look)
        left_s = deadline - anyio.current_time()
        if is_over(seen) or left_s <= 0:
            return seen
        await anyio.sleep(min(POLL_S, left_s))


def _own_run(parts: Dependencies, user_id: UUID, run_id: UUID) -> UserRunRecord:
    run = parts.members.run(user_id, run_id)
    if run is None:
        raise RuntimeError("Bug! a user does not see the run they asked for")
    return run
