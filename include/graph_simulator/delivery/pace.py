"""How a day's money is spread over its hours, and a week's over its days.

All in integers: the part of a day that has passed is counted in billionths, so that money
accrued in two intervals equals the money accrued in one, whatever is read in between.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from graph_simulator.state.clock import HOUR, day_start
from graph_simulator.state.noise import lognormal

WHOLE_DAY = 1_000_000_000
# How much of a day's attention each hour gets, local time: quiet before dawn, busiest in the evening.
_HOURS = (28, 20, 15, 12, 11, 13, 19, 28, 36, 41, 44, 46, 48, 48, 47, 47, 48, 51, 56, 62, 66, 64, 55, 40)
_PER_HOUR = [weight * WHOLE_DAY // sum(_HOURS) for weight in _HOURS]
_PER_HOUR[-1] += WHOLE_DAY - sum(_PER_HOUR)
_BEFORE = [0, *accumulate(_PER_HOUR)]
# Meta's day rule [Meta: about daily budgets]: up to 175 % of a day's budget, at most seven budgets in a
# week from Sunday to Saturday.
DAY_CEILING = 1.75
_WEEK_TARGET = 6.95
_DAY_SIGMA = 0.2


@lru_cache(maxsize=65536)
def passed(instant: int, day: int, timezone: str) -> int:
    """Billionths of a day's money that are due by an instant of that day; a day may have 23 or 25 hours."""
    start, end = day_start(day, timezone), day_start(day + 1, timezone)
    if instant >= end:
        return WHOLE_DAY
    seconds = max(0, instant - start) * 24 * HOUR // (end - start)
    hour, rest = divmod(seconds, HOUR)
    return _BEFORE[hour] + _PER_HOUR[hour] * rest // HOUR


def instant_of(part: int, day: int, timezone: str) -> int:
    """When so many billionths of the day's money are due: the inverse of :func:`passed`."""
    start, end = day_start(day, timezone), day_start(day + 1, timezone)
    hour = min(bisect_right(_BEFORE, part) - 1, 23)
    seconds = hour * HOUR + (part - _BEFORE[hour]) * HOUR // _PER_HOUR[hour]
    return start + seconds * (end - start) // (24 * HOUR)


def day_factor(seed: int, owner: int, day: int) -> float:
    """A day's target as a multiple of the budget: at most 1.75, a week's seven at most 6.95 together."""
    week, weekday = divmod(day, 7)  # ordinal 7 was a Sunday
    return _week_factors(seed, owner, week)[weekday]


@lru_cache(maxsize=4096)  # those with a budget in the accounts that are being read
def _week_factors(seed: int, owner: int, week: int) -> tuple[float, ...]:
    raw = [lognormal(1, _DAY_SIGMA, seed, owner, week, each) for each in range(7)]
    scale = _WEEK_TARGET / sum(raw)
    return tuple(min(each * scale, DAY_CEILING) for each in raw)
