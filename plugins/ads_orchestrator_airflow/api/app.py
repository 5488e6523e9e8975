"""The app, as the plugin mounts it at ``/ads-orchestrator-api``. It needs no sign-in of Airflow's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from ads_orchestrator_airflow.api.dependencies import Dependencies
from ads_orchestrator_airflow.api.middleware import RequestMiddleware
from ads_orchestrator_airflow.api.openapi import describe
from ads_orchestrator_airflow.api.problems import add_handlers
from ads_orchestrator_airflow.api.routes import cron, preview, run_start, runs, settings
from orchestrator.errors import ConfigError

ABOUT = """\
A user's own runs and settings, behind the user's own front end. Every request carries the user's sign-in
token; nothing else in a request says who the user is.
"""


def create(parts: Dependencies | None = None) -> FastAPI:
    """Make the app. It is closed (503) until the deployment has the keys of its users' tokens."""
    made = parts or Dependencies()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        made.close()

    app = FastAPI(
        title="Ads Orchestrator: users' API",
        version="1",
        description=ABOUT,
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.parts = made
    add_handlers(app)
    app.include_router(run_start.router)
    app.include_router(preview.router)
    app.include_router(runs.router)
    app.include_router(settings.router)
    app.include_router(cron.router)
    _describe_itself(app)
    app.add_middleware(RequestMiddleware, origins=lambda: _origins(made))
    return app


def _describe_itself(app: FastAPI) -> None:
    def once() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = once  # type: ignore[method-assign]  # as FastAPI's own pages extend it


def _origins(parts: Dependencies) -> tuple[str, ...]:
    try:
        return parts.settings.origins
    except ConfigError:
        return ()  # the endpoints answer that a setting is wrong
