"""The rate limits of one ad account. The numbers are Meta's.

Two limits matter. The score: a read is 1 point and a write 3, at most 60 points (Limited tier)
or 9000 (Full), which decay over 300 s; past it the account is blocked for 300 s or 60 s. And
the hourly business-use-case quotas, of which Meta reports percentages. Both come back in the
headers of each answer, which correct what is counted here.

How the points decay is not said. Here each counts in full until it is 300 s old, the slowest
way there is: one call too early blocks the account, also for the user's own resources.

developers.facebook.com/docs/marketing-api/overview/rate-limiting
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from orchestrator.errors import Throttled
from orchestrator.platforms.meta.time_budget import TimeBudget

READ_POINTS = 1
WRITE_POINTS = 3
DECAY_S = 300.0
MAX_POINTS: Mapping[str, int] = {"development_access": 60, "standard_access": 9000}
BLOCK_S: Mapping[str, float] = {"development_access": 300.0, "standard_access": 60.0}
LIMITED = "development_access"
TIERS: Mapping[str, str] = {"limited": LIMITED, "full": "standard_access"}

# Hourly quotas are left alone from here on: what is above belongs to the user's own resources.
BUSY_PCT = 95.0
BUSY_WAIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the headers of one answer say.

    ``score_pct`` and ``busiest_pct`` are percent of the limit (None: not said),
    ``score_reset_s`` seconds until the score is back at 0, ``regain_s`` seconds of a block.
    """

    tier: str | None = None
    score_pct: float | None = None
    score_reset_s: float = 0.0
    busiest_pct: float = 0.0
    regain_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The usage of one ad account, in seconds of a clock.

    ``spent``: points by the second in which they were, oldest first.
    """

    spent: tuple[tuple[float, float], ...] = ()
    tier: str = LIMITED
    blocked_until: float = 0.0


def usage(headers: Mapping[str, str]) -> Usage:
    """Read the usage headers; an unreadable or absent one says nothing.

    ``estimated_time_to_regain_access`` is in minutes, ``reset_time_duration`` in seconds.
    """
    reported = {name.lower(): value for name, value in headers.items()}
    return _usage(
        reported.get("x-ad-account-usage"),
        reported.get("x-business-use-case-usage"),
        reported.get("x-fb-ads-insights-throttle"),
        reported.get("x-app-usage"),
    )


@lru_cache(maxsize=512)  # the parts of a batch bear the same headers
def _usage(
    of_account: str | None, of_cases: str | None, of_insights: str | None, of_app: str | None
) -> Usage:
    score = _mapping(of_account)
    groups = _mapping(of_cases).values()
    cases = [case for group in groups if isinstance(group, list) for case in group if isinstance(case, dict)]
    quotas = [*cases, _mapping(of_insights), _mapping(of_app)]
    tiers = [quota.get("ads_api_access_tier") for quota in (score, *quotas)]
    return Usage(
        tier=next((tier for tier in tiers if tier in MAX_POINTS), None),
        score_pct=_number(score["acc_id_util_pct"]) if "acc_id_util_pct" in score else None,
        score_reset_s=_number(score.get("reset_time_duration")),
        busiest_pct=max((_busiest(quota) for quota in quotas), default=0.0),
        regain_s=60.0
        * max((_number(case.get("estimated_time_to_regain_access")) for case in cases), default=0.0),
    )


def points_used(pace: Pace, now: float) -> float:
    """Points in use at ``now``: those not yet 300 s old."""
    return math.fsum(points for _, points in _counting(pace, now))


def wait_s(pace: Pace, cost: int, now: float) -> float:
    """Seconds to wait before a call of ``cost`` points; 0 when it may go now."""
    limit = MAX_POINTS[pace.tier]
    over = points_used(pace, now) + min(cost, limit) - limit
    room_at = now
    for at, points in _counting(pace, now):
        if over <= 0:
            break
        over -= points
        room_at = at + DECAY_S
    return max(now, room_at, pace.blocked_until) - now


def charged(pace: Pace, points: float, now: float) -> Pace:
    """The account after a call of so many points was sent. Counted by whole seconds, the later one."""
    second = float(math.ceil(now))
    before = _counting(pace, now)
    if before and before[-1][0] == second:
        *before, (_, already) = before
        points += already
    return replace(pace, spent=(*before, (second, points)))


def updated(pace: Pace, reported: Usage, now: float) -> Pace:
    """The account after an answer's headers: Meta's own count replaces ours, and ends when it says."""
    tier = reported.tier or pace.tier
    if reported.score_pct is not None:
        latest = min(now, now + reported.score_reset_s - DECAY_S) if reported.score_reset_s > 0 else now
        pace = replace(pace, spent=tuple((min(at, latest), points) for at, points in pace.spent))
        pace = _corrected(pace, reported.score_pct * MAX_POINTS[tier] / 100, now, latest)
    rest_s = max(reported.regain_s, BUSY_WAIT_S if reported.busiest_pct >= BUSY_PCT else 0.0)
    if reported.score_pct is not None and reported.score_pct >= 100:
        rest_s = max(rest_s, reported.score_reset_s)
    return replace(pace, tier=tier, blocked_until=max(pace.blocked_until, now + rest_s))


def _counting(pace: Pace, now: float) -> list[tuple[float, float]]:
    return [(at, points) for at, points in pace.spent if at > now - DECAY_S]


def _corrected(pace: Pace, reported: float, now: float, latest: float) -> Pace:
    """What Meta counts more was somebody else's, at the latest; what it counts less are the oldest points."""
    too_many = points_used(pace, now) - reported
    if too_many < 0:
        return replace(pace, spent=(*_counting(pace, now), (latest, -too_many)))
    left: list[tuple[float, float]] = []
    for at, points in _counting(pace, now):
        gone = min(points, too_many)
        too_many -= gone
        if points > gone:
            left.append((at, points - gone))
    return replace(pace, spent=tuple(left))


def blocked(pace: Pace, wait: float, now: float) -> Pace:
    """The account after Meta refused a call: nothing is sent for ``wait`` seconds, since calls prolong it."""
    return replace(pace, blocked_until=max(pace.blocked_until, now + wait))


class RateLimiter:
    """Holds one ad account's pace for all threads: waits what is short, refuses what is long."""

    def __init__(
        self,
        *,
        short_wait_s: float,
        tier: str = LIMITED,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.short_wait_s = short_wait_s
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._pace = Pace(tier=tier)

    @property
    def block_s(self) -> float:
        """Seconds that Meta blocks an account of this tier that went past its score."""
        return BLOCK_S[self._pace.tier]

    def acquire(self, cost: int, time_budget: TimeBudget | None = None) -> None:
        """Count a call of ``cost`` points, after waiting if that is short.

        Raises:
            Throttled: The wait would be longer than ``short_wait_s`` or than ``time_budget`` allows; nothing
                was sent.
        """
        while (wait := self._reserve(cost)) > 0:
            if wait > self.short_wait_s:
                raise Throttled(
                    f"the ad account's rate limit leaves no room for {wait:.0f} s. "
                    "Nothing was sent; the next run goes on from here.",
                    wait_s=wait,
                )
            self.wait(wait, time_budget)

    def wait(self, seconds: float, time_budget: TimeBudget | None = None) -> None:
        """Wait.

        Raises:
            Throttled: ``time_budget`` allows no such wait.
        """
        if time_budget is not None:
            time_budget.wait(seconds)
        self._sleep(seconds)

    def update(self, headers: Mapping[str, str]) -> Usage:
        """Learn from the headers of an answer."""
        reported = usage(headers)
        with self._lock:
            self._pace = updated(self._pace, reported, self._clock())
        return reported

    def block(self, wait: float) -> None:
        """Send nothing for ``wait`` seconds."""
        with self._lock:
            self._pace = blocked(self._pace, wait, self._clock())

    def _reserve(self, cost: int) -> float:
        with self._lock:
            now = self._clock()
            wait = wait_s(self._pace, cost, now)
            if wait <= 0:
                self._pace = charged(self._pace, cost, now)
            return wait


def _mapping(text: str | None) -> dict[str, Any]:
    try:
        reported = json.loads(text or "")
    except ValueError:
        return {}
    return reported if isinstance(reported, dict) else {}


def _busiest(quota: Mapping[str, Any]) -> float:
    return max((_number(value) for name, value in quota.items() if _is_percentage(name)), default=0.0)


def _number(value: object) -> float:
    # A header is never worth losing the answer it came with.
    return float(value) if isinstance(value, int | float) else 0.0


def _is_percentage(name: str) -> bool:
    return name in {"call_count", "total_time", "total_cputime"} or name.endswith("_util_pct")
