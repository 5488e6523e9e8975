"""A client of a simulator in the same process: its exceptions reach the test."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from graph_simulator.app import Simulator


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status_code: int
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class Inside:
    """Calls the application as a server would."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def ask(self, method: str, path: str, query: dict[str, str], body: bytes = b"", kind: str = "") -> Answer:
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": quote(path).encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": urlencode(query, errors="replace").encode(),
            "headers": [(b"host", b"localhost"), (b"content-type", kind.encode())],
            "server": ("localhost", 80),
        }
        return asyncio.run(self._ask(scope, body))

    async def _ask(self, scope: dict[str, Any], body: bytes) -> Answer:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._simulator(scope, receive, send)
        return Answer(sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]))

    def form(self, method: str, path: str, token: str, params: dict[str, Any]) -> Any:
        """A Graph call with its parameters as a form, or in the query of a GET."""
        wire = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()
        }
        query = {"access_token": token} | (wire if method == "GET" else {})
        body = b"" if method == "GET" else urlencode(wire).encode()
        return self.ask(method, path, query, body, "application/x-www-form-urlencoded").json()
