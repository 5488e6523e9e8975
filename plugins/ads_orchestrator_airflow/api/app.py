"""The users' API: a FastAPI app, mounted at ``/ads-orchestrator-api``, outside Airflow's login."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import Scope

from ads_orchestrator_airflow.api.anonymous_requests import AnonymousMiddleware, client_address
from ads_orchestrator_airflow.api.dependencies import Dependencies
from ads_orchestrator_airflow.api.middleware import RequestMiddleware
from ads_orchestrator_airflow.api.openapi import describe
from ads_orchestrator_airflow.api.problems import add_handlers
from ads_orchestrator_airflow.api.routes import cron, interventions, preview, run_start, runs, user_settings
from orchestrator.errors import ConfigError

ABOUT = """\
A user's own runs and settings, behind the user's own front end. Every request carries the user's sign-in
token; nothing else in a request identifies the user.
"""


def create(dependencies: Dependencies | None = None) -> FastAPI:
    """Create the app. It answers 503 until the deployment has the keys of its users' tokens."""
    deps = dependencies or Dependencies()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        deps.close()

    app = FastAPI(
        title="Ads Orchestrator: users' API",
        version="1",
        description=ABOUT,
        docs_url=None,  # these pages load scripts from other hosts
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.dependencies = deps
    add_handlers(app)
    app.include_router(run_start.router)
    app.include_router(preview.router)
    app.include_router(runs.router)
    app.include_router(user_settings.router)
    app.include_router(interventions.router)
    app.include_router(cron.router)
    _cache_openapi(app)
    app.add_middleware(AnonymousMiddleware, count=lambda scope: _count_anonymous(deps, scope))
    app.add_middleware(RequestMiddleware, origins=lambda: _origins(deps))
    return app


def _cache_openapi(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's own pages extend it


def _origins(deps: Dependencies) -> tuple[str, ...]:
    try:
        return deps.settings.origins
    except ConfigError:
        return ()  # the endpoints report the setting


def _count_anonymous(deps: Dependencies, scope: Scope) -> dict[str, str]:
    try:
        address = client_address(scope, deps.settings.proxy_depth)
        return deps.anonymous_limit.count(address)
    except ConfigError:
        return {}  # the endpoints report the setting
