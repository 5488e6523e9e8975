"""Authentication: bearer tokens of users, and of a scheduler of the deployment's own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
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


def dependencies_of(request: Request) -> Dependencies:
    """Return the app's dependencies."""
    deps: Dependencies = request.app.state.dependencies
    return deps


AppDependencies = Annotated[Dependencies, Depends(dependencies_of)]


def _user(request: Request, deps: AppDependencies, credentials: UserToken) -> UUID:
    user_id = deps.verifier.user(_sent(credentials))
    _count(request, deps, str(user_id), "requests")
    return user_id


def _runner(request: Request, deps: AppDependencies, user_id: UserId) -> UUID:
    _count(request, deps, str(user_id), "runs")
    return user_id


def _service(request: Request, deps: AppDependencies, credentials: ServiceToken) -> str:
    name = deps.verifier.service(_sent(credentials))
    _count(request, deps, f"service {name}", "runs")
    return name


def _sent(credentials: HTTPAuthorizationCredentials | None) -> str:
    if credentials is None:
        raise not_signed_in("Send the header Authorization: Bearer and your sign-in token.")
    return credentials.credentials


def _count(request: Request, deps: Dependencies, subject: str, kind: RateKind) -> None:
    request.state.headers.update(deps.rate_limit.count(subject, kind))


UserId = Annotated[UUID, Depends(_user)]
"""The authenticated user."""
RunUserId = Annotated[UUID, Depends(_runner)]
"""The authenticated user of a run or a preview, which have a rate limit of their own."""
ServiceName = Annotated[str, Depends(_service)]
"""The authenticated service."""
