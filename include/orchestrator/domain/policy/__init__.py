"""The policy in force: the packaged thresholds, and what a file or an argument replaces of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestrator.domain.policy.policy_thresholds import About, Policy
from orchestrator.errors import InvalidDocument

__all__ = ["About", "Policy", "load", "overridden"]

_DEFAULTS = Path(__file__).with_name("policy.yaml")


def load(path: Path | None = None) -> Policy:
    """Read the policy in force: the packaged one, with the keys of the file ``path`` replaced.

    Raises:
        InvalidDocument: the file is no YAML map or a value is wrong; the path is ``$policy.KEY``.
        OSError: there is no such file.
    """
    return overridden({} if path is None else _parsed(path))


def overridden(changes: Any) -> Policy:
    """The packaged policy with ``changes``; of ``min_events`` and ``best_min_events`` only the named goals.

    Raises:
        InvalidDocument: a key is unknown or a value is wrong; the path is ``$policy.KEY``.
    """
    if not isinstance(changes, Mapping):
        raise InvalidDocument("$policy", "must be a map of thresholds")
    return _checked(changes) if changes else _packaged()


@cache
def _packaged() -> Policy:
    return Policy.model_validate(_values())


@cache
def _values() -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load(_DEFAULTS.read_text(encoding="utf-8"))
    return values


def _checked(changes: Mapping[str, Any]) -> Policy:
    merged = dict(_values())
    for key, value in changes.items():
        is_map = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = {**merged[key], **value} if is_map else value
    try:
        return Policy.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise InvalidDocument(f"$policy.{path}", first["msg"]) from None


def _parsed(path: Path) -> Any:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidDocument("$policy", " ".join(str(error).split())) from None
    return {} if values is None else values
