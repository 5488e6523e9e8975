"""The panel: an app that Airflow's api-server mounts at ``/ads-orchestrator``.

Nothing in it is reached without Airflow's login. Routes are plain functions, so that Starlette
runs them in threads: a slow one never holds up the tasks' heartbeats in the same server.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from threading import Thread

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException

from ads_orchestrator_airflow.dag_runs import CannotStart
from ads_orchestrator_airflow.panel import commands, pages
from ads_orchestrator_airflow.panel.auth import may_see
from ads_orchestrator_airflow.panel.jinja import page
from orchestrator.errors import ConfigError, DatabaseUnavailable

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create() -> FastAPI:
    """Make the app."""
    app = FastAPI(
        title="Ads Orchestrator panel",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(may_see)],
    )
    app.include_router(pages.router)
    app.include_router(commands.router)
    app.add_exception_handler(DatabaseUnavailable, _database_away)
    app.add_exception_handler(ConfigError, _not_set_up)
    app.add_exception_handler(CannotStart, _cannot_start)
    app.add_exception_handler(AnyHTTPException, _refused)
    app.middleware("http")(_guarded)
    Thread(target=_warm_up, name="panel warms up", daemon=True).start()
    return app


def _warm_up() -> None:
    """Import what reads from Meta before the first preview asks for it: a second that nobody waits for."""
    import_module("orchestrator.platforms.meta.client")
    import_module("orchestrator.evidence")


async def _guarded(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await proceed(request)
    answer.headers.update(_HEADERS)
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _problem(request: Request, status: int, title: str, what: str, todo: str) -> Response:
    if "x-panel" in request.headers or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"detail": f"{what} {todo}".strip()}, status)
    told = {"title": title, "what": what, "todo": todo, "is_stranger": status == 401}
    return page(request, "problem.html", status, **told, operator=False)


def _database_away(request: Request, error: Exception) -> Response:
    todo = (
        "Check that Postgres runs and that Airflow's connection ads_orchestrator_db leads to it; then reload."
    )
    return _problem(request, 503, "The database cannot be reached", f"{error}.", todo)


def _not_set_up(request: Request, error: Exception) -> Response:
    return _problem(request, 500, "Something is not set up", f"{error}.", "Set it right, then reload.")


def _cannot_start(request: Request, error: Exception) -> Response:
    return _problem(request, 409, "The run cannot start", f"{error}.".capitalize(), "")


def _refused(request: Request, error: Exception) -> Response:
    status, detail = (
        (error.status_code, error.detail) if isinstance(error, AnyHTTPException) else (500, str(error))
    )
    title = {401: "Log in to Airflow first", 403: "Not allowed", 404: "Nothing here"}.get(status)
    todo = "Go back to the fleet." if status == 404 else ""
    return _problem(request, status, title or "That did not work", str(detail), todo)
