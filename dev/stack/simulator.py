"""The Graph simulator as a part, or whatever answers in its place."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from stack.errors import StackError
from stack.ports import HOST
from stack.supervisor import Command, Supervisor

READY_S = 60.0
CONNECTION_TYPE = "ads_orchestrator_meta"


@dataclass(frozen=True, slots=True)
class MetaApp:
    """The app whose calls Meta counts."""

    app_id: str
    app_secret: str

    def connection(self, base_url: str) -> str:
        """The app as an Airflow connection, in JSON."""
        return json.dumps(
            {
                "conn_type": CONNECTION_TYPE,
                "login": self.app_id,
                "password": self.app_secret,
                "host": base_url,
            }
        )


def start(supervisor: Supervisor, port: int, arguments: tuple[str, ...], base: Mapping[str, str]) -> str:
    """Start the simulator without waiting for it; its URL."""
    command = [sys.executable, "-m", "graph_simulator", "--port", str(port), *arguments]
    supervisor.start(Command(name="graph simulator", arguments=command, environment=base))
    return f"http://{HOST}:{port}"


def own_app(supervisor: Supervisor, url: str) -> MetaApp:
    """The app of the simulator that is a part, once it is up."""
    supervisor.wait_for("The graph simulator", lambda: _get(f"{url}/_sim/ready") is not None, READY_S)
    return _app_at(url)


def other_app(url: str) -> MetaApp:
    """The app named by the environment; else the one of a simulator that someone else runs at the URL."""
    app_id, secret = (os.environ.get(f"ORCHESTRATOR_META_APP_{part}", "") for part in ("ID", "SECRET"))
    return MetaApp(app_id, secret) if app_id else _app_at(url)


def _app_at(url: str) -> MetaApp:
    answer = _get(f"{url}/_sim/app")
    if answer is None:
        raise StackError(
            f"No simulator answers at {url}: start it, or set ORCHESTRATOR_META_APP_ID and _SECRET"
        )
    return MetaApp(str(answer.json()["app_id"]), str(answer.json()["app_secret"]))


def _get(url: str) -> httpx.Response | None:
    """The answer, if it is a success."""
    try:
        answer = httpx.get(url, trust_env=False)
    except httpx.TransportError:
        return None
    return answer if answer.is_success else None
