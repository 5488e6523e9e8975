"""The panel: a FastAPI app, mounted by Airflow's api-server at ``/ads-orchestrator``.

Every route needs Airflow's login. Routes are plain functions, run by Starlette in threads: a slow one
does not delay the task heartbeats that the same server answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from threading import Thread

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException

from ads_orchestrator_airflow.dag_runs import CannotStart
from ads_orchestrator_airflow.panel import commands, routes
from ads_orchestrator_airflow.panel.auth import can_read
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
    """Create the app."""
    app = FastAPI(
        title="Ads Orchestrator panel",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(can_read)],
    )
    app.include_router(routes.router)
    app.include_router(commands.router)
    app.add_exception_handler(DatabaseUnavailable, _database_unavailable)
    app.add_exception_handler(ConfigError, _misconfigured)
    app.add_exception_handler(CannotStart, _cannot_start)
    app.add_exception_handler(AnyHTTPException, _http_error)
    app.middleware("http")(_security_headers)
    Thread(target=_preload, name="panel-preload", daemon=True).start()
    return app


def _preload() -> None:
    """Import Meta's client in the background: the first preview does not wait a second for it."""
    import_module("orchestrator.platforms.meta.client")
    import_module("orchestrator.platforms.meta.insight_rows")


async def _security_headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _problem(request: Request, status: int, title: str, what: str, todo: str) -> Response:
    if "x-panel" in request.headers or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"detail": f"{what} {todo}".strip()}, status)
    context = {"title": title, "what": what, "todo": todo, "login_needed": status == 401}
    return page(request, "problem.html", status, **context, operator=False)


def _database_unavailable(request: Request, error: Exception) -> Response:
    todo = (
        "Check that Postgres runs and that Airflow's connection ads_orchestrator_db leads to it; then reload."
    )
    return _problem(request, 503, "The database cannot be reached", f"{error}.", todo)


def _misconfigured(request: Request, error: Exception) -> Response:
    return _problem(request, 500, "Something is not set up", f"{error}.", "Set it right, then reload.")


def _cannot_start(request: Request, error: Exception) -> Response:
    return _problem(request, 409, "The run cannot start", f"{error}.".capitalize(), "")


def _http_error(request: Request, error: Exception) -> Response:
    status, detail = (
        (error.status_code, error.detail) if isinstance(error, AnyHTTPException) else (500, str(error))
    )
    title = {401: "Log in to Airflow first", 403: "Not allowed", 404: "Nothing here"}.get(status)
    todo = "Go back to the fleet." if status == 404 else ""
    return _problem(request, status, title or "That did not work", str(detail), todo)
