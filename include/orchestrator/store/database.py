"""A pool of connections that work as the service, and the statements in ``sql/``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool, PoolTimeout

from orchestrator.errors import ConfigError, DatabaseUnavailable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Connection = psycopg.Connection[DictRow]

CONNECT_TIMEOUT_S = 10


@cache
def statement(name: str) -> bytes:
    """The text of ``sql/<name>.sql``."""
    return (resources.files("orchestrator.sql") / f"{name}.sql").read_bytes()


def document(value: Any) -> Jsonb:
    """A JSON parameter; ids, dates and decimals become strings."""
    return Jsonb(value, dumps=partial(json.dumps, default=str))


def columns(row: DataclassInstance) -> dict[str, Any]:
    """A row's fields by name, as they are: ``asdict`` would copy every value."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLimits:
    """How many connections at most, and the seconds after which a statement is given up."""

    connections: int = 8
    statement_s: int = 60


class Database:
    """Hands out transactions. Each is committed at its end, or rolled back by an exception.

    Raises:
        ConfigError: the login may not act as the service, or the schema is not there.
        DatabaseUnavailable: Postgres cannot be reached.
    """

    def __init__(self, dsn: str, limits: PoolLimits) -> None:
        _try_once(dsn, limits)
        self._pool = ConnectionPool(
            dsn,
            connection_class=psycopg.Connection[DictRow],
            kwargs={"row_factory": dict_row, "connect_timeout": CONNECT_TIMEOUT_S},
            min_size=1,
            max_size=limits.connections,
            timeout=CONNECT_TIMEOUT_S,
            configure=partial(_as_service, statement_s=limits.statement_s),
            # A server that was restarted is noticed before a transaction begins, not in it.
            check=ConnectionPool.check_connection,
            open=True,
        )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction.

        Raises:
            DatabaseUnavailable: no connection in time, or it broke; nothing was committed, unless
                it broke while committing.
        """
        try:
            with self._pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise DatabaseUnavailable(f"Postgres: {str(error).strip() or type(error).__name__}") from error

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


def _try_once(dsn: str, limits: PoolLimits) -> None:
    """The pool would try for ever and say only that it took too long; one connection says why."""
    try:
        with psycopg.connect(dsn, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            _as_service(connection, limits.statement_s)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"Postgres: {str(error).strip()}") from error
    except (psycopg.errors.InvalidParameterValue, psycopg.errors.InsufficientPrivilege) as error:
        raise ConfigError(f"{error.diag.message_primary}; run: python -m orchestrator migrate") from error


def _as_service(connection: psycopg.Connection[Any], statement_s: int) -> None:
    connection.execute(
        "select set_config('role', 'ads_service', false), set_config('timezone', 'UTC', false),"
        " set_config('statement_timeout', %(timeout)s, false)",
        {"timeout": f"{statement_s}s"},
    )
    connection.commit()
