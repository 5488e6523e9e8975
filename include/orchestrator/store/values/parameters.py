"""Text and documents as parameters, cleaned: Postgres takes no NUL and no half of a surrogate pair."""

from __future__ import annotations

import json
import re
from typing import Any

from psycopg.adapt import Buffer
from psycopg.types.json import Jsonb
from psycopg.types.string import StrDumper, StrDumperUnknown

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


def _dumped(value: Any) -> str:
    text = json.dumps(value, default=str, allow_nan=False)
    if "\\u0000" in text or "\\ud" in text:
        return _ESCAPES.sub(lambda found: found[1] or "\\ufffd", text)
    return text


class TextDumper(StrDumper):
    """Text that is cleaned."""

    def dump(self, obj: str) -> Buffer | None:
        """Encode a text."""
        return super().dump(clean(obj))


class UntypedTextDumper(StrDumperUnknown):
    """Text that is cleaned, whose type the statement says."""

    def dump(self, obj: str) -> Buffer | None:
        """Encode a text."""
        return super().dump(clean(obj))
