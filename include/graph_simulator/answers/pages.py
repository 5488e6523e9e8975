"""Pages: a slice of a list, its cursors, and an absolute ``next`` a client can follow as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from graph_simulator.errors import GraphError, bad_param, reduce_data
from graph_simulator.state.ids import cursor, uncursor

Item = TypeVar("Item")
DEFAULT_LIMIT = 25
_MOST = 5000
_NOT_CARRIED = ("after", "before", "limit", "appsecret_proof", "method")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is requested."""

    limit: int
    after: str | None
    before: str | None


def page_request(params: dict[str, Any]) -> PageRequest:
    """The page that a call requests.

    Raises:
        GraphError: 100 for a limit or cursor that is none, 1 for far too large a page.
    """
    limit = _limit(params.get("limit", DEFAULT_LIMIT))
    return PageRequest(limit, _cursor(params, "after"), _cursor(params, "before"))


def _limit(value: Any) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise bad_param("Param limit must be an integer", "limit")
    if int(text) > _MOST:
        raise reduce_data()
    return int(text) or DEFAULT_LIMIT


def _cursor(params: dict[str, Any], name: str) -> str | None:
    value = params.get(name)
    if not value:
        return None
    text = uncursor(value) if isinstance(value, str) else None
    if text is None:
        raise GraphError(f"Invalid parameter: {name} is not a valid cursor")
    return text


def cut(
    items: Sequence[Item], page: PageRequest, key: Callable[[int, Item], str]
) -> tuple[list[Item], dict[str, Any], bool]:
    """The requested slice, its ``cursors``, whether more follows. ``key`` names an item by index or id."""
    start = _start(items, page, key)
    found = list(items[start : start + page.limit])
    if not found:
        return [], {}, False
    first, last = key(start, found[0]), key(start + len(found) - 1, found[-1])
    cursors = {"before": cursor(first), "after": cursor(last)}
    return found, cursors, start + len(found) < len(items)


def _start(items: Sequence[Item], page: PageRequest, key: Callable[[int, Item], str]) -> int:
    if page.after is not None:
        return _past(items, page.after, key)
    if page.before is not None:
        at = next((index for index, item in enumerate(items) if key(index, item) == page.before), 0)
        return max(0, at - page.limit)
    return 0


def _past(items: Sequence[Item], after: str, key: Callable[[int, Item], str]) -> int:
    for index, item in enumerate(items):
        if key(index, item) == after:
            return index + 1
    if not (after.isascii() and after.isdigit()):
        return 0
    # The object of the cursor is gone: continue after its position, newest first.
    return next((index for index, item in enumerate(items) if int(key(index, item)) < int(after)), len(items))


def next_url(base: str, path: str, params: dict[str, Any], page: PageRequest, after: str) -> str:
    """The absolute address of the following page, with the token and everything that was requested."""
    carried = {name: value for name, value in params.items() if name not in _NOT_CARRIED}
    return _address(f"{base}/{path}", carried | {"limit": str(page.limit), "after": after})


def same_page_url(address: str, params: dict[str, Any]) -> str:
    """The absolute address of the very page that was requested."""
    shown = {name: value for name, value in params.items() if name not in {"appsecret_proof", "method"}}
    return _address(address, shown)


def _address(path: str, params: dict[str, Any]) -> str:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for name, value in params.items()
    }
    return f"{path}?{urlencode(texts, errors='replace')}"
