"""Every error is a problem document (RFC 9457) with a reason that a person can use."""

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
    """One kind of error: its HTTP status, its name for programs, the same for people."""

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
    """An answer that is an error: raise it anywhere in a request.

    Args:
        kind: what it is.
        detail: what happened here and what to do.
        headers: of the answer, beside the usual ones.
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
    """A problem document in ASCII: what a request held may be no valid text."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        """Write the document."""
        return json.dumps(content).encode("ascii")


def answer(request_id: str, problem: Problem) -> JSONResponse:
    """The problem as a response."""
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
    """The deployment is not ready; its people have to do something."""
    return Problem(
        UNAVAILABLE,
        f"The service is not ready at the moment: {why}.",
        headers={"Retry-After": str(RETRY_S)},
    )


def add_handlers(app: FastAPI) -> None:
    """Answer every exception that is expected with a problem document; ``Border`` answers the rest."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(ConfigError, _configuration)
    app.add_exception_handler(DatabaseUnavailable, _database)


def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Problem):
        error = _plain(error)
    return answer(request.state.request_id, error)


def _plain(error: Exception) -> Problem:
    """The framework's own refusals: no such address, no such method, a body that is no JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    phrase = HTTPStatus(status).phrase
    said = {
        404: "There is nothing at this address; see openapi.json for what there is.",
        405: "This address does not take this method; see openapi.json.",
    }
    headers = error.headers if isinstance(error, HTTPException) else None
    name = phrase.lower().replace(" ", "-")
    return Problem(
        ProblemKind(status, name, phrase), said.get(status, "The request could not be read."), headers=headers
    )


def _validation(request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [{"place": _place(each["loc"]), "problem": each["msg"]} for each in problems]
    named = "; ".join(f"{each['place']}: {each['problem']}" for each in errors)
    return answer(request.state.request_id, invalid(f"Nothing was done. {named}", errors))


def invalid(detail: str, errors: Sequence[Mapping[str, str]] = ()) -> Problem:
    """What was sent cannot be taken as it is."""
    more = {"errors": list(errors)} if errors else {}
    return Problem(INVALID, detail, more=more)


def _place(loc: Sequence[Any]) -> str:
    return ".".join(str(part) for part in loc)


def _configuration(request: Request, error: Exception) -> JSONResponse:
    log.error("%s: %s", request.state.request_id, error)
    return answer(request.state.request_id, unavailable("a setting is missing or wrong"))


def _database(request: Request, error: Exception) -> JSONResponse:
    log.error("%s: %s", request.state.request_id, error)
    return answer(request.state.request_id, unavailable("the database cannot be reached"))


def bug(request_id: str, error: Exception) -> Problem:
    """What nobody expected: the log has it, and the number is how a person's report is found there."""
    log.error("%s failed", request_id, exc_info=error)
    return Problem(INTERNAL, "This is a fault of ours. Tell support the request id; trying again may help.")
