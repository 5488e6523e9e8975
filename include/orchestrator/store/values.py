"""Values on their way into Postgres and out of it, in one place for every connection.

Postgres takes no NUL and no half of a surrogate pair: text is cleaned of them, also inside documents.
Times that it has and Python's calendar has not come out as the first or the last one there.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from psycopg import Connection, DataError
from psycopg.adapt import Buffer, Loader
from psycopg.pq import Format
from psycopg.types.json import Jsonb, set_json_loads
from psycopg.types.string import StrDumper, StrDumperUnknown

from orchestrator.errors import UnusableValue

if TYPE_CHECKING:
    from psycopg.abc import AdaptContext
    from psycopg.abc import Loader as AnyLoader

REPLACEMENT = "\ufffd"
# Escaped: backslashes and whole pairs, which stay; then a NUL or half a pair.
_ESCAPES = re.compile(r"(\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\u0000|\\ud[0-9a-f]{3}")


def clean(text: str) -> str:
    """Text as Postgres takes it: each NUL and each half of a surrogate pair is ``REPLACEMENT``."""
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Two halves side by side are one character.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def document(value: Any) -> Jsonb:
    """A JSON parameter, cleaned; ids, dates and decimals as strings."""
    return Jsonb(value, dumps=_dumped)


def register(connection: Connection[Any]) -> None:
    """Make a connection clean the text it sends, and read every value that Postgres may have."""
    adapters = connection.adapters
    for dumper in (_Text, _UntypedText):
        adapters.register_dumper(str, dumper)
    for name, least, most in _TIMES:
        oid = adapters.types[name].oid
        plain = adapters.get_loader(oid, Format.TEXT)
        if plain is not None:
            adapters.register_loader(oid, _within(plain, least, most))
    set_json_loads(_loaded, connection)


def _dumped(value: Any) -> str:
    text = json.dumps(value, default=str, allow_nan=False)
    if "\\u0000" in text or "\\ud" in text:
        return _ESCAPES.sub(lambda found: found[1] or "\\ufffd", text)
    return text


def _loaded(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise UnusableValue("a stored document is nested too deep; correct it") from None
    except ValueError:
        raise UnusableValue("a stored document has a number of too many digits; correct it") from None


class _Text(StrDumper):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(clean(obj))


class _UntypedText(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(clean(obj))


_TIMES = (
    ("timestamptz", datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    ("date", date.min, date.max),
)


def _within(plain: type[AnyLoader], least: date, most: date) -> type[Loader]:
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
