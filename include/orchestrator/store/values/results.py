"""Times and documents as results, also those that Postgres has and Python cannot hold."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from psycopg import DataError
from psycopg.adapt import Buffer, Loader

from orchestrator.errors import UnusableValue

if TYPE_CHECKING:
    from psycopg.abc import AdaptContext
    from psycopg.abc import Loader as AnyLoader

TIMES = (
    ("timestamptz", datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    ("date", date.min, date.max),
)
"""Types of times, with the first and the last one that Python has."""


def within(plain: type[AnyLoader], least: date, most: date) -> type[Loader]:
    """A loader like ``plain`` that gives the limits of Python's calendar for what is beyond them."""

    class Within(Loader):
        def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
            super().__init__(oid, context)
            self._plain = plain(oid, context)

        def load(self, data: Buffer) -> date:
            try:
                return self._plain.load(data)  # type: ignore[no-any-return]
            except DataError:
                text = bytes(data)
                return least if text.startswith(b"-") or text.endswith(b"BC") else most

    return Within


def loaded(text: str | bytes) -> Any:
    """Parse a document.

    Raises:
        UnusableValue: it is nested too deep, or a number in it has too many digits.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise UnusableValue("a stored document is nested too deep; correct it") from None
    except ValueError:
        raise UnusableValue("a stored document has a number of too many digits; correct it") from None
