"""How fast an ad account may be asked, and what its headers teach."""

from __future__ import annotations

import pytest

from orchestrator.errors import Throttled
from orchestrator.meta.pace import Pace, Pacer, Usage, blocked, charged, heard, points_used, usage, wait_s

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
    ("points", "seconds", "used"),
    [
        (60.0, 0.0, 60.0),
        (60.0, 5.0, 59.0),
        (60.0, 299.0, pytest.approx(0.2)),
        (60.0, 300.0, 0.0),
        (1.0, 300.0, 0.0),
    ],
)
def test_points_decay_over_300_seconds(points: float, seconds: float, used: float):
    assert points_used(Pace(at=0.0, points=points), seconds) == used


@pytest.mark.parametrize(
    ("points", "cost", "tier", "seconds"),
    [
        pytest.param(57.0, 3, LIMITED, 0.0, id="exactly full"),
        pytest.param(58.0, 3, LIMITED, 5.0, id="one point over waits for one point"),
        pytest.param(60.0, 3, LIMITED, 15.0, id="full waits for a write"),
        pytest.param(60.0, 1, LIMITED, 5.0, id="full waits for a read"),
        pytest.param(0.0, 100, LIMITED, 0.0, id="a call bigger than the limit goes when nothing is used"),
        pytest.param(60.0, 3, FULL, 0.0, id="the full tier has room"),
        pytest.param(9000.0, 3, FULL, 0.1, id="and waits less"),
    ],
)
def test_a_call_waits_for_its_points(points: float, cost: int, tier: str, seconds: float):
    assert wait_s(Pace(at=0.0, points=points, tier=tier), cost, 0.0) == pytest.approx(seconds)


def test_a_charge_adds_to_what_is_left():
    assert charged(Pace(at=0.0, points=10.0), 3, 25.0) == Pace(at=25.0, points=8.0)


@pytest.mark.parametrize(
    ("told", "after"),
    [
        pytest.param(Usage(), Pace(at=10.0, points=28.0), id="nothing said: our own count"),
        pytest.param(
            Usage(score_pct=50.0, tier=FULL),
            Pace(at=10.0, points=4500.0, tier=FULL),
            id="their count, their tier",
        ),
        pytest.param(
            Usage(score_pct=99.0, score_reset_s=200.0),
            Pace(at=10.0, points=59.4),
            id="nearly full is not blocked",
        ),
        pytest.param(
            Usage(score_pct=100.0, score_reset_s=200.0),
            Pace(at=10.0, points=60.0, blocked_until=210.0),
            id="full until it resets",
        ),
        pytest.param(Usage(busiest_pct=94.9), Pace(at=10.0, points=28.0), id="a quota nearly busy"),
        pytest.param(
            Usage(busiest_pct=95.0), Pace(at=10.0, points=28.0, blocked_until=70.0), id="a busy quota rests"
        ),
        pytest.param(
            Usage(busiest_pct=100.0, regain_s=420.0),
            Pace(at=10.0, points=28.0, blocked_until=430.0),
            id="an exhausted quota waits for its access",
        ),
    ],
)
def test_headers_correct_the_count(told: Usage, after: Pace):
    assert heard(Pace(at=0.0, points=30.0), told, 10.0) == (
        after
        if after.blocked_until
        else Pace(at=10.0, points=after.points, tier=after.tier, blocked_until=10.0)
    )


def test_a_block_is_never_shortened():
    assert blocked(Pace(at=0.0, blocked_until=100.0), 30.0, 0.0).blocked_until == 100.0
    assert heard(Pace(at=0.0, blocked_until=100.0), Usage(), 0.0).blocked_until == 100.0


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


def a_pacer(time: Time) -> Pacer:
    return Pacer(short_wait_s=30.0, clock=time.clock, sleep=time.sleep)


def test_a_short_wait_is_waited():
    time = Time()
    pacer = a_pacer(time)

    for _ in range(21):
        pacer.take(3)

    assert time.slept == [15.0]


def test_a_long_wait_is_refused_and_says_how_long():
    time = Time()
    pacer = a_pacer(time)
    pacer.block(31.0)

    with pytest.raises(Throttled, match=r"no room for 31 s\. Nothing was sent") as refused:
        pacer.take(1)

    assert refused.value.wait_s == 31.0
    assert time.slept == []


def test_a_wait_of_exactly_the_limit_is_waited():
    time = Time()
    pacer = a_pacer(time)
    pacer.block(30.0)

    pacer.take(1)

    assert time.slept == [30.0]


def test_the_tier_is_learned_from_the_headers():
    time = Time()
    pacer = a_pacer(time)
    assert pacer.block_s == 300.0

    pacer.hear({"X-Ad-Account-Usage": '{"acc_id_util_pct":0,"ads_api_access_tier":"standard_access"}'})
    for _ in range(1000):
        pacer.take(3)

    assert pacer.block_s == 60.0
    assert time.slept == []
