"""Rate limits a user and an address, and their response headers."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import Literal

from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import RateLimiter, SlidingWindowCounterRateLimiter

from ads_orchestrator_airflow.api.problems import TOO_MANY, Problem
from orchestrator.errors import ConfigError
from orchestrator.settings import ApiSettings

log = logging.getLogger(__name__)

RateKind = Literal["requests", "runs"]

ANONYMOUS = "anonymous"
NAMES = {ANONYMOUS: "requests without a valid sign-in"}
"""A kind in words, where it is not one."""


class RateLimit:
    """Counts requests by user and kind, in a sliding window.

    While the storage is unavailable, each process counts by itself: a limit is not worth an outage.

    Raises:
        ConfigError: the storage's URL is malformed.
    """

    def __init__(self, settings: ApiSettings, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._limits: dict[RateKind, RateLimitItem] = {
            "requests": parse(settings.rate_limit),
            "runs": parse(settings.run_rate_limit),
        }
        try:
            shared = storage_from_string(settings.rate_storage_url.get_secret_value(), wrap_exceptions=True)
        except (ConfigurationError, ValueError) as error:
            raise ConfigError(f"ORCHESTRATOR_API_RATE_STORAGE_URL: {type(error).__name__}") from None
        self._shared = SlidingWindowCounterRateLimiter(shared)
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, subject: str, kind: RateKind) -> dict[str, str]:
        """Count one request and return the ``RateLimit`` headers.

        Raises:
            Problem: 429, with ``Retry-After``: the limit is exceeded.
        """
        try:
            return self._count(self._shared, subject, kind)
        except StorageError as error:
            log.warning("requests are counted in this process alone: %s", type(error).__name__)
            return self._count(self._own, subject, kind)

    def _count(self, limiter: RateLimiter, subject: str, kind: RateKind) -> dict[str, str]:
        return _hit(limiter, self._limits[kind], kind, subject, self._now())


class AnonymousLimit:
    """Counts the requests of an address that prove no identity, in a sliding window, in this process alone.

    Never in the shared storage: they are counted on the event loop, which must not wait for a network, and
    strangers must not cost the users' counter anything.
    """

    def __init__(self, settings: ApiSettings, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._limit = parse(settings.anonymous_rate_limit)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, address: str) -> dict[str, str]:
        """Count one request and return the ``RateLimit`` headers.

        Raises:
            Problem: 429, with ``Retry-After``: the limit is exceeded.
        """
        return _hit(self._limiter, self._limit, ANONYMOUS, address, self._now())


def _hit(limiter: RateLimiter, limit: RateLimitItem, kind: str, subject: str, now: float) -> dict[str, str]:
    allowed = limiter.hit(limit, kind, subject)
    window = limiter.get_window_stats(limit, kind, subject)
    wait_s = max(1, math.ceil(window.reset_time - now))
    headers = {
        "RateLimit-Policy": f'"{kind}";q={limit.amount};w={limit.get_expiry()}',
        "RateLimit": f'"{kind}";r={window.remaining};t={wait_s}',
    }
    if allowed:
        return headers
    name = NAMES.get(kind, kind)
    raise Problem(
        TOO_MANY,
        f"At most {limit.amount} {name} in {limit.get_expiry()} seconds. Try again in {wait_s} seconds.",
        headers=headers | {"Retry-After": str(wait_s)},
    )
