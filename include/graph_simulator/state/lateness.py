"""What reads do not show yet: new objects, and what an update changed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from math import inf
from typing import Any


@dataclass(slots=True)
class Wait:
    """How long reads are late: for some seconds of real time, until a simulated instant, for some reads.

    It is over when the first of the three is.
    """

    real_until: float = inf
    until: float = inf
    reads: float = inf

    @classmethod
    def of_seconds(cls, seconds: float) -> Wait:
        """So many real seconds from now on."""
        return cls(real_until=time.monotonic() + seconds)

    def is_over(self, now: int) -> bool:
        """Whether the truth is shown."""
        return self.reads <= 0 or now >= self.until or time.monotonic() >= self.real_until


@dataclass(slots=True)
class _Late:
    """One object as it was before; null: it was not."""

    wait: Wait
    before: Any


class Lateness:
    """The late objects of a world, by id. Looking at one counts as a read of it."""

    def __init__(self) -> None:
        self._late: dict[str, _Late] = {}

    def hide(self, node_id: str, wait: Wait) -> None:
        """Show a new object to nobody for a while."""
        self._late[node_id] = _Late(wait, None)

    def keep_showing(self, before: Any, wait: Wait) -> None:
        """Show an object as it was for a while; ``before`` is its copy."""
        late = self._late.get(before.id)
        if late is None or late.before is not None:
            self._late[before.id] = _Late(wait, before)

    def is_hidden(self, node_id: str, now: int, *, is_read: bool) -> bool:
        """Whether an object cannot be seen yet; writes reach one for which only reads are counted."""
        late = self._current(node_id, now)
        if late is None or late.before is not None:
            return False
        if is_read:
            late.wait.reads -= 1
        return is_read or late.wait.reads == inf

    def read(self, node: Any, now: int) -> Any:
        """The object as it is shown: itself, as it was, or None."""
        if not self._late:
            return node
        late = self._current(node.id, now)
        if late is None or node is late.before:
            return node
        late.wait.reads -= 1
        return late.before

    def read_all(self, nodes: Iterable[Any], now: int) -> list[Any]:
        """Those of some objects that are shown, as they are shown."""
        if not self._late:
            return list(nodes)
        return [shown for shown in (self.read(node, now) for node in nodes) if shown is not None]

    def _current(self, node_id: str, now: int) -> _Late | None:
        late = self._late.get(node_id)
        if late is not None and late.wait.is_over(now):
            del self._late[node_id]
            return None
        return late


def as_it_is(node: Any) -> Any:
    """A copy of an object that later changes leave alone; what hangs under it is shared."""
    return copy(node)
