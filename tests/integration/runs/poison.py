"""Bad values for each type of column and each field of an answer, and the traces that a run leaves."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar
from urllib.parse import unquote
from uuid import UUID

import psycopg
import requests
from psycopg import sql

from demo.personas import Persona
from orchestrator.bounded_http import BoundedAdapter
from orchestrator.domain.steps import TASKS
from orchestrator.runs import lifecycle, run_report
from tests.integration.runs.conftest import Workbench

DEEP = "[" * 3_000 + "]" * 3_000
ODD = "\u202e\ufffe\U0001f921 "
INTEGERS = ("-1", "0", "2147483647", "-2147483648")
INSTANTS = ("infinity", "-infinity", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")

VALUES: Mapping[str, Sequence[str | None]] = {
    "jsonb": (
        DEEP,
        json.dumps({"streams": {"is_active": True, "priority": 5, "budget_hint": 10**60}}),
        '{"virality": 1e100000}',
        "null",
        "[1]",
        json.dumps({ODD: ODD}),
        None,
    ),
    "numeric": ("1e60", "NaN", "Infinity", "-1", "0", "1e-40", None),
    "bigint": (*INTEGERS, "9223372036854775807", None),
    "integer": (*INTEGERS, None),
    "text": ("", ODD, "x" * 100_000, "new:", None),
    "timestamp with time zone": (*INSTANTS, None),
    "date": ("infinity", "-infinity", "0001-01-01", None),
    "boolean": ("true", "false", None),
    "uuid": ("00000000-0000-0000-0000-000000000000", None),
    "bytea": ("", r"\xdeadbeef", None),
    "ARRAY": ("{}", "{NULL}", "{2147483647}", None),
}
FIELDS: Sequence[Any] = (
    json.loads("[" * 500 + "]" * 500),
    10**400,
    "1e400",
    "NaN",
    float("nan"),
    float("inf"),
    "9223372036854775808",
    -1,
    "-1",
    "",
    "\x00\ud800\u202e",
    None,
    [],
    {},
    [{"id": "1"}],
    True,
)


CaseT = TypeVar("CaseT")


def sample(cases: Sequence[CaseT], seed: int, size: int) -> Sequence[CaseT]:
    """A fixed sample of the cases; with ``ISOLATION=all`` all of them, in an order as fixed."""
    shuffled = random.Random(seed).sample(cases, len(cases))
    return shuffled if os.environ.get("ISOLATION") == "all" else shuffled[:size]


class Place(NamedTuple):
    """A column and its type."""

    table: str
    column: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a run left of one user: how it ended, its actions and its holds, without times."""

    status: str
    actions: tuple[tuple[Any, ...], ...]
    holds: tuple[str, ...]


def columns(dsn: str) -> list[Place]:
    """Table, column and type of all that is stored of a user, and of the exchange rates."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute("""
            select c.table_name, c.column_name, c.data_type
            from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
              and (c.table_name = 'fx_rates' or exists (
                  select from information_schema.columns k
                  where k.table_schema = c.table_schema and k.table_name = c.table_name
                    and k.column_name = 'user_id'))
            order by c.table_name, c.ordinal_position
        """)
        return [Place(*row) for row in found]


def without_bounds(dsn: str) -> None:
    """Drop all checks and null constraints, as if rows were older than these."""
    with psycopg.connect(dsn) as connection:
        checks = connection.execute("""
            select conrelid::regclass::text, conname from pg_constraint
            where contype = 'c' and connamespace = current_schema()::regnamespace and conrelid <> 0
        """).fetchall()
        needed = connection.execute("""
            select c.table_name, c.column_name from information_schema.columns c
            join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.is_nullable = 'NO'
              and not exists (
                  select from information_schema.key_column_usage k
                  join information_schema.table_constraints p using (constraint_schema, constraint_name)
                  where p.constraint_type = 'PRIMARY KEY' and k.table_name = c.table_name
                    and k.column_name = c.column_name)
        """).fetchall()
        for table, name in checks:
            drop = sql.SQL("alter table {} drop constraint if exists {}")
            connection.execute(drop.format(sql.Identifier(table), sql.Identifier(name)))
        for table, column in needed:
            drop = sql.SQL("alter table {} alter column {} drop not null")
            connection.execute(drop.format(sql.Identifier(table), sql.Identifier(column)))


def spoil(dsn: str, user: Persona, place: Place, value: str | None) -> bool:
    """Give one column of all rows of a user a value; whether there are any and Postgres takes it."""
    try:
        with psycopg.connect(dsn) as connection:
            return set_column(connection, user.user_id, user.currency, place, value) > 0
    except psycopg.Error:
        return False


def set_column(
    connection: psycopg.Connection[Any], user_id: UUID, currency: str, place: Place, value: str | None
) -> int:
    """Give one column of a user's rows a value, of the rates that of a currency; how many there are."""
    mine = "currency = %(currency)s" if place.table == "fx_rates" else "user_id = %(user)s"
    typed = "%(value)s" if place.kind == "ARRAY" else f"%(value)s::{place.kind}"
    statement = sql.SQL("update {} set {} = " + typed + " where " + mine).format(
        sql.Identifier(place.table), sql.Identifier(place.column)
    )
    bound = {"value": value, "user": user_id, "currency": currency}
    return connection.execute(statement, bound).rowcount


def run_through(town: Workbench, run_key: str, between: Callable[[], None] = lambda: None) -> None:
    """One live run, as Airflow would make it on the last try; ``between`` the first step and the others."""
    for batch in town.open(run_key):
        for number, step in enumerate(TASKS):
            if number == 1:
                between()
            lifecycle.run_step(town.resources, run_key, batch, step, last_try=True)
    run_report.finish(town.resources, run_key)


def traces(town: Workbench, run_key: str, users: Sequence[Persona]) -> dict[str, Trace]:
    """What a run left of some users, by name."""
    return {user.name: _trace(town.dsn, run_key, user.user_id) for user in users}


def _trace(dsn: str, run_key: str, user_id: UUID) -> Trace:
    bound = {"run_key": run_key, "user": user_id}
    with psycopg.connect(dsn) as connection:
        runs = connection.execute(
            "select id, status from ads_automation_runs where run_key = %(run_key)s and user_id = %(user)s",
            bound,
        ).fetchall()
        run_id = runs[0][0] if runs else None
        actions = connection.execute(
            "select step, ordinal, action_type, goal_key, campaign_id, adset_id, before_minor, after_minor,"
            " reason, status from ads_automation_actions where run_id = %(run)s order by step, ordinal",
            {"run": run_id},
        ).fetchall()
        holds = connection.execute(
            "select step || coalesce(decision -> 'holds', '[]')::text from ads_decided_steps"
            " where run_id = %(run)s order by 1",
            {"run": run_id},
        ).fetchall()
    return Trace(
        status=runs[0][1] if runs else "none",
        actions=tuple(actions),
        holds=tuple(row[0] for row in holds),
    )


def problem_of(dsn: str, run_key: str, user: Persona) -> str | None:
    """The error on a user's run."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "select error from ads_automation_runs where run_key = %s and user_id = %s",
            (run_key, user.user_id),
        ).fetchone()
    return None if row is None else row[0]


Path = tuple[str | int, ...]


class BendingAdapter(BoundedAdapter):
    """Passes requests on, and gives some users' answers another value at one place each, by access token.

    The place ``()`` is the whole answer. ``status`` is that of these answers, when it is to be another.
    ``seen`` collects the places of these users' answers.
    """

    def __init__(self, bends: Mapping[str, tuple[Path, Any]], status: int | None = None) -> None:
        super().__init__(total_s=10, connections=32)
        self._bends = bends
        self._status = status
        self.seen: dict[Path, None] = {}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; bend its answer when it is such a user's."""
        response = super().send(request, *args, **kwargs)
        body = request.body if isinstance(request.body, str) else (request.body or b"").decode()
        sent = unquote(f"{request.url} {body}")
        bend = next((bend for token, bend in self._bends.items() if token in sent), None)
        if bend is not None:
            answer = opened(response.json())
            self.seen |= dict.fromkeys(paths(answer))
            text = json.dumps(closed(answer if bend == ((), None) else bent(answer, *bend)))
            response.status_code = self._status or response.status_code
            response._content = text.encode()
        return response


def opened(answer: Any) -> Any:
    """An answer with the bodies of a batch parsed."""
    if not isinstance(answer, list):
        return answer
    return [s if s is None else s | {"body": json.loads(s["body"])} for s in answer]


def closed(answer: Any) -> Any:
    """The opposite of ``opened``."""
    if not isinstance(answer, list):
        return answer
    return [s | {"body": json.dumps(s["body"])} if isinstance(s, dict) and "body" in s else s for s in answer]


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    """Each place of a document; of a list, its first entry."""
    if above:
        yield above
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths(each, (*above, key))
    elif isinstance(value, list):
        for number, each in enumerate(value if len(above) == 0 else value[:1]):
            yield from paths(each, (*above, number))


def bent(value: Any, path: Path, new: Any) -> Any:
    """A document with another value at one place; unchanged when it has no such place."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, dict) and key in value:
        return value | {key: bent(value[key], rest, new)}
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return [*value[:key], bent(value[key], rest, new), *value[key + 1 :]]
    return value
