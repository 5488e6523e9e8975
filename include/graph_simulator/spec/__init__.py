"""The v26 nodes as the installed SDK knows them: fields, edges, parameters, enums."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SPEC_FILE = Path(__file__).with_name("v26.json")


@dataclass(frozen=True, slots=True)
class Edge:
    """One method on one edge: its parameters with their types, and the values of its enums."""

    node: str
    params: dict[str, str]
    enums: dict[str, list[str]]


@cache
def nodes() -> dict[str, Any]:
    """The whole file, read once."""
    loaded: dict[str, Any] = json.loads(SPEC_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def edge(node: str, method: str, name: str | None) -> Edge | None:
    """The parameters of ``METHOD /node/name``; None when the SDK has no such edge."""
    found = nodes()[node]["edges"].get(f"{method} /{name or ''}")
    return Edge(node, found["params"], found["enums"]) if found else None


@cache
def fields(node: str) -> frozenset[str]:
    """The names of a node's fields."""
    return frozenset(nodes()[node]["fields"])


@cache
def enum(node: str, name: str) -> tuple[str, ...]:
    """The values of one of a node's enums, ``enum("Campaign", "EffectiveStatus")``."""
    return tuple(nodes()[node]["enums"][name])
