"""An export as an account with a past: nothing is lost, and Meta's limits hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from demo import ads_export
from demo.ads_export import AdRow, Export
from demo.export_persona import DAYS, person_of
from demo.personas import AdDay

SMALL = Path(__file__).parent / "data" / "small.csv"
ONE_AD = AdRow(
    campaign="C", ad_set="S", ad="A", impressions=1_000, clicks=10, spend_minor=1_399, conversions=3
)


def of_rows(*rows: AdRow, currency: str = "USD") -> Export:
    return Export(rows=rows, refused=(), columns={}, currency=currency)


def test_totals_become_even_days_that_add_up_again():
    (ad,) = person_of(of_rows(ONE_AD), 100).campaigns[0].ad_sets[0].ads

    assert len(ad.days) == DAYS == 14
    assert ad.days[0] == AdDay(spend_minor=99, impressions=71, events=0, clicks=0)
    assert sum(day.spend_minor for day in ad.days) == 1_399
    assert sum(day.impressions for day in ad.days) == 1_000
    assert sum(day.events for day in ad.days) == 3
    assert sum(day.clicks for day in ad.days) == 10


@pytest.mark.parametrize(
    ("spend_minor", "currency", "budget_minor", "daily", "most"),
    [
        pytest.param(14_000, "USD", 1_000, "10.00", "20.00", id="what it spent a day"),
        pytest.param(14 * 105, "USD", 105, "1.05", "2.10", id="cents keep their zero"),
        pytest.param(0, "USD", 100, "1.00", "2.00", id="at least Meta's minimum"),
        pytest.param(14_000, "JPY", 1_000, "1000", "2000", id="yen have no cents"),
    ],
)
def test_a_budget_is_what_was_spent_a_day(
    spend_minor: int, currency: str, budget_minor: int, daily: str, most: str
):
    person = person_of(of_rows(replace(ONE_AD, spend_minor=spend_minor), currency=currency), 100)

    assert person.campaigns[0].ad_sets[0].daily_budget_minor == budget_minor
    assert (person.daily_budget, person.max_daily_budget) == (daily, most)


def test_ads_of_one_ad_set_stay_together():
    (spring, autumn) = person_of(ads_export.read(SMALL), 100).campaigns

    assert [(ad_set.name, len(ad_set.ads)) for ad_set in spring.ad_sets] == [
        ("Fans 18-24", 2),
        ("Fans 25-34", 2),
        ("Lookalike", 1),
    ]
    assert [(ad_set.name, len(ad_set.ads)) for ad_set in autumn.ad_sets] == [("Broad", 1)]


@pytest.mark.parametrize(
    ("ad_sets", "names"),
    [
        pytest.param(200, ["C"], id="as many as a campaign holds"),
        pytest.param(201, ["C (1 of 2)", "C (2 of 2)"], id="one more"),
    ],
)
def test_a_campaign_with_too_many_ad_sets_is_several(ad_sets: int, names: list[str]):
    rows = [replace(ONE_AD, ad_set=str(number)) for number in range(ad_sets)]

    campaigns = person_of(of_rows(*rows), 100).campaigns

    assert [campaign.name for campaign in campaigns] == names
    assert sum(len(campaign.ad_sets) for campaign in campaigns) == ad_sets


@pytest.mark.parametrize(
    ("ads", "names"),
    [
        pytest.param(50, ["S"], id="as many as an ad set holds"),
        pytest.param(51, ["S (1 of 2)", "S (2 of 2)"], id="one more"),
    ],
)
def test_an_ad_set_with_too_many_ads_is_several(ads: int, names: list[str]):
    rows = [replace(ONE_AD, ad=str(number)) for number in range(ads)]

    (campaign,) = person_of(of_rows(*rows), 100).campaigns

    assert [ad_set.name for ad_set in campaign.ad_sets] == names


def test_ad_sets_of_one_name_in_two_campaigns_are_told_apart():
    person = person_of(of_rows(ONE_AD, replace(ONE_AD, campaign="D")), 100)

    assert [a.name for c in person.campaigns for a in c.ad_sets] == ["C / S", "D / S"]
