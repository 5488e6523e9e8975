"""Fleet-wide statistics, cached: the database reads them at a fixed rate, whatever the number of viewers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from ads_orchestrator_airflow.panel.dependencies import panel_store
from orchestrator.errors import OrchestratorError
from orchestrator.store.panel.panel_fleet import FleetStats
from orchestrator.store.panel.panel_performance import Performance

log = logging.getLogger(__name__)

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

FLEET_FRESH_S, PERFORMANCE_FRESH_S = 30.0, 600.0
MAX_STALE_S = 1800.0
"""The age, in seconds, above which a value is no longer served."""


class StaleWhileRevalidate(Generic[K, T]):
    """A cache that serves a stale value while one background thread loads its successor.

    Only a key's first request waits, and at most one load runs at a time.

    Args:
        load: reads the value of a key.
        fresh_s: the age, in seconds, above which a request starts a reload.
    """

    def __init__(self, load: Callable[[K], T], fresh_s: float) -> None:
        self._load = load
        self._fresh_s = fresh_s
        self._lock = threading.Lock()
        self._values: dict[K, tuple[float, T]] = {}
        self._cleared = 0

    def __call__(self, key: K) -> T:
        """Return the key's value: at most ``MAX_STALE_S`` old.

        Raises:
            OrchestratorError: the value is missing or too old, and loading it failed.
        """
        loaded_at, value = self._values.get(key, (None, None))
        age_s = MAX_STALE_S if loaded_at is None else time.monotonic() - loaded_at
        if value is None or age_s >= MAX_STALE_S:
            return self._first(key)
        if age_s > self._fresh_s and self._lock.acquire(blocking=False):
            threading.Thread(target=self._refresh, args=(key,), daemon=True).start()
        return value

    def _first(self, key: K) -> T:
        """Load the value, unless another thread did while this one waited for the lock."""
        waiting_since = time.monotonic()
        with self._lock:
            loaded_at, value = self._values.get(key, (None, None))
            if loaded_at is not None and value is not None and loaded_at > waiting_since:
                return value
            return self._reload(key)

    def _refresh(self, key: K) -> None:
        try:
            self._reload(key)
        except OrchestratorError:
            log.exception("reload of the panel's fleet statistics failed")
        finally:
            self._lock.release()

    def _reload(self, key: K) -> T:
        cleared = self._cleared
        value = self._load(key)
        if cleared == self._cleared:
            self._values[key] = time.monotonic(), value
        return value

    def clear(self) -> None:
        """Drop every value, also one that is being loaded: it may have been read before."""
        self._cleared += 1
        self._values.clear()


def _fleet(_: None) -> FleetStats:
    return panel_store().fleet.stats()


def _performance(currency: str) -> Performance:
    return panel_store().performance.of_fleet(currency)


fleet_stats: StaleWhileRevalidate[None, FleetStats] = StaleWhileRevalidate(_fleet, FLEET_FRESH_S)
fleet_performance: StaleWhileRevalidate[str, Performance] = StaleWhileRevalidate(
    _performance, PERFORMANCE_FRESH_S
)
