"""Log lines with structured fields, for people and for searches.

Where logs are structured, as Airflow's are, a line carries its fields as keys beside its text:
``user_id``, ``dry_run``, and as far as it has them ``goal_key``, ``action_type``, ``reason``, ``status``,
``campaign_id``, ``adset_id`` and the action's ``key``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Self

from structlog.contextvars import bound_contextvars

from orchestrator.domain.records import UserRun

log = logging.getLogger("orchestrator.run")


class LogLine(str):
    """A line for people with its fields."""

    __slots__ = ("keys",)
    keys: dict[str, str]

    def __new__(cls, text: str, **keys: str | None) -> Self:
        """``text``, with the keys that have a value."""
        line = super().__new__(cls, text)
        line.keys = {name: value for name, value in keys.items() if value is not None}
        return line


def fields(line: str) -> dict[str, str]:
    """The fields of a line; none of a plain string."""
    return line.keys if isinstance(line, LogLine) else {}


def write(run: UserRun, lines: Iterable[str]) -> None:
    """Write lines about one user."""
    of_user = {"user_id": str(run.user_id), "dry_run": run.dry_run}
    for line in lines:
        with bound_contextvars(**of_user, **fields(line)):
            log.info("%s", line)


def write_of_all(lines: Iterable[LogLine]) -> None:
    """Write lines about many users together."""
    for line in lines:
        with bound_contextvars(**line.keys):
            log.info("%s", line)
