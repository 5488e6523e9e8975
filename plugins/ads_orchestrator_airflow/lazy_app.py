"""ASGI apps that are imported by the api-server only."""

from __future__ import annotations

from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class LazyApp:
    """An ASGI app, imported and created at its first request.

    Every process of Airflow loads the plugin, including each task's: the import takes half a second, and
    only the api-server serves the app.

    Args:
        module: the module of the factory.
        function: the factory, without parameters.
    """

    def __init__(self, module: str, function: str = "create") -> None:
        self._module = module
        self._function = function
        self._app: ASGIApp | None = None
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request."""
        with self._lock:
            if self._app is None:
                self._app = getattr(import_module(self._module), self._function)()
        await self._app(scope, receive, send)
