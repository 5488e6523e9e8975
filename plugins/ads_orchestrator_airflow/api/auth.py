"""Authentication: bearer tokens of users, and of a scheduler of the deployment's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ads_orchestrator_airflow.api.dependencies import Dependencies
from ads_orchestrator_airflow.api.jwt_verifier import not_signed_in
from ads_orchestrator_airflow.api.request_limit import RateKind

_user_token = HTTPBearer(
    scheme_name="userToken",
    bearerFormat="JWT",
    auto_error=False,
    description="The user's own sign-in token. Its subject (`sub`) is the user id.",
)
_service_token = HTTPBearer(
    scheme_name="serviceToken",
    bearerFormat="JWT",
    auto_error=False,
    description="A token for the service audience: of a scheduler of your own, never of a user.",
)
UserToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_user_token)]
ServiceToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_service_token)]


# Coroutines, all of them: a plain function takes one of the threads that Airflow's own routes share, and
# a request that proves no identity is worth none.
async def dependencies_of(request: Request) -> Dependencies:
    """Return the app's dependencies."""
    deps: Dependencies = request.app.state.dependencies
    return deps


AppDependencies = Annotated[Dependencies, Depends(dependencies_of)]


async def _user(request: Request, deps: AppDependencies, credentials: UserToken) -> UUID:
    user_id = await deps.verifier.user(_sent(credentials))
    await _count(request, deps, str(user_id), "requests")
    return user_id


async def _runner(request: Request, deps: AppDependencies, user_id: UserId) -> UUID:
    await _count(request, deps, str(user_id), "runs")
    return user_id


async def _service(request: Request, deps: AppDependencies, credentials: ServiceToken) -> str:
    name = await deps.verifier.service(_sent(credentials))
    await _count(request, deps, f"service {name}", "runs")
    return name


def _sent(credentials: HTTPAuthorizationCredentials | None) -> str:
    if credentials is None:
        raise not_signed_in("Send the header Authorization: Bearer and your sign-in token.")
    return credentials.credentials


async def _count(request: Request, deps: Dependencies, subject: str, kind: RateKind) -> None:
    """Count a request of a proven identity; in a thread, because the counter may be in Redis."""
    request.state.subject = subject
    request.state.headers.update(await run_in_threadpool(lambda: deps.rate_limit.count(subject, kind)))


UserId = Annotated[UUID, Depends(_user)]
"""The authenticated user."""
RunUserId = Annotated[UUID, Depends(_runner)]
"""The authenticated user of a run or a preview, which have a rate limit of their own."""
ServiceName = Annotated[str, Depends(_service)]
"""The authenticated service."""
