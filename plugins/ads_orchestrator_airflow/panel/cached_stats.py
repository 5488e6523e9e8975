"""The figures of everybody: read once in a while, however many people look."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from ads_orchestrator_airflow.panel.dependencies import panel_store
from orchestrator.errors import OrchestratorError
from orchestrator.store.panel_queries import Fleet, Past

log = logging.getLogger(__name__)

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

FIGURES_S, PAST_S = 30.0, 600.0
OLDEST_S = 1800.0
"""An answer that nobody asked for in so long is too old to be given."""


class StaleWhileRevalidate(Generic[K, T]):
    """Answers by question. An old one is still given, while it is read anew for whoever asks next.

    So nobody but the first waits, and one reading goes on at a time.
    """

    def __init__(self, read: Callable[[K], T], fresh_s: float) -> None:
        self._read = read
        self._fresh_s = fresh_s
        self._lock = threading.Lock()
        self._kept: dict[K, tuple[float, T]] = {}

    def __call__(self, question: K) -> T:
        """Return the answer that is kept, or wait for the first one."""
        at, answer = self._kept.get(question, (None, None))
        age_s = OLDEST_S if at is None else time.monotonic() - at
        if answer is None or age_s >= OLDEST_S:
            return self._first(question)
        if age_s > self._fresh_s and self._lock.acquire(blocking=False):
            threading.Thread(target=self._refresh, args=(question,), daemon=True).start()
        return answer

    def _first(self, question: K) -> T:
        """Read it, or find that somebody did while this one waited."""
        waited_since = time.monotonic()
        with self._lock:
            at, answer = self._kept.get(question, (None, None))
            if at is not None and answer is not None and at > waited_since:
                return answer
            return self._anew(question)

    def _refresh(self, question: K) -> None:
        try:
            self._anew(question)
        except OrchestratorError:
            log.exception("the panel's figures of everybody could not be read anew")
        finally:
            self._lock.release()

    def _anew(self, question: K) -> T:
        answer = self._read(question)
        self._kept[question] = time.monotonic(), answer
        return answer

    def forget(self) -> None:
        """Read anew the next time: something was changed."""
        self._kept.clear()


def _everybody(_: None) -> Fleet:
    return panel_store().fleet()


def _past(currency: str) -> Past:
    return panel_store().fleet_past(currency)


fleet_figures: StaleWhileRevalidate[None, Fleet] = StaleWhileRevalidate(_everybody, FIGURES_S)
fleet_past: StaleWhileRevalidate[str, Past] = StaleWhileRevalidate(_past, PAST_S)
