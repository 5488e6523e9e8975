"""Errors as problem documents (RFC 9457) with a detail for the user."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from orchestrator.errors import ConfigError, DatabaseUnavailable

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:problem-type:ads-orchestrator:"
RETRY_S = 30

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of error: HTTP status, name for programs, title for people."""

    status: int
    name: str
    title: str


UNREADABLE = ProblemKind(400, "bad-request", "Bad Request")
NO_JSON = ProblemKind(415, "no-json", "The request is not JSON")
INVALID = ProblemKind(422, "invalid-request", "The request is not valid")
NOT_SIGNED_IN = ProblemKind(401, "not-signed-in", "You are not signed in")
OTHER_SITE = ProblemKind(403, "other-site", "Requests from other sites are refused")
NO_SUCH_RUN = ProblemKind(404, "no-such-run", "There is no such run")
OTHER_USER = ProblemKind(403, "other-user", "This is another user's")
NO_SETTINGS = ProblemKind(404, "no-settings", "There are no settings yet")
BROKEN_SETTINGS = ProblemKind(409, "settings-unreadable", "The stored settings cannot be read")
CHANGED_MEANWHILE = ProblemKind(412, "changed-meanwhile", "The settings were changed meanwhile")
NOT_ELIGIBLE = ProblemKind(409, "not-eligible", "No run can start for this account")
NO_PLAN = ProblemKind(409, "no-plan", "No plan can be made for this account")
KEY_REUSED = ProblemKind(422, "idempotency-key-reused", "The Idempotency-Key was used before")
STOPPED = ProblemKind(503, "stopped", "Runs are stopped")
TOO_LARGE = ProblemKind(413, "too-large", "The request is too large")
TOO_MANY = ProblemKind(429, "too-many-requests", "Too many requests")
INTERNAL = ProblemKind(500, "internal-error", "Something went wrong")
UNAVAILABLE = ProblemKind(503, "not-available", "The service is not available")


class Problem(HTTPException):
    """An error response; raise it anywhere in a request.

    Args:
        kind: the kind of error.
        detail: the cause and the remedy, for the user.
        headers: response headers beside the common ones.
        more: further members of the document.
    """

    def __init__(
        self,
        kind: ProblemKind,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(kind.status, detail, dict(headers or {}))
        self.kind = kind
        self.more = dict(more or {})


class _ProblemResponse(JSONResponse):
    """A problem document in ASCII: input in it may be invalid Unicode."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        """Encode the document."""
        return json.dumps(content).encode("ascii")


def response(request_id: str, problem: Problem) -> JSONResponse:
    """Return the problem as a response."""
    document = {
        "type": TYPE + problem.kind.name,
        "title": problem.kind.title,
        "status": problem.status_code,
        "detail": problem.detail,
        "requestId": request_id,
        **problem.more,
    }
    return _ProblemResponse(document, problem.status_code, headers=problem.headers)


def unavailable(why: str) -> Problem:
    """Return a 503: an operator has to act."""
    return Problem(
        UNAVAILABLE,
        f"The service is not ready at the moment: {why}.",
        headers={"Retry-After": str(RETRY_S)},
    )


def add_handlers(app: FastAPI) -> None:
    """Register the handlers of expected exceptions; ``RequestMiddleware`` handles the others.

    All are coroutines: a plain function would take one of the threads that Airflow's own routes share.
    """
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(ConfigError, _configuration)
    app.add_exception_handler(DatabaseUnavailable, _database)


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Problem):
        error = _http_problem(error)
    return response(request.state.request_id, error)


def _http_problem(error: Exception) -> Problem:
    """Return the problem of an error of the framework: path, method or body."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    phrase = HTTPStatus(status).phrase
    details = {
        404: "There is nothing at this address; see openapi.json for what there is.",
        405: "This address does not take this method; see openapi.json.",
    }
    headers = error.headers if isinstance(error, HTTPException) else None
    name = phrase.lower().replace(" ", "-")
    return Problem(
        ProblemKind(status, name, phrase),
        details.get(status, "The request could not be read."),
        headers=headers,
    )


async def _validation(request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [{"place": _place(each["loc"]), "problem": each["msg"]} for each in problems]
    named = "; ".join(f"{each['place']}: {each['problem']}" for each in errors)
    return response(request.state.request_id, invalid(f"Nothing was done. {named}", errors))


def invalid(detail: str, errors: Sequence[Mapping[str, str]] = ()) -> Problem:
    """Return a 422; ``errors`` has a place and a problem for each invalid value."""
    more = {"errors": list(errors)} if errors else {}
    return Problem(INVALID, detail, more=more)


def _place(loc: Sequence[Any]) -> str:
    return ".".join(str(part) for part in loc)


async def _configuration(request: Request, error: Exception) -> JSONResponse:
    log.error("%s: %s", request.state.request_id, error)
    return response(request.state.request_id, unavailable("a setting is missing or wrong"))


async def _database(request: Request, error: Exception) -> JSONResponse:
    log.error("%s: %s", request.state.request_id, error)
    return response(request.state.request_id, unavailable("the database cannot be reached"))


def internal_error(request_id: str, error: Exception) -> Problem:
    """Return a 500 and log the exception under the request id."""
    log.error("%s failed", request_id, exc_info=error)
    return Problem(INTERNAL, "This is a fault of ours. Tell support the request id; trying again may help.")
