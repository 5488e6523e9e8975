"""The grammar of ``fields``: ``id,adsets.limit(5).effective_status(["ACTIVE"]){id,insights{spend}}``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graph_simulator.errors import GraphError, bad_fields, bad_param
from graph_simulator.wire import decode

_NAME = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class RequestedField:
    """One requested field: its modifiers as (name, raw text), and what is requested of it in turn."""

    name: str
    modifiers: tuple[tuple[str, str], ...] = ()
    inner: tuple[RequestedField, ...] = ()
    alias: str | None = None


def read_fields(value: Any) -> tuple[RequestedField, ...]:
    """Parse a ``fields`` parameter: a comma list or a JSON array.

    Raises:
        GraphError: 2500 when it cannot be read, 100 when it is no text.
    """
    if value is None or value == "":
        return ()
    if isinstance(value, list | tuple):
        return _joined(value)
    if not isinstance(value, str):
        raise bad_param("Param fields must be a string", "fields")
    if value.lstrip().startswith("["):
        try:
            return _joined(decode(value))
        except ValueError:
            raise bad_fields(f'"Expected a list of fields" at character 0: {value[:40]}') from None
    return parse(value)


def has_alias(requested: Sequence[RequestedField]) -> bool:
    """Whether any field, at any depth, is to have another name."""
    return any(each.alias is not None or has_alias(each.inner) for each in requested)


def _joined(names: Sequence[Any]) -> tuple[RequestedField, ...]:
    return parse(",".join(str(name) for name in names))


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[RequestedField, ...]:
    """Read a comma list of fields.

    Raises:
        GraphError: 2500 at the first character that fits nothing.
    """
    found, at = _fields(text, 0, 0)
    if at != len(text):
        raise _unexpected(text, at)
    return found


def _fields(text: str, at: int, depth: int) -> tuple[tuple[RequestedField, ...], int]:
    if depth > _DEEPEST:
        raise bad_fields('"Field expansion is nested too deeply"')
    found: list[RequestedField] = []
    while True:
        requested, at = _one(text, at, depth)
        found.append(requested)
        if text[at : at + 1] != ",":
            return tuple(found), at
        at += 1
        if not text[at:].strip():
            return tuple(found), len(text)


def _one(text: str, at: int, depth: int) -> tuple[RequestedField, int]:
    match = _NAME.match(text, at)
    if match is None:
        raise _unexpected(text, at)
    modifiers, at = _modifiers(text, match.end())
    inner: tuple[RequestedField, ...] = ()
    if text[at : at + 1] == "{":
        inner, at = ((), at + 1) if text[at + 1 : at + 2] == "}" else _fields(text, at + 1, depth + 1)
        if text[at : at + 1] != "}":
            raise _unexpected(text, at)
        at = _skip(text, at + 1)
    alias = next((value for name, value in modifiers if name == "as"), None)
    return RequestedField(
        match.group(1), tuple(pair for pair in modifiers if pair[0] != "as"), inner, alias
    ), at


def _modifiers(text: str, at: int) -> tuple[list[tuple[str, str]], int]:
    found = []
    while text[at : at + 1] == ".":
        match = _NAME.match(text, at + 1)
        if match is None or text[match.end() : match.end() + 1] != "(":
            raise _unexpected(text, at + 1)
        end = _closing(text, match.end())
        found.append((match.group(1), text[match.end() + 1 : end]))
        at = _skip(text, end + 1)
    return found, at


def _closing(text: str, start: int) -> int:
    """Where the bracket that opens at ``start`` closes; brackets inside quotes do not count."""
    expected, quote, at = [_PAIRS[text[start]]], "", start + 1
    while at < len(text):
        sign = text[at]
        if quote:
            at += sign == "\\"
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in _PAIRS:
            expected.append(_PAIRS[sign])
        elif sign in ")]}" and sign != expected.pop():
            raise _unexpected(text, at)
        if not expected:
            return at
        at += 1
    raise _unexpected(text, len(text))


def _skip(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _unexpected(text: str, at: int) -> GraphError:
    found = text[at : at + 1] or "end of string"
    return bad_fields(f'"Expected end of string instead of "{found}"." at character {at}: {text[:60]}')
