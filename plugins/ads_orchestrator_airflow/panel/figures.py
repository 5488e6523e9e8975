"""The figures of everybody: read once in a while, however many people look."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from ads_orchestrator_airflow.panel.connected import panel_store
from orchestrator.store.panel import Fleet, Past

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

FIGURES_S, PAST_S = 30.0, 600.0


class Remembered(Generic[K, T]):
    """Answers by question, each kept for a while. One is read at a time: who asks meanwhile gets it, too."""

    def __init__(self, read: Callable[[K], T], fresh_s: float) -> None:
        self._read = read
        self._fresh_s = fresh_s
        self._lock = threading.Lock()
        self._kept: dict[K, tuple[float, T]] = {}

    def __call__(self, question: K) -> T:
        """Return the answer, at most ``fresh_s`` seconds old."""
        with self._lock:
            at, answer = self._kept.get(question, (-self._fresh_s, None))
            if answer is None or time.monotonic() - at > self._fresh_s:
                answer = self._read(question)
                self._kept[question] = time.monotonic(), answer
            return answer

    def forget(self) -> None:
        """Read anew the next time: something was changed."""
        with self._lock:
            self._kept.clear()


def _everybody(_: None) -> Fleet:
    return panel_store().fleet()


def _past(currency: str) -> Past:
    return panel_store().fleet_past(currency)


fleet_figures: Remembered[None, Fleet] = Remembered(_everybody, FIGURES_S)
fleet_past: Remembered[str, Past] = Remembered(_past, PAST_S)
