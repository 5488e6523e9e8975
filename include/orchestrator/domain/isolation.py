"""One piece of work for many items at once; the item that makes it fail is isolated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
PartResult = TypeVar("PartResult")


@dataclass(slots=True)
class Isolated(Generic[Item, PartResult]):
    """The result of each part that succeeded, and each item that failed alone, with its error."""

    results: list[PartResult] = field(default_factory=list)
    failures: list[tuple[Item, Exception]] = field(default_factory=list)


def isolate(
    items: Sequence[Item],
    work: Callable[[Sequence[Item]], PartResult],
    concerns_all: Callable[[Exception], bool] = lambda _: False,
) -> Isolated[Item, PartResult]:
    """Call ``work`` for all items; where it fails, for each half, until the item that fails is alone.

    Args:
        items: what is worked on; nothing is called for none.
        work: may be repeated for the same items, and depends on no other items than it is given.
        concerns_all: whether an error is no item's own. It is raised at once.
    """
    found: Isolated[Item, PartResult] = Isolated()
    parts = [items] if items else []
    while parts:
        part = parts.pop(0)
        try:
            found.results.append(work(part))
        except Exception as error:
            if concerns_all(error):
                raise
            if len(part) == 1:
                found.failures.append((part[0], error))
            else:
                middle = len(part) // 2
                parts[:0] = [part[:middle], part[middle:]]
    return found
