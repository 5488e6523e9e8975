"""Something that happens in the middle of a run, just before one of its writes or commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from orchestrator.domain.records import ActionRow
from orchestrator.store import Store
from tests.integration.runs.conftest import Workbench

Moment = Literal["begin_write", "upsert_observed", "record_decisions", "note", "record_outcome"]


class Died(BaseException):
    """The process is gone: nothing of ours catches this."""


class InterruptedStore(Store):
    """The store itself, with something done before one of its methods is called for the nth time."""

    def before(self, moment: Moment, number: int, do: Callable[[], object]) -> None:
        self._moment, self._left, self._do = moment, number, do

    def begin_write(self, user_id: UUID, fencing_token: int, call: timedelta, **how: Any) -> None:
        self._comes("begin_write")
        super().begin_write(user_id, fencing_token, call, **how)

    def upsert_observed(self, *args: Any, **kwargs: Any) -> None:
        self._comes("upsert_observed")
        super().upsert_observed(*args, **kwargs)

    def record_decisions(self, *args: Any, **kwargs: Any) -> list[ActionRow]:
        self._comes("record_decisions")
        return super().record_decisions(*args, **kwargs)

    def note(self, *args: Any, **kwargs: Any) -> None:
        self._comes("note")
        super().note(*args, **kwargs)

    def record_outcome(self, *args: Any, **kwargs: Any) -> None:
        self._comes("record_outcome")
        super().record_outcome(*args, **kwargs)

    def _comes(self, moment: Moment) -> None:
        self._left -= moment == self._moment
        if moment == self._moment and self._left == 0:
            self._do()


def before_write(town: Workbench, write: int, do: Callable[[], object]) -> None:
    """Let ``do`` happen just before the town's ``write``-th write from now on is allowed."""
    before(town, "begin_write", write, do)


def die_before(town: Workbench, moment: Moment, number: int) -> None:
    """Let the process die just before the town's ``number``-th such call from now on."""

    def die() -> None:
        raise Died

    before(town, moment, number, die)


def before(town: Workbench, moment: Moment, number: int, do: Callable[[], object]) -> None:
    """Let ``do`` happen just before the town's ``number``-th such call from now on."""
    store = InterruptedStore(town.dsn, town.resources.store._secrets)
    store.before(moment, number, do)
    town.resources.store.close()
    town.resources = replace(town.resources, store=store)
