"""A report as an account with a past: nothing is lost, and Meta's limits hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from demo.export_persona import person_of
from demo.personas import AdDay
from orchestrator.audit import report
from orchestrator.audit.report import AdDay as ReportedDay
from orchestrator.audit.report import Period, Report
from stack.errors import StackError

SMALL = Path(__file__).parent / "data" / "small.csv"
TODAY = date(2026, 11, 23)
ONE_AD = ReportedDay(
    campaign="C",
    campaign_id="",
    ad_set="S",
    ad_set_id="",
    ad="A",
    ad_id="",
    day=None,
    impressions=1_000,
    clicks=10,
    spend=Decimal("13.99"),
    events=Decimal(3),
    is_active=None,
)


def of_rows(*rows: ReportedDay, days: int = 14, currency: str = "USD", indicator: str = "Results") -> Report:
    last = date(2026, 11, 22)
    return Report(
        ad_days=rows,
        rows=len(rows),
        refused=(),
        currency=currency,
        period=Period(first=date.fromordinal(last.toordinal() - days + 1), last=last, assumed=False),
        indicator=indicator,
        notes=(),
    )


def test_totals_become_even_days_that_add_up_again():
    (ad,) = person_of(of_rows(ONE_AD), 100).campaigns[0].ad_sets[0].ads

    assert len(ad.days) == 14
    assert ad.days[0] == AdDay(spend_minor=99, impressions=71, events=0, clicks=0)
    assert sum(day.spend_minor for day in ad.days) == 1_399
    assert sum(day.impressions for day in ad.days) == 1_000
    assert sum(day.events for day in ad.days) == 3
    assert sum(day.clicks for day in ad.days) == 10


def test_totals_of_ninety_days_are_spread_over_ninety():
    ad_set = person_of(of_rows(replace(ONE_AD, spend=Decimal(1800)), days=90), 100).campaigns[0].ad_sets[0]

    assert (len(ad_set.ads[0].days), ad_set.daily_budget_minor) == (90, 2_000)


def test_days_are_those_of_the_file_whatever_their_order():
    rows = [
        replace(ONE_AD, day=date(2026, 11, 22), spend=Decimal("2.004"), events=Decimal("0.9")),
        replace(ONE_AD, day=date(2026, 11, 20), spend=Decimal("1.004"), events=Decimal("0.9")),
    ]
    (ad_set,) = person_of(of_rows(*rows), 100).campaigns[0].ad_sets

    assert ad_set.ads[0].days == (
        AdDay(spend_minor=100, impressions=1_000, events=1, clicks=10),
        AdDay(spend_minor=0, impressions=0, events=0),
        AdDay(spend_minor=201, impressions=1_000, events=1, clicks=10),
    )
    assert (ad_set.age_days, ad_set.daily_budget_minor) == (3, 100)


@pytest.mark.parametrize(
    ("spend", "currency", "budget_minor", "daily", "most"),
    [
        pytest.param("140", "USD", 1_000, "10.00", "20.00", id="what it spent a day"),
        pytest.param("14.70", "USD", 105, "1.05", "2.10", id="cents keep their zero"),
        pytest.param("0", "USD", 100, "1.00", "2.00", id="at least Meta's minimum"),
        pytest.param("14000", "JPY", 1_000, "1000", "2000", id="yen have no cents"),
    ],
)
def test_a_budget_is_what_was_spent_a_day(
    spend: str, currency: str, budget_minor: int, daily: str, most: str
):
    person = person_of(of_rows(replace(ONE_AD, spend=Decimal(spend)), currency=currency), 100)

    assert person.campaigns[0].ad_sets[0].daily_budget_minor == budget_minor
    assert (person.daily_budget, person.max_daily_budget) == (daily, most)


def test_what_delivers_no_more_is_paused_and_counts_in_no_budget():
    rows = [
        replace(ONE_AD, spend=Decimal(140), is_active=True),
        replace(ONE_AD, ad_set="T", spend=Decimal(140), is_active=False),
    ]
    person = person_of(of_rows(*rows), 100)

    assert [a.paused_by_hand for a in person.campaigns[0].ad_sets] == [False, True]
    assert person.daily_budget == "10.00"


def test_a_report_in_which_nothing_delivers_any_more_still_has_a_budget():
    person = person_of(of_rows(replace(ONE_AD, is_active=False)), 100)

    assert (person.daily_budget, person.max_daily_budget) == ("1.00", "2.00")


@pytest.mark.parametrize(
    ("indicator", "goal_key"), [("Results", "streams"), ("Leads (form)", "build_audience")]
)
def test_the_goal_is_that_of_the_results(indicator: str, goal_key: str):
    person = person_of(of_rows(ONE_AD, indicator=indicator), 100)

    assert [*person.goals] == [person.campaigns[0].goal_key] == [goal_key]


def test_ads_of_one_ad_set_stay_together_and_rows_of_one_ad_add_up():
    (spring, autumn) = person_of(report.read(SMALL, today=TODAY), 100).campaigns

    assert [(ad_set.name, len(ad_set.ads)) for ad_set in spring.ad_sets] == [
        ("Fans 18-24", 2),
        ("Fans 25-34", 2),
        ("Lookalike", 1),
    ]
    assert [(ad_set.name, len(ad_set.ads)) for ad_set in autumn.ad_sets] == [("Broad", 3)]
    assert sum(day.spend_minor for day in autumn.ad_sets[0].ads[0].days) == 42_000


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


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param({"campaign": "D"}, ["C / S", "D / S"], id="in two campaigns"),
        pytest.param({"ad_set_id": "7"}, ["C / S", "7 / S"], id="with other ids"),
    ],
)
def test_ad_sets_of_one_name_are_told_apart(change: dict[str, str], names: list[str]):
    person = person_of(of_rows(ONE_AD, replace(ONE_AD, **change)), 100)

    assert [a.name for c in person.campaigns for a in c.ad_sets] == names


def test_as_many_ads_as_an_account_holds_and_one_more():
    rows = [replace(ONE_AD, ad_set=f"{n // 50}", ad=str(n)) for n in range(5_001)]

    assert person_of(of_rows(*rows[:5_000], days=1), 100).why == "5000 ads of a report"
    with pytest.raises(StackError) as problem:
        person_of(of_rows(*rows, days=1), 100)
    assert str(problem.value) == "the file has 5001 ads, and an ad account holds 5000: give a part of it"


def test_more_days_than_the_demo_seeds_are_one_clear_line():
    rows = [replace(ONE_AD, ad=str(n)) for n in range(1_000)]

    assert person_of(of_rows(*rows, days=500), 100).why == "1000 ads of a report"
    with pytest.raises(StackError) as problem:
        person_of(of_rows(*rows, days=501), 100)
    assert str(problem.value) == "1000 ads over 501 days are too many for the demo: give a shorter period"
