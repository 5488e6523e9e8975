"""Lazily created dependencies of the routes, one of each per process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from ads_orchestrator_airflow.hooks import database_dsn, effective_settings
from orchestrator.domain.kill_switch import SwitchState
from orchestrator.resources import Resources, build_resources
from orchestrator.store.panel import PanelStore

T = TypeVar("T")


class Lazy(Generic[T]):
    """A value that the first call creates. A failure is not cached: the next call tries again."""

    def __init__(self, make: Callable[[], T]) -> None:
        self.make = make
        self._lock = threading.Lock()
        self._value: T | None = None

    def __call__(self) -> T:
        """Return the value.

        Raises:
            ConfigError: A connection or a setting is missing or wrong.
            DatabaseUnavailable: Postgres cannot be reached.
        """
        with self._lock:
            if self._value is None:
                self._value = self.make()
            return self._value


panel_store: Lazy[PanelStore] = Lazy(lambda: PanelStore(database_dsn()))
resources: Lazy[Resources] = Lazy(lambda: build_resources(effective_settings(), dsn=database_dsn()))


def switches() -> SwitchState:
    """Return the current state of the kill switches."""
    return resources().store.kill_switch.state()
