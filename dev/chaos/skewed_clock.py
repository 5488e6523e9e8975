"""Skew this process's clock for everything in Python that reads the time."""

from __future__ import annotations

import datetime as dt
import sys
import time


def set_clocks_ahead(seconds: float) -> None:
    """Set ``time.time``, ``time.time_ns``, ``datetime.now`` and ``date.today`` ``seconds`` ahead.

    Modules that imported ``datetime`` by name get the wrong one too. Clocks that only measure
    durations (``monotonic``) stay.
    """
    true_time = time.time
    shift = dt.timedelta(seconds=seconds)
    time.time = lambda: true_time() + seconds
    time.time_ns = lambda: int((true_time() + seconds) * 1e9)
    ahead = _ahead(dt.datetime, shift)
    for module in list(sys.modules.values()):
        if getattr(module, "datetime", None) is dt.datetime and module is not dt:
            module.datetime = ahead  # type: ignore[attr-defined]


def _ahead(true: type[dt.datetime], shift: dt.timedelta) -> type[dt.datetime]:
    class Meta(type):
        def __instancecheck__(cls, thing: object) -> bool:
            return isinstance(thing, true)

    class Ahead(true, metaclass=Meta):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return true.now(tz) + shift

        @classmethod
        def utcnow(cls) -> dt.datetime:
            return true.now(dt.UTC).replace(tzinfo=None) + shift

        @classmethod
        def today(cls) -> dt.datetime:
            return true.now() + shift

    return Ahead
