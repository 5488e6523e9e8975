"""Something that happens in the middle of a run, just before one of its writes or commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from orchestrator.store import Store
from tests.integration.runs.conftest import Workbench

Moment = Literal[
    "begin_write",
    "end_write",
    "upsert_observed",
    "record_decisions",
    "annotate",
    "mark_intended",
    "record_outcome",
]

REPOSITORIES: dict[Moment, str] = {
    "begin_write": "leases",
    "end_write": "leases",
    "upsert_observed": "ad_objects",
    "record_decisions": "action_log",
    "annotate": "action_log",
    "mark_intended": "action_log",
    "record_outcome": "action_log",
}


class Died(BaseException):
    """The process is gone: nothing of ours catches this."""


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
    store = Store(town.dsn, town.secrets)
    repository = getattr(store, REPOSITORIES[moment])
    call = getattr(repository, moment)
    left = number

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            do()
        return call(*args, **kwargs)

    setattr(repository, moment, interrupted)
    town.resources.store.close()
    town.resources = replace(town.resources, store=store)
