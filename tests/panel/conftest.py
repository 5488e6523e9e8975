"""The panel's app over a real Postgres, with a login of the tests' own in place of Airflow's."""

from __future__ import annotations

from tests import own_airflow  # noqa: F401 - before anything that imports Airflow

# isort: split
import warnings
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography.fernet import Fernet
from psycopg.rows import dict_row
from pydantic import SecretStr

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Airflow's and Starlette's own
    from fastapi.testclient import TestClient

    from ads_orchestrator_airflow.panel import auth, dependencies
    from ads_orchestrator_airflow.panel.app import create
    from ads_orchestrator_airflow.panel.cached_stats import fleet_performance, fleet_stats

from orchestrator.resources import build_resources
from orchestrator.settings import Settings
from orchestrator.store import migrations
from orchestrator.store.encryption import Secrets
from orchestrator.store.panel import PanelStore
from tests.integration.store.conftest import Rows
from tests.postgres import a_database, a_server

app = create()
KEY = Fernet.generate_key().decode()
OURS = {"X-Panel": "1", "Sec-Fetch-Site": "same-origin"}


class Operator:
    """Somebody whom Airflow knows."""

    def get_name(self) -> str:
        return "olive"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    with a_server() as server, a_database(server) as url:
        migrations.migrate(url)
        yield url


@pytest.fixture(scope="session")
def rows(database_url: str) -> Iterator[Rows]:
    with psycopg.connect(database_url, autocommit=True, row_factory=dict_row) as connection:
        yield Rows(connection, Secrets([SecretStr(KEY)]))


@pytest.fixture(scope="session", autouse=True)
def _connected(database_url: str) -> Iterator[None]:
    """The app works with the tests' own database, and with a Meta that is not there."""
    assert urlsplit(database_url).scheme
    store = PanelStore(database_url)
    settings = Settings.model_validate({"secret_keys": KEY, "meta_base_url": "http://127.0.0.1:9"})
    built = build_resources(settings, dsn=database_url)
    before = dependencies.panel_store.make, dependencies.resources.make
    dependencies.panel_store.make, dependencies.resources.make = lambda: store, lambda: built
    yield
    dependencies.panel_store.make, dependencies.resources.make = before
    store.close()
    built.close()


@pytest.fixture
def log_in() -> Iterator[Callable[..., TestClient]]:
    """A browser of somebody who may change things, or only look."""

    def browser(*, operator: bool) -> TestClient:
        app.dependency_overrides |= {
            auth.get_user: Operator,
            auth.can_read: lambda: None,
            auth.is_operator: lambda: operator,
        }
        if operator:
            app.dependency_overrides[auth.can_trigger] = lambda: None
        fleet_stats.clear()
        fleet_performance.clear()
        return TestClient(app, headers={"Accept": "text/html"})

    yield browser
    app.dependency_overrides.clear()


@pytest.fixture
def operator(log_in: Callable[..., TestClient]) -> TestClient:
    return log_in(operator=True)


@pytest.fixture
def viewer(log_in: Callable[..., TestClient]) -> TestClient:
    return log_in(operator=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Airflow warn about what is Airflow's."""
    for item in items:
        if "tests/panel" in item.path.as_posix():
            item.add_marker(pytest.mark.filterwarnings("default"))
