"""The OpenAPI document, with the problem documents of every operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ads_orchestrator_airflow.api import problems
from ads_orchestrator_airflow.api.openapi_examples import EXAMPLES
from ads_orchestrator_airflow.api.problems import ProblemKind

OpenApiDocument = dict[str, Any]

COMMON = (problems.NOT_SIGNED_IN, problems.TOO_MANY, problems.INTERNAL, problems.UNAVAILABLE)
WITH_INPUT = (problems.UNREADABLE, problems.INVALID)
WITH_BODY = (problems.OTHER_SITE, problems.TOO_LARGE, problems.NO_JSON)
SPECIFIC: dict[tuple[str, str], tuple[ProblemKind, ...]] = {
    ("post", "/ads-orchestrate"): (
        problems.OTHER_USER,
        problems.NOT_ELIGIBLE,
        problems.KEY_REUSED,
        problems.STOPPED,
    ),
    ("post", "/ads-orchestrate-dryrun"): (problems.OTHER_USER, problems.NOT_ELIGIBLE, problems.NO_PLAN),
    ("get", "/runs/{run_id}/actions"): (problems.NO_SUCH_RUN,),
    ("get", "/settings"): (problems.NO_SETTINGS, problems.BROKEN_SETTINGS),
    ("patch", "/settings"): (
        problems.NO_SETTINGS,
        problems.BROKEN_SETTINGS,
        problems.CHANGED_MEANWHILE,
    ),
    ("get", "/waiting"): (problems.NO_SETTINGS,),
    ("post", "/figures/accept"): (problems.NO_SETTINGS,),
    ("post", "/goals/{goal_key}/resume"): (problems.NO_SETTINGS,),
    ("post", "/ads-orchestrate-cron"): (problems.STOPPED,),
}
"""The problems of one operation beside the common ones, by method and path."""

PROBLEM: OpenApiDocument = {
    "type": "object",
    "description": "What went wrong (RFC 9457), in words that a user can be shown.",
    "required": ["type", "title", "status", "detail", "requestId"],
    "properties": {
        "type": {"type": "string", "description": "Which kind of problem, for programs."},
        "title": {"type": "string", "description": "The same for people."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What happened here, and what to do."},
        "requestId": {"type": "string", "description": "Support finds the request by it."},
        "reason": {"type": "string", "description": "Of not-eligible: why, for programs."},
        "errors": {
            "type": "array",
            "description": "Of invalid-request: every place that is wrong.",
            "items": {
                "type": "object",
                "properties": {"place": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}


def describe(app: FastAPI) -> OpenApiDocument:
    """Return the OpenAPI document of the app."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, problems_of(method, path, operation), EXAMPLES.get((method, path)))
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    return document


def problems_of(method: str, path: str, operation: OpenApiDocument) -> list[ProblemKind]:
    """Return every problem that an operation may answer, by status."""
    with_body = method != "get"
    found = [*SPECIFIC.get((method, path), ()), *COMMON]
    found += WITH_INPUT if with_body or operation.get("parameters") else ()
    found += WITH_BODY if with_body else ()
    return sorted(found, key=lambda kind: (kind.status, kind.name))


def _complete(operation: OpenApiDocument, kinds: Iterable[ProblemKind], example: Any) -> None:
    responses: OpenApiDocument = {
        status: response for status, response in operation["responses"].items() if int(status) < 400
    }
    for response in responses.values():
        response["content"]["application/json"]["example"] = example
    for kind in kinds:
        response = responses.setdefault(str(kind.status), {"description": "", "content": _content()})
        response["description"] = "; ".join(filter(None, (response["description"], kind.title)))
        response["content"][problems.MEDIA_TYPE]["examples"][kind.name] = {"value": _example(kind)}
    operation["responses"] = responses


def _content() -> OpenApiDocument:
    return {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}}


def _example(kind: ProblemKind) -> OpenApiDocument:
    return {
        "type": problems.TYPE + kind.name,
        "title": kind.title,
        "status": kind.status,
        "detail": "…",
        "requestId": "4f1c0c1d9a7e4b0f8f6b2d3c5a7e9b10",
    }
