"""Something that happens in the middle of a run, just before one of its writes or commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from orchestrator.domain.records import ActionRow
from orchestrator.store import Store
from tests.integration.runs.conftest import Town

Moment = Literal["begin_write", "keep_observed", "record_decisions", "note", "settle"]


class Died(BaseException):
    """The process is gone: nothing of ours catches this."""


class InterruptedStore(Store):
    """The store itself, with something done before one of its methods is called for the nth time."""

    def before(self, moment: Moment, number: int, do: Callable[[], object]) -> None:
        self._moment, self._left, self._do = moment, number, do

    def begin_write(self, user_id: UUID, fence: int, call: timedelta, **how: Any) -> None:
        self._comes("begin_write")
        super().begin_write(user_id, fence, call, **how)

    def keep_observed(self, *args: Any, **kwargs: Any) -> None:
        self._comes("keep_observed")
        super().keep_observed(*args, **kwargs)

    def record_decisions(self, *args: Any, **kwargs: Any) -> list[ActionRow]:
        self._comes("record_decisions")
        return super().record_decisions(*args, **kwargs)

    def note(self, *args: Any, **kwargs: Any) -> None:
        self._comes("note")
        super().note(*args, **kwargs)

    def settle(self, *args: Any, **kwargs: Any) -> None:
        self._comes("settle")
        super().settle(*args, **kwargs)

    def _comes(self, moment: Moment) -> None:
        self._left -= moment == self._moment
        if moment == self._moment and self._left == 0:
            self._do()


def before_write(town: Town, write: int, do: Callable[[], object]) -> None:
    """Let ``do`` happen just before the town's ``write``-th write from now on is allowed."""
    before(town, "begin_write", write, do)


def die_before(town: Town, moment: Moment, number: int) -> None:
    """Let the process die just before the town's ``number``-th such call from now on."""

    def die() -> None:
        raise Died

    before(town, moment, number, die)


def before(town: Town, moment: Moment, number: int, do: Callable[[], object]) -> None:
    """Let ``do`` happen just before the town's ``number``-th such call from now on."""
    store = InterruptedStore(town.dsn, town.resources.store._secrets)
    store.before(moment, number, do)
    town.resources.store.close()
    town.resources = replace(town.resources, store=store)
