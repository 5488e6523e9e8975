"""The users' API, served over a real Postgres; tokens as a sign-in service would make them."""

from __future__ import annotations

from tests import own_airflow  # before anything that imports Airflow

# isort: split
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Any
from uuid import UUID

import httpx
import jwt
import psycopg
import pytest
import uvicorn
from airflow.models import DagRun
from airflow.utils.session import create_session
from cryptography.fernet import Fernet
from fastapi import FastAPI
from psycopg.rows import dict_row
from pydantic import SecretStr
from sqlalchemy import delete

from ads_orchestrator_airflow.api import app as users_api
from ads_orchestrator_airflow.api.dependencies import Dependencies
from orchestrator.settings import ApiSettings, load, load_api
from orchestrator.store.encryption import Secrets
from tests.integration.conftest import (  # noqa: F401 - fixtures
    database_url,
    migrated,
    server_url,
)
from tests.integration.store.conftest import Rows

SECRET = "a secret of the tests that is long enough for every algorithm of its kind"
ISSUER = "https://sign-in.example"
USERS, SERVICES = "ads-front-end", "ads-scheduler"


def settings(**changes: Any) -> ApiSettings:
    """Settings under which users and services can sign in, changed as given."""
    usual = {
        "jwt_secret": SECRET,
        "jwt_issuer": ISSUER,
        "jwt_audience": USERS,
        "service_audience": SERVICES,
        "rate_limit": "100000/minute",
        "run_rate_limit": "100000/minute",
        "anonymous_rate_limit": "100000/minute",
    }
    return load_api(**usual | changes)


def a_token(subject: object, *, key: Any = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """A user's token, good for five minutes, changed as given; a claim that is None is left out."""
    usual = {"sub": str(subject), "iss": ISSUER, "aud": USERS, "exp": int(time.time()) + 300}
    wanted = {name: value for name, value in (usual | claims).items() if value is not None}
    headers = {"kid": "1"} if algorithm != "HS256" else None
    return jwt.encode(wanted, key, algorithm=algorithm, headers=headers)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def as_user(user_id: UUID) -> dict[str, str]:
    """The headers with which this user comes."""
    return bearer(a_token(user_id))


def as_service(name: str = "cron") -> dict[str, str]:
    return bearer(a_token(name, aud=SERVICES))


@contextmanager
def served(app: FastAPI) -> Iterator[httpx.Client]:
    """The app on a port of its own, and who asks it."""
    listening = socket.create_server(("127.0.0.1", 0))
    # proxy_headers as Airflow's api-server has it unless it is started with --proxy-headers
    config = uvicorn.Config(app, log_level="critical", lifespan="on", proxy_headers=False)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    host, port = listening.getsockname()
    try:
        with httpx.Client(base_url=f"http://{host}:{port}", timeout=60, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def rows(database_url: str) -> Iterator[Rows]:  # noqa: F811
    secrets = Secrets([SecretStr(Fernet.generate_key().decode())])
    with psycopg.connect(database_url, autocommit=True, row_factory=dict_row) as connection:
        yield Rows(connection, secrets)


@pytest.fixture(scope="module")
def api(database_url: str) -> Iterator[Callable[..., httpx.Client]]:  # noqa: F811
    """Serves the API under changed settings."""
    with ExitStack() as open_ones:

        def start(**changes: Any) -> httpx.Client:
            product = changes.pop("product", None) or load(armed=changes.pop("armed", "true"))
            database = changes.pop("database", database_url)
            parts = Dependencies(lambda: settings(**changes), lambda: product, lambda: database)
            return open_ones.enter_context(served(users_api.create(parts)))

        yield start


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Airflow's own tables with our DAG in them, switched on; no scheduler."""
    own_airflow.with_dags(own_airflow.folder_of_all(tmp_path_factory))


@pytest.fixture
def nothing_goes_on(airflow: None) -> Iterator[None]:
    """Airflow without a run, before and after."""
    with create_session() as session:
        session.execute(delete(DagRun))
    yield
    with create_session() as session:
        session.execute(delete(DagRun))


@pytest.fixture(scope="module")
def http(api: Callable[..., httpx.Client]) -> httpx.Client:
    """The API under the usual settings."""
    return api()
