"""Pages of rows in key order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")

FIRST, LAST = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows by user id; ``after`` is the key before the next page, None on the last one."""

    rows: Sequence[T]
    after: UUID | None
