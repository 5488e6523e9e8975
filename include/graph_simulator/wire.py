"""Addresses and bodies as text: versions, paths, queries, forms."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

_ENCODER = msgspec.json.Encoder()
_ESCAPING = json.JSONEncoder(separators=(",", ":"))
_UNNAMED_VERSION = "v26.0"


def encode(value: Any) -> str:
    """A value as compact JSON. Half a surrogate pair, which UTF-8 cannot hold, is written as its escape."""
    try:
        return _ENCODER.encode(value).decode()
    except UnicodeEncodeError:
        return _ESCAPING.encode(value)


def decode(text: str) -> Any:
    """JSON, read; numbers that are none (NaN, Infinity, 1e999) are no JSON.

    Raises:
        ValueError: when it cannot be read.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError:
        msg = "nested too deeply"
        raise ValueError(msg) from None


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        msg = f"{text} is no number"
        raise ValueError(msg)
    return number


_DECODER = json.JSONDecoder(parse_constant=_finite, parse_float=_finite)


def split_path(path: str) -> tuple[str, list[str]]:
    """The version and the rest: ``/v26.0/act_1/ads/`` → ``v26.0``, ``[act_1, ads]``."""
    parts = [unquote(part) for part in path.split("/") if part]
    if parts and parts[0].startswith("v") and parts[0][1:].replace(".", "", 1).isdigit():
        return parts[0], parts[1:]
    return _UNNAMED_VERSION, parts


def pairs(text: str) -> dict[str, Any]:
    """The parameters of a query or a form; ``a[]=1&a[]=2`` is a list."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name.endswith("[]"):
            found.setdefault(name[:-2], []).append(value)
        else:
            found[name] = value
    return found


def read_body(text: str, kind: str = "") -> dict[str, Any]:
    """The parameters of a body: JSON when it says or looks so, else a form."""
    if "json" in kind or text.lstrip().startswith("{"):
        try:
            found = decode(text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
    return pairs(text)
