"""Values on their way into Postgres and out of it, in one place for every connection."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.pq import Format
from psycopg.types.json import set_json_loads

from orchestrator.store.values import results
from orchestrator.store.values.parameters import TextDumper, UntypedTextDumper


def register(connection: Connection[Any]) -> None:
    """Make a connection clean the text it sends, and read every value that Postgres may have."""
    adapters = connection.adapters
    for dumper in (TextDumper, UntypedTextDumper):
        adapters.register_dumper(str, dumper)
    for name, least, most in results.TIMES:
        oid = adapters.types[name].oid
        plain = adapters.get_loader(oid, Format.TEXT)
        if plain is not None:
            adapters.register_loader(oid, results.within(plain, least, most))
    set_json_loads(results.loaded, connection)
