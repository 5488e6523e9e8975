"""How fast an ad account may be asked, and what its headers teach."""

from __future__ import annotations

import pytest

from orchestrator.errors import Throttled
from orchestrator.platforms.meta.rate_limit import (
    Pace,
    RateLimiter,
    Usage,
    blocked,
    charged,
    points_used,
    updated,
    usage,
    wait_s,
)

FULL = "standard_access"
LIMITED = "development_access"


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        pytest.param({}, Usage(), id="no headers"),
        pytest.param(
            {
                "X-Ad-Account-Usage": '{"acc_id_util_pct":9.67,"reset_time_duration":100,'
                '"ads_api_access_tier":"standard_access"}',
            },
            Usage(tier=FULL, score_pct=9.67, score_reset_s=100.0),
            id="the score, in seconds",
        ),
        pytest.param(
            {
                "x-business-use-case-usage": '{"42":[{"type":"ads_management","call_count":95,'
                '"total_cputime":20,"total_time":20,"estimated_time_to_regain_access":7,'
                '"ads_api_access_tier":"development_access"},{"type":"ads_insights","call_count":3}]}',
            },
            Usage(tier=LIMITED, busiest_pct=95.0, regain_s=420.0),
            id="a quota, in minutes",
        ),
        pytest.param(
            {
                "X-FB-Ads-Insights-Throttle": '{"app_id_util_pct":100,"acc_id_util_pct":10,'
                '"ads_api_access_tier":"standard_access"}',
            },
            Usage(tier=FULL, busiest_pct=100.0),
            id="insights load",
        ),
        pytest.param(
            {"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":29}'},
            Usage(busiest_pct=29.0),
            id="the app",
        ),
        pytest.param(
            {
                "X-App-Usage": "not json",
                "X-Ad-Account-Usage": "[1]",
                "X-Business-Use-Case-Usage": '{"42":3,"43":[7,{"call_count":"many"}]}',
            },
            Usage(),
            id="junk says nothing",
        ),
    ],
)
def test_headers_are_read_in_their_own_units(headers: dict[str, str], told: Usage):
    assert usage(headers) == told


@pytest.mark.parametrize(
    ("seconds", "used"),
    [(0.0, 60.0), (299.9, 60.0), (300.0, 40.0), (310.0, 40.0), (319.9, 40.0), (320.0, 0.0)],
)
def test_points_count_until_they_are_300_seconds_old(seconds: float, used: float):
    assert points_used(Pace(spent=((0.0, 20.0), (20.0, 40.0))), seconds) == used


@pytest.mark.parametrize(
    ("spent", "cost", "tier", "seconds"),
    [
        pytest.param(((0.0, 57.0),), 3, LIMITED, 0.0, id="exactly full"),
        pytest.param(
            ((-290.0, 1.0), (0.0, 57.0)), 3, LIMITED, 10.0, id="one over waits for the oldest point"
        ),
        pytest.param(((-290.0, 1.0), (-280.0, 57.0)), 4, LIMITED, 20.0, id="two over wait for the next"),
        pytest.param(((-300.0, 60.0),), 3, LIMITED, 0.0, id="what is old enough is gone"),
        pytest.param(((-299.0, 60.0),), 3, LIMITED, 1.0, id="a second younger counts in full"),
        pytest.param((), 100, LIMITED, 0.0, id="a call bigger than the limit goes when nothing is used"),
        pytest.param(((0.0, 60.0),), 3, FULL, 0.0, id="the full tier has room"),
        pytest.param(((-299.0, 3.0), (0.0, 8997.0)), 3, FULL, 1.0, id="and an end"),
    ],
)
def test_a_call_waits_for_its_points(
    spent: tuple[tuple[float, float], ...], cost: int, tier: str, seconds: float
):
    assert wait_s(Pace(spent=spent, tier=tier), cost, 0.0) == seconds


def test_the_longer_of_a_block_and_the_points_is_waited_for():
    full = Pace(spent=((-290.0, 60.0),), blocked_until=9.0)

    assert wait_s(full, 1, 0.0) == 10.0
    assert wait_s(blocked(full, 11.0, 0.0), 1, 0.0) == 11.0


@pytest.mark.parametrize(
    ("now", "after"),
    [
        pytest.param(25.0, ((0.0, 10.0), (25.0, 3.0)), id="another second"),
        pytest.param(24.2, ((0.0, 10.0), (25.0, 3.0)), id="counted by the later second"),
        pytest.param(0.0, ((0.0, 13.0),), id="the same second"),
        pytest.param(300.0, ((300.0, 3.0),), id="what is old is forgotten"),
    ],
)
def test_a_charge_adds_to_its_second(now: float, after: tuple[tuple[float, float], ...]):
    assert charged(Pace(spent=((0.0, 10.0),)), 3, now) == Pace(spent=after)


@pytest.mark.parametrize(
    ("told", "after"),
    [
        pytest.param(Usage(), Pace(spent=((0.0, 20.0), (5.0, 10.0)), blocked_until=10.0), id="nothing said"),
        pytest.param(
            Usage(score_pct=50.0, tier=FULL),
            Pace(spent=((0.0, 20.0), (5.0, 10.0), (10.0, 4470.0)), tier=FULL, blocked_until=10.0),
            id="more, of their tier: somebody else's, now",
        ),
        pytest.param(
            Usage(score_pct=25.0),
            Pace(spent=((0.0, 5.0), (5.0, 10.0)), blocked_until=10.0),
            id="less: the oldest",
        ),
        pytest.param(Usage(score_pct=15.0), Pace(spent=((5.0, 9.0),), blocked_until=10.0), id="and the next"),
        pytest.param(Usage(score_pct=0.0), Pace(blocked_until=10.0), id="nothing at all"),
        pytest.param(
            Usage(score_pct=99.0, score_reset_s=200.0),
            Pace(spent=((-90.0, 20.0), (-90.0, 10.0), (-90.0, pytest.approx(29.4))), blocked_until=10.0),
            id="nearly full is not blocked, and all is gone when they say",
        ),
        pytest.param(
            Usage(score_pct=100.0, score_reset_s=292.0),
            Pace(spent=((0.0, 20.0), (2.0, 10.0), (2.0, 30.0)), blocked_until=302.0),
            id="full until it resets",
        ),
        pytest.param(
            Usage(busiest_pct=94.9),
            Pace(spent=((0.0, 20.0), (5.0, 10.0)), blocked_until=10.0),
            id="a quota nearly busy",
        ),
        pytest.param(
            Usage(busiest_pct=95.0),
            Pace(spent=((0.0, 20.0), (5.0, 10.0)), blocked_until=70.0),
            id="a busy quota rests",
        ),
        pytest.param(
            Usage(busiest_pct=100.0, regain_s=420.0),
            Pace(spent=((0.0, 20.0), (5.0, 10.0)), blocked_until=430.0),
            id="an exhausted quota waits for its access",
        ),
    ],
)
def test_headers_correct_the_count(told: Usage, after: Pace):
    assert updated(Pace(spent=((0.0, 20.0), (5.0, 10.0))), told, 10.0) == after


def test_a_block_is_never_shortened():
    assert blocked(Pace(blocked_until=100.0), 30.0, 0.0).blocked_until == 100.0
    assert updated(Pace(blocked_until=100.0), Usage(), 0.0).blocked_until == 100.0


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def a_limiter(time: Time) -> RateLimiter:
    return RateLimiter(short_wait_s=30.0, clock=time.clock, sleep=time.sleep)


def test_a_short_wait_is_waited():
    time = Time()
    limiter = a_limiter(time)
    limiter.acquire(3)
    time.now = 275.0

    for _ in range(20):
        limiter.acquire(3)

    assert time.slept == [25.0]


def test_a_long_wait_is_refused_and_says_how_long():
    time = Time()
    limiter = a_limiter(time)
    limiter.block(31.0)

    with pytest.raises(Throttled, match=r"no room for 31 s\. Nothing was sent") as refused:
        limiter.acquire(1)

    assert refused.value.wait_s == 31.0
    assert time.slept == []


def test_a_wait_of_exactly_the_limit_is_waited():
    time = Time()
    limiter = a_limiter(time)
    limiter.block(30.0)

    limiter.acquire(1)

    assert time.slept == [30.0]


def test_the_tier_is_learned_from_the_headers():
    time = Time()
    limiter = a_limiter(time)
    assert limiter.block_s == 300.0

    limiter.update({"X-Ad-Account-Usage": '{"acc_id_util_pct":0,"ads_api_access_tier":"standard_access"}'})
    for _ in range(1000):
        limiter.acquire(3)

    assert limiter.block_s == 60.0
    assert time.slept == []
