"""A pool of connections that work as the service, and the statements in ``sql/``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, fields
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import psycopg
from psycopg.rows import DictRow, class_row, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from orchestrator.domain.isolation import isolate
from orchestrator.errors import ConfigError, DatabaseUnavailable, UnusableValue, one_line
from orchestrator.store import values

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
Each = TypeVar("Each")

log = logging.getLogger(__name__)

Connection = psycopg.Connection[DictRow]
Transactions = Callable[[], AbstractContextManager[Connection]]
"""Begins a transaction: ``Database.transaction``, or ``within`` one that is open."""

DatabaseRole = Literal["ads_service", "ads_user"]

CONNECT_TIMEOUT_S = 10

_REFUSED_VALUES = (
    psycopg.DataError,
    psycopg.errors.CheckViolation,
    psycopg.errors.NotNullViolation,
    # Of psycopg's operational errors these are no failure of the server: a row or a document is too large.
    psycopg.errors.ProgramLimitExceeded,
    psycopg.errors.StatementTooComplex,
)


def within(tx: Connection) -> Transactions:
    """The open transaction ``tx``: a repository made with it neither commits nor rolls back."""
    return lambda: nullcontext(tx)


@cache
def statement(name: str) -> bytes:
    """The text of ``sql/<topic>/<statement>.sql``; ``name`` is ``topic/statement``."""
    return (resources.files("orchestrator.store") / "sql" / f"{name}.sql").read_bytes()


def read(
    tx: Connection, row: type[T], name: str, bound: Mapping[str, Any] | None = None
) -> psycopg.Cursor[T]:
    """Execute a statement whose rows are values of ``row``: a column for every field, by name."""
    return tx.cursor(row_factory=class_row(row)).execute(statement(name), bound)


def each_or_halves(
    tx: Connection, items: Sequence[Each], work: Callable[[Sequence[Each]], object]
) -> list[Each]:
    """Do ``work`` for many items of an open transaction.

    Returns:
        The items for which it was refused: it is undone for them alone, and logged.
    """

    def attempt(part: Sequence[Each]) -> None:
        with tx.transaction():
            work(part)

    failures = isolate(items, attempt, _is_unavailable).failures
    for item, error in failures:
        log.error("not stored: %s: %s", item, one_line(error))
    return [item for item, _ in failures]


def _is_unavailable(error: Exception) -> bool:
    return isinstance(error, psycopg.OperationalError) and not isinstance(error, _REFUSED_VALUES)


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

    Every connection acts as ``role``: the service, which sees every user, or a user, who sees none
    until the transaction says which one.

    Raises:
        ConfigError: the login may not act as the role, or the schema is not there.
        DatabaseUnavailable: Postgres cannot be reached.
    """

    def __init__(self, dsn: str, limits: PoolLimits, role: DatabaseRole = "ads_service") -> None:
        begin = partial(_act_as, role=role, statement_s=limits.statement_s)
        _try_once(dsn, begin, role)
        self._pool = ConnectionPool(
            dsn,
            connection_class=psycopg.Connection[DictRow],
            kwargs={"row_factory": dict_row, "connect_timeout": CONNECT_TIMEOUT_S},
            min_size=1,
            max_size=limits.connections,
            timeout=CONNECT_TIMEOUT_S,
            configure=begin,
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
            UnusableValue: Postgres refuses a value.
        """
        try:
            with self._pool.connection() as connection:
                yield connection
        except _REFUSED_VALUES as error:
            raise UnusableValue(f"Postgres: {_line(error)}") from error
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise DatabaseUnavailable(f"Postgres: {str(error).strip() or type(error).__name__}") from error

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


def _line(error: psycopg.Error) -> str:
    """What is wrong in one line, without the row that Postgres repeats."""
    return error.diag.message_primary or (str(error).strip() or type(error).__name__).splitlines()[0]


def _try_once(dsn: str, begin: Callable[[psycopg.Connection[Any]], None], role: DatabaseRole) -> None:
    """The pool would try for ever and say only that it took too long; one connection says why."""
    try:
        with psycopg.connect(dsn, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            begin(connection)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"Postgres: {str(error).strip()}") from error
    except (psycopg.errors.InvalidParameterValue, psycopg.errors.InsufficientPrivilege) as error:
        raise ConfigError(
            f"{error.diag.message_primary}; as an administrator: grant {role} to the login,"
            " or run: python -m orchestrator migrate"
        ) from error


def _act_as(connection: psycopg.Connection[Any], *, role: DatabaseRole, statement_s: int) -> None:
    connection.execute(
        "select set_config('role', %(role)s, false), set_config('timezone', 'UTC', false),"
        " set_config('statement_timeout', %(timeout)s, false)",
        {"role": role, "timeout": f"{statement_s}s"},
    )
    connection.commit()
    values.register(connection)
