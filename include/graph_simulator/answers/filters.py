"""``filtering=[{"field": …, "operator": …, "value": …}]`` over any list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph_simulator.errors import bad_param
from graph_simulator.spec.check import parsed


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; it is tested on a value. An operator on lists wants a set of texts."""

    field: str
    operator: str
    value: Any


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _texts(value: Any) -> list[str]:
    return [*map(str, value)] if isinstance(value, list) else [str(value)]


def _compare(test: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    def answer(found: Any, wanted: Any) -> bool:
        left, right = _number(found), _number(wanted)
        return left is not None and right is not None and test(left, right)

    return answer


def _in_range(found: Any, wanted: Any) -> bool:
    number, bounds = _number(found), [_number(item) for item in _texts(wanted)]
    low, high = bounds if len(bounds) == 2 else (None, None)
    return number is not None and low is not None and high is not None and low <= number <= high


_ON_LISTS: dict[str, Callable[[Any, frozenset[str]], bool]] = {
    "IN": lambda found, wanted: str(found) in wanted,
    "NOT_IN": lambda found, wanted: str(found) not in wanted,
    "ANY": lambda found, wanted: not wanted.isdisjoint(_texts(found)),
    "ALL": lambda found, wanted: wanted <= set(_texts(found)),
    "NONE": lambda found, wanted: wanted.isdisjoint(_texts(found)),
}
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": lambda found, wanted: str(found) == str(wanted),
    "NOT_EQUAL": lambda found, wanted: str(found) != str(wanted),
    "GREATER_THAN": _compare(lambda left, right: left > right),
    "GREATER_THAN_OR_EQUAL": _compare(lambda left, right: left >= right),
    "LESS_THAN": _compare(lambda left, right: left < right),
    "LESS_THAN_OR_EQUAL": _compare(lambda left, right: left <= right),
    "IN_RANGE": _in_range,
    "NOT_IN_RANGE": lambda found, wanted: not _in_range(found, wanted),
    "CONTAIN": lambda found, wanted: str(wanted).lower() in str(found).lower(),
    "NOT_CONTAIN": lambda found, wanted: str(wanted).lower() not in str(found).lower(),
    "STARTS_WITH": lambda found, wanted: str(found).lower().startswith(str(wanted).lower()),
    "ENDS_WITH": lambda found, wanted: str(found).lower().endswith(str(wanted).lower()),
    **_ON_LISTS,
}


def read_filtering(value: Any) -> list[Condition]:
    """The conditions of a ``filtering`` parameter.

    Raises:
        GraphError: 100 when it is no list of conditions, or an operator is unknown.
    """
    if value is None or value == "":
        return []
    items = parsed(value)
    if not isinstance(items, list):
        raise bad_param("Param filtering must be an array.", "filtering")
    return [_condition(index, item) for index, item in enumerate(items)]


def _condition(index: int, item: Any) -> Condition:
    item = parsed(item)
    if not isinstance(item, dict):
        raise bad_param(f"Param filtering[{index}] must be an object", "filtering")
    for name in ("field", "operator", "value"):
        if name not in item:
            raise bad_param(f"filtering[{index}][{name}] is required", "filtering")
    operator = str(item["operator"])
    if operator not in _TESTS:
        raise bad_param(
            f"Param filtering[{index}][operator] must be one of {{{', '.join(_TESTS)}}}", "filtering"
        )
    value = frozenset(_texts(item["value"])) if operator in _ON_LISTS else item["value"]
    return Condition(str(item["field"]), operator, value)


def holds(condition: Condition, found: Any) -> bool:
    """Whether a value fulfils a condition."""
    return _TESTS[condition.operator](found, condition.value)
