"""Calls to a platform, counted for monitoring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStats:
    """``requests`` over HTTP carried ``reads`` and ``writes``; a batch is one request of many reads.

    ``throttle_waits`` times it was waited for a rate limit, ``throttle_wait_s`` seconds in all, threads
    that waited side by side counted each.
    """

    requests: int = 0
    reads: int = 0
    writes: int = 0
    throttle_waits: int = 0
    throttle_wait_s: float = 0.0

    def __add__(self, more: CallStats) -> CallStats:
        """Both together."""
        return CallStats(
            requests=self.requests + more.requests,
            reads=self.reads + more.reads,
            writes=self.writes + more.writes,
            throttle_waits=self.throttle_waits + more.throttle_waits,
            throttle_wait_s=self.throttle_wait_s + more.throttle_wait_s,
        )


class CallCounter:
    """Adds up for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stats = CallStats()

    def add(self, more: CallStats) -> None:
        """Count some more."""
        with self._lock:
            self._stats += more

    @property
    def so_far(self) -> CallStats:
        """Since the beginning."""
        with self._lock:
            return self._stats

    def counting(self, sleep: Callable[[float], None]) -> Callable[[float], None]:
        """The same sleep, each of its waits counted."""

        def counted(seconds: float) -> None:
            self.add(CallStats(throttle_waits=1, throttle_wait_s=seconds))
            sleep(seconds)

        return counted
