"""How long one user may keep a step busy: in all, and with waiting for Meta's rate limits."""

from __future__ import annotations

import time
from collections.abc import Callable

from orchestrator.errors import Throttled

NEXT_RUN_S = 3600.0
"""What a refusal here says to wait: longer than anybody waits within a step."""


class TimeBudget:
    """One user's time in one step. Only checked before something is sent, so nothing is cut off half-way.

    Args:
        limit_s: seconds from now after which nothing more is sent.
        waits_s: seconds that all waits together may take.
        clock: the time it is counted in.
    """

    def __init__(
        self, *, limit_s: float, waits_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit_s = limit_s
        self._waits_s = waits_s
        self._clock = clock
        self._begun = clock()
        self._waited_s = 0.0

    def check(self) -> None:
        """Admit another call.

        Raises:
            Throttled: the user's time is up.
        """
        if self._clock() - self._begun >= self._limit_s:
            raise _exhausted(f"the user has had {self._limit_s:.0f} s of this step")

    def wait(self, seconds: float) -> None:
        """Count a wait that is about to be waited.

        Raises:
            Throttled: all the user's waits together would be too long.
        """
        if self._waited_s + seconds > self._waits_s:
            raise _exhausted(f"the user's waits for Meta would pass {self._waits_s:.0f} s in this step")
        self._waited_s += seconds


def _exhausted(why: str) -> Throttled:
    return Throttled(f"{why}. Nothing was sent; the next run goes on from here.", wait_s=NEXT_RUN_S)
