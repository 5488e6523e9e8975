"""What the platform says of an ad set, as one word; and a lifetime budget as an amount a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.platforms.base import AdVerdict, RemoteAd
from orchestrator.snapshot.delivery import delivery_of, lifetime_daily_minor
from tests.unit.snapshot.rows import ad_set_on_meta

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def ad(verdict: AdVerdict = "clear", status: str = "ACTIVE") -> RemoteAd:
    return RemoteAd(id="9", status=status, verdict=verdict)


@pytest.mark.parametrize(
    ("ads", "expected"),
    [
        (None, "ok"),
        ((), "cannot"),
        ((ad("clear"),), "ok"),
        ((ad("in_review"),), "in_review"),
        ((ad("rejected"),), "cannot"),
        ((ad("issues"),), "cannot"),
        ((ad("clear", "PAUSED"),), "cannot"),
        ((ad("in_review", "PAUSED"),), "cannot"),
        ((ad("clear", "ARCHIVED"),), "cannot"),
        ((ad("rejected"), ad("clear")), "ok"),
        ((ad("in_review"), ad("clear")), "ok"),
        ((ad("clear", "PAUSED"), ad("in_review")), "in_review"),
        ((ad("rejected"), ad("issues"), ad("clear", "PAUSED")), "cannot"),
        ((ad("rejected"), ad("in_review")), "in_review"),
    ],
)
def test_delivery_is_the_best_of_its_ads(ads: tuple[RemoteAd, ...] | None, expected: str):
    assert delivery_of(ad_set_on_meta(ads=ads), NOW) == expected


@pytest.mark.parametrize("status", ["ACTIVE", "PAUSED"])
def test_what_is_paused_above_an_ad_does_not_matter(status: str):
    paused_above = ad_set_on_meta(status=status, effective_status="CAMPAIGN_PAUSED", ads=(ad(),))

    assert delivery_of(paused_above, NOW) == "ok"


@pytest.mark.parametrize(
    ("end", "expected"),
    [(None, "ok"), (NOW - SECOND, "ended"), (NOW, "ended"), (NOW + SECOND, "ok")],
)
def test_at_its_end_an_ad_set_has_ended(end: datetime | None, expected: str):
    assert delivery_of(ad_set_on_meta(end_at=end, ads=(ad(),)), NOW) == expected
    assert (delivery_of(ad_set_on_meta(end_at=end, ads=()), NOW) == "ended") is (expected == "ended")


@pytest.mark.parametrize(
    ("age", "expected"), [(0 * HOUR, "in_review"), (HOUR - SECOND, "in_review"), (HOUR, "cannot")]
)
def test_the_ads_of_a_new_ad_set_may_not_be_listed_for_an_hour(age: timedelta, expected: str):
    assert delivery_of(ad_set_on_meta(created_at=NOW - age, ads=()), NOW) == expected


def test_a_new_ad_set_with_a_rejected_ad_is_not_waited_for():
    assert delivery_of(ad_set_on_meta(created_at=NOW, ads=(ad("rejected"),)), NOW) == "cannot"


@pytest.mark.parametrize(
    ("left", "hours", "expected"),
    [
        (None, 48, None),
        (None, None, None),
        (7000, None, 7000),
        (0, None, 0),
        (0, 48, 0),
        (7000, 24, 7000),
        (7000, 24.01, 3500),
        (7000, 48, 3500),
        (7000, 72, 2334),
        (7001, 48, 3501),
        (7000, 1, 7000),
        (7000, 0, 7000),
        (7000, -100, 7000),
        (1, 240, 1),
    ],
)
def test_a_lifetime_budget_a_day(left: int | None, hours: float | None, expected: int | None):
    end = None if hours is None else NOW + timedelta(hours=hours)

    assert lifetime_daily_minor(left, end, NOW) == expected
