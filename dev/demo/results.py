"""What a run came to, read back from Postgres: the log, not what a process remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from demo.personas import Persona
from orchestrator.documents import codec
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Allocation, GoalError, Hold, Winner
from orchestrator.domain.records import UserRows
from orchestrator.domain.steps import RULES
from orchestrator.errors import ConfigError
from orchestrator.store import Store
from stack.errors import StackError


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaResult:
    """One person's part of a run. ``failure``: what ended it, if something did."""

    person: Persona
    allocations: tuple[Allocation, ...]
    winners: tuple[Winner, ...]
    actions: tuple[ActionRow, ...]
    holds: tuple[Hold, ...]
    errors: tuple[GoalError, ...]
    failure: str | None


def statement(name: str) -> bytes:
    """The text of the demo's ``sql/<name>.sql``."""
    return (resources.files("demo") / "sql" / f"{name}.sql").read_bytes()


def of_run(dsn: str, store: Store, run_key: str, people: Sequence[Persona]) -> list[PersonaResult]:
    """Everybody's part of a run, in the order of the cast.

    Raises:
        StackError: somebody has no part in it.
    """
    with psycopg.connect(dsn) as connection:
        connection.execute("set role ads_service")
        rows = connection.execute(statement("runs_of"), {"run_key": run_key}).fetchall()
    parts = {user_id: _Part(run_id, status, error) for run_id, user_id, status, error in rows}
    missing = [person.name for person in people if person.user_id not in parts]
    if missing:
        raise StackError(f"Run {run_key} left out {', '.join(missing)}: see the log of list_eligible_users")
    run_ids = [part.run_id for part in parts.values()]
    decided = [store.action_log.decisions(run_ids, step) for step in RULES]
    actions: dict[UUID, list[ActionRow]] = {run_id: [] for run_id in run_ids}
    for row in store.action_log.actions(run_ids):
        actions[row.run_id].append(row)
    return [
        _result(
            person, part, [step[part.run_id] for step in decided if part.run_id in step], actions[part.run_id]
        )
        for person in people
        for part in [parts[person.user_id]]
    ]


class _Part(NamedTuple):
    run_id: UUID
    status: str
    error: str | None


def _result(
    person: Persona, part: _Part, documents: Sequence[Mapping[str, Any]], actions: Sequence[ActionRow]
) -> PersonaResult:
    decisions = [codec.read_decision(each) for each in documents]
    return PersonaResult(
        person=person,
        allocations=tuple(each for decision in decisions for each in decision.allocations),
        winners=tuple(each for decision in decisions for each in decision.winners),
        actions=tuple(actions),
        holds=tuple(each for decision in decisions for each in decision.holds),
        errors=tuple(each for decision in decisions for each in decision.errors),
        failure=part.error if part.status != "success" else None,
    )


def rows_of(store: Store, person: Persona, now: datetime) -> UserRows:
    """What is known of a person now.

    Raises:
        StackError: it cannot be read.
    """
    rows = store.users.load([person.user_id], history_since=now)[person.user_id]
    if isinstance(rows, ConfigError):
        raise StackError(f"What is stored about {person.name} cannot be read: {rows}")
    return rows
