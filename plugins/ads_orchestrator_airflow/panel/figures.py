"""The figures of everybody: read at most twice a minute, however many people look."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from ads_orchestrator_airflow.panel.connected import panel_store
from orchestrator.store.panel import Fleet

FRESH_S = 30.0


@dataclass(frozen=True, slots=True)
class Figures:
    """The fleet's figures, and how old they are in seconds."""

    fleet: Fleet
    age_s: int


class _Remembered:
    """One reading at a time: whoever asks meanwhile gets its answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: Fleet | None = None
        self._at = 0.0

    def __call__(self) -> Figures:
        with self._lock:
            if self._read is None or time.monotonic() - self._at > FRESH_S:
                self._read, self._at = panel_store().fleet(), time.monotonic()
            return Figures(self._read, int(time.monotonic() - self._at))

    def forget(self) -> None:
        """Read anew the next time: something was changed."""
        with self._lock:
            self._read = None


fleet_figures = _Remembered()
