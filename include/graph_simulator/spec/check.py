"""Parameters as they come from the wire, read and checked against the v26 nodes.

On the wire everything is text: lists, maps and bools are JSON, numbers are digits. What is
read here is typed, so that rules need not check types again.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from graph_simulator.errors import bad_param
from graph_simulator.spec import Edge
from graph_simulator.wire import decode

# What the protocol itself takes on any call, beside the parameters of the edge.
COMMON = frozenset(
    {
        "access_token",
        "after",
        "appsecret_proof",
        "before",
        "debug",
        "fields",
        "filtering",
        "format",
        "id",
        "include_headers",
        "limit",
        "locale",
        "method",
        "offset",
        "pretty",
        "sort",
        "suppress_http_code",
        "summary",
    }
)
# Parameters that real clients send and Meta takes although the generated nodes do not list them.
UNLISTED = {
    ("AdAccount", "GET", "campaigns"): {"updated_since": "int"},
    ("Campaign", "GET", "adsets"): {"updated_since": "int"},
    ("AdSet", "POST", "copies"): {"name": "string"},
}
_NESTED = {"Object", "map", "AdSet", "Targeting", "AdCreative", "AdCreativeObjectStorySpec"}
_MAX_INT = 2**63 - 1
_LATEST = 4_102_444_800  # the year 2100


def checked(edge: Edge, raw: dict[str, Any], *, lenient: bool = False) -> dict[str, Any]:
    """The typed parameters of one call, the protocol's own left out.

    Raises:
        GraphError: 100 for an unknown parameter (not when lenient), a wrong type, a value no enum has.
    """
    typed = {}
    for name, value in raw.items():
        kind = edge.params.get(name)
        if kind is None and name in COMMON:
            continue
        if kind is None:
            if not lenient:
                raise bad_param(f"Param {name} is not a valid parameter of this edge", name)
            continue
        typed[name] = read(name, kind, value, edge.enums)
    return typed


def read(name: str, kind: str, value: Any, enums: dict[str, list[str]]) -> Any:
    """One value as its type says.

    Raises:
        GraphError: 100, "Param NAME must be …".
    """
    if kind.startswith("list<"):
        return _list(name, kind[5:-1], value, enums)
    if kind in _NESTED or kind.startswith("map"):
        return _object(name, value)
    if kind in enums:
        return _choice(name, value, enums[kind])
    return _scalar(name, kind, value)


def _list(name: str, kind: str, value: Any, enums: dict[str, list[str]]) -> list[Any]:
    items = parsed(value)
    if isinstance(items, dict):  # PHP's own form of an array: {"0": …, "1": …}
        items = list(items.values()) if list(items) == [str(index) for index in range(len(items))] else items
    if isinstance(items, str) and not items.startswith(("[", "{")):
        items = [part.strip() for part in items.split(",")] if items else []
    if not isinstance(items, list):
        raise bad_param(f"Param {name} must be an array.", name)
    return [read(f"{name}[{index}]", kind, item, enums) for index, item in enumerate(items)]


def _object(name: str, value: Any) -> Any:
    found = parsed(value)
    if not isinstance(found, dict | list):
        raise bad_param(f"Param {name} must be a JSON-encoded object.", name)
    return found


def _choice(name: str, value: Any, allowed: list[str]) -> str:
    text = str(value)
    if allowed and text not in allowed:
        raise bad_param(f"Param {name} must be one of {{{', '.join(allowed)}}}", name)
    return text


def _scalar(name: str, kind: str, value: Any) -> Any:
    if kind in {"int", "unsigned int"}:
        return _integer(name, kind, value)
    if kind == "bool":
        return _bool(name, value)
    if kind == "float":
        return _float(name, value)
    if kind == "datetime":
        return instant(name, value)
    if isinstance(value, dict | list):
        raise bad_param(f"Param {name} must be a string", name)
    return value if isinstance(value, str) else json.dumps(value)


def _integer(name: str, kind: str, value: Any) -> int:
    text = str(value).strip()
    digits = text.removeprefix("-")
    if (
        isinstance(value, bool)
        or not (digits.isascii() and digits.isdigit())
        or abs(int(text[:20])) > _MAX_INT
    ):
        raise bad_param(f"Param {name} must be an integer", name)
    number = int(text)
    if kind == "unsigned int" and number < 0:
        raise bad_param(f"Param {name} must be greater than or equal to 0", name)
    return number


def _bool(name: str, value: Any) -> bool:
    text = str(value).lower()
    if text not in {"true", "false", "1", "0"}:
        raise bad_param(f"Param {name} must be a boolean", name)
    return text in {"true", "1"}


def _float(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise bad_param(f"Param {name} must be a number", name) from None


def instant(name: str, value: Any) -> int:
    """Unix seconds from ISO 8601 with an offset, or from Unix seconds.

    Raises:
        GraphError: 100 when it is neither.
    """
    text = str(value).strip()
    if text.isascii() and text.isdigit() and len(text) < 11:
        return min(int(text), _LATEST)
    try:
        found = int(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError):
        found = -1
    if not 0 <= found < _LATEST:
        raise bad_param(f"Param {name} must be a valid date time", name)
    return found


def parsed(value: Any) -> Any:
    """A text that holds JSON, read; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return decode(value)
    except ValueError:
        return value
