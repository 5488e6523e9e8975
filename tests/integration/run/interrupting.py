"""Something that happens in the middle of a run, just before one of its writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from orchestrator.store import Store
from tests.integration.run.conftest import Town


class InterruptedStore(Store):
    """The store itself, with something done before the gate is asked for the nth time."""

    def before(self, write: int, do: Callable[[], object]) -> None:
        self._left, self._do = write, do

    def begin_write(self, user_id: UUID, fence: int, call: timedelta, **how: Any) -> None:
        self._left -= 1
        if self._left == 0:
            self._do()
        super().begin_write(user_id, fence, call, **how)


def before_write(town: Town, write: int, do: Callable[[], object]) -> None:
    """Let ``do`` happen just before the town's ``write``-th write from now on is allowed."""
    store = InterruptedStore(town.dsn, town.tools.store._secrets)
    store.before(write, do)
    town.tools.store.close()
    town.tools = replace(town.tools, store=store)
