"""Real Postgres for the tests of this folder: one server a session, one database a module."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from orchestrator.store import migrations
from tests.postgres import a_database, a_server


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A server on which databases and roles may be made."""
    with a_server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated(server_url: str) -> Iterator[str]:
    """The name of a database with our schema, to copy."""
    with a_database(server_url) as url:
        migrations.migrate(url)
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture(scope="module")
def database_url(server_url: str, migrated: str) -> Iterator[str]:
    """A database with our schema and without rows, for one module."""
    with a_database(server_url, template=migrated) as url:
        yield url


@pytest.fixture
def fresh_database_url(server_url: str, migrated: str) -> Iterator[str]:
    """The same for one test."""
    with a_database(server_url, template=migrated) as url:
        yield url


@pytest.fixture
def bare_database_url(server_url: str) -> Iterator[str]:
    """A database without anything in it."""
    with a_database(server_url) as url:
        yield url
