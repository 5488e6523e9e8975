"""Apps that the api-server mounts and nobody else needs."""

from __future__ import annotations

from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class LazyApp:
    """An ASGI app that is imported and made when somebody asks it something.

    Every process of Airflow loads the plugin, each task of each run too: half a second that only the
    api-server has a use for.

    Args:
        module: where the app is made.
        function: what makes it, without arguments.
    """

    def __init__(self, module: str, function: str = "create") -> None:
        self._module = module
        self._function = function
        self._app: ASGIApp | None = None
        self._making = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        with self._making:
            if self._app is None:
                self._app = getattr(import_module(self._module), self._function)()
        await self._app(scope, receive, send)
