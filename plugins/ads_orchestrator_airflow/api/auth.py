"""The two ways in: a user's token, and the token of a scheduler of your own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ads_orchestrator_airflow.api.dependencies import Dependencies
from ads_orchestrator_airflow.api.jwt_verifier import not_signed_in
from ads_orchestrator_airflow.api.rate_limit import RateKind

_user_token = HTTPBearer(
    scheme_name="userToken",
    bearerFormat="JWT",
    auto_error=False,
    description="The user's own sign-in token. Its subject is the user id; nothing else says who asks.",
)
_service_token = HTTPBearer(
    scheme_name="serviceToken",
    bearerFormat="JWT",
    auto_error=False,
    description="A token for the service audience: of a scheduler of your own, never of a user.",
)
UserToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_user_token)]
ServiceToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_service_token)]


def parts_of(request: Request) -> Dependencies:
    """What the app was made with."""
    parts: Dependencies = request.app.state.parts
    return parts


AppParts = Annotated[Dependencies, Depends(parts_of)]


def _user(request: Request, parts: AppParts, credentials: UserToken) -> UUID:
    user_id = parts.verifier.user(_sent(credentials))
    _count(request, parts, str(user_id), "requests")
    return user_id


def _runner(request: Request, parts: AppParts, user_id: SignedIn) -> UUID:
    _count(request, parts, str(user_id), "runs")
    return user_id


def _service(request: Request, parts: AppParts, credentials: ServiceToken) -> str:
    name = parts.verifier.service(_sent(credentials))
    _count(request, parts, f"service {name}", "runs")
    return name


def _sent(credentials: HTTPAuthorizationCredentials | None) -> str:
    if credentials is None:
        raise not_signed_in("Send the header Authorization: Bearer and your sign-in token.")
    return credentials.credentials


def _count(request: Request, parts: Dependencies, who: str, kind: RateKind) -> None:
    request.state.headers.update(parts.rates.count(who, kind))


SignedIn = Annotated[UUID, Depends(_user)]
"""The user whose token came with the request."""
Runner = Annotated[UUID, Depends(_runner)]
"""The same, where a run or a preview is asked for: those are counted apart."""
Service = Annotated[str, Depends(_service)]
"""The service whose token came with the request."""
