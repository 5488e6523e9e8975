"""A report of Ads Manager as a user with a past: campaigns and ad sets within Meta's limits. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeVar

from demo.personas import AdDay, Days, PastAd, PastAdSet, PastCampaign, Persona
from orchestrator.audit.report import AdDay as ReportedDay
from orchestrator.audit.report import Report
from orchestrator.audit.verdicts import goal_of
from orchestrator.domain import money
from stack.errors import StackError

MOST_ADS = 5_000  # of one ad account [Meta: Marketing API, limits]
MOST_AD_DAYS = 500_000
"""So many days of ads are seeded in a minute."""
AD_SETS_A_CAMPAIGN = 200  # [Meta: Marketing API, limits]
ADS_AN_AD_SET = 50  # [the same]
NAME = "You"

Section = TypeVar("Section")
Key = TypeVar("Key", bound=Hashable)
Rows = Sequence[ReportedDay]


class _Calendar(NamedTuple):
    """The report's period, which ends yesterday in the demo: its last day, its length, its currency."""

    last: int
    days: int
    currency: str


def person_of(report: Report, minimum_minor: int) -> Persona:
    """The user of the report: spends a day what the file says, up to twice that.

    Args:
        report: a file that was read.
        minimum_minor: Meta's least daily budget, in minor units of the report's currency.

    Raises:
        StackError: in one line, when it is more than an ad account or the demo holds.
    """
    _check(report)
    campaigns = tuple(_campaigns(report, minimum_minor))
    running = [each for campaign in campaigns for each in campaign.ad_sets if not each.paused_by_hand]
    a_day = sum(each.daily_budget_minor or 0 for each in running) or minimum_minor
    return Persona(
        name=NAME,
        why=f"{ads_in(report)} ads of a report",
        goals={goal_of(report.indicator): {"is_active": True, "priority": 5}},
        daily_budget=_typed(a_day, report.currency),
        max_daily_budget=_typed(2 * a_day, report.currency),
        currency=report.currency,
        audiences=("broad",),
        campaigns=campaigns,
    )


def ads_in(report: Report) -> int:
    """How many ads a report has."""
    return len({(*_ad_set_key(row), _ad_key(row)) for row in report.ad_days})


def _check(report: Report) -> None:
    ads, days = ads_in(report), _calendar(report).days
    if ads > MOST_ADS:
        raise StackError(f"the file has {ads} ads, and an ad account holds {MOST_ADS}: give a part of it")
    if ads * days > MOST_AD_DAYS:
        raise StackError(f"{ads} ads over {days} days are too many for the demo: give a shorter period")


def _calendar(report: Report) -> _Calendar:
    first, last = report.period.first.toordinal(), report.period.last.toordinal()
    return _Calendar(last, last - first + 1, report.currency)


def _typed(minor: int, currency: str) -> str:
    """As a person would type it: major units."""
    offset = money.offset(currency)
    return str(minor) if offset == 1 else f"{minor // offset}.{minor % offset:02d}"


def _campaign_key(row: ReportedDay) -> str:
    """An id identifies, where there is one, else the name."""
    return row.campaign_id or row.campaign


def _ad_set_key(row: ReportedDay) -> tuple[str, str]:
    return _campaign_key(row), row.ad_set_id or row.ad_set


def _ad_key(row: ReportedDay) -> str:
    return row.ad_id or row.ad


def _grouped(rows: Iterable[ReportedDay], key: Callable[[ReportedDay], Key]) -> dict[Key, list[ReportedDay]]:
    groups: dict[Key, list[ReportedDay]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _campaigns(report: Report, minimum_minor: int) -> Iterator[PastCampaign]:
    """In the order of the file; one with too many ad sets is several."""
    calendar, goal_key = _calendar(report), goal_of(report.indicator)
    campaigns = _grouped(report.ad_days, _campaign_key)
    names = _names(campaigns, lambda row: row.campaign or row.campaign_id, lambda row: row.campaign_id)
    ad_set_names = _ad_set_names(report.ad_days)
    for campaign, rows in campaigns.items():
        ad_sets = [
            _ad_set(name, part, calendar, minimum_minor)
            for key, of_ad_set in _grouped(rows, _ad_set_key).items()
            for name, part in _parts(
                ad_set_names[key], [*_grouped(of_ad_set, _ad_key).values()], ADS_AN_AD_SET
            )
        ]
        for name, of_campaign in _parts(names[campaign], ad_sets, AD_SETS_A_CAMPAIGN):
            yield PastCampaign(name=name, goal_key=goal_key, role="testing", ad_sets=tuple(of_campaign))


def _ad_set_names(rows: Iterable[ReportedDay]) -> dict[tuple[str, str], str]:
    """Names of ad sets; one that several have follows its id, or its campaign's name."""
    return _names(
        _grouped(rows, _ad_set_key), lambda row: row.ad_set, lambda row: row.ad_set_id or row.campaign
    )


def _names(
    groups: dict[Key, list[ReportedDay]],
    name: Callable[[ReportedDay], str],
    apart: Callable[[ReportedDay], str],
) -> dict[Key, str]:
    """Each group's name; where several have one, with what tells them apart before it."""
    times = Counter(name(rows[0]) for rows in groups.values())
    return {
        key: name(rows[0]) if times[name(rows[0])] == 1 else f"{apart(rows[0])} / {name(rows[0])}"
        for key, rows in groups.items()
    }


def _parts(name: str, things: Sequence[Section], limit: int) -> Iterator[tuple[str, Sequence[Section]]]:
    """At most ``limit`` things under one name; further parts are numbered."""
    starts = range(0, len(things), limit)
    for number, start in enumerate(starts, start=1):
        part = name if len(starts) == 1 else f"{name} ({number} of {len(starts)})"
        yield part, things[start : start + limit]


def _ad_set(name: str, ads: Sequence[Rows], calendar: _Calendar, minimum_minor: int) -> PastAdSet:
    """Its age and its budget are those of the days since it first delivered."""
    rows = [row for ad in ads for row in ad]
    age = max(map(_age(calendar), rows))
    spent = money.minor_from_major(sum((row.spend for row in rows), Decimal(0)), calendar.currency)
    return PastAdSet(
        name=name,
        audience=name,
        creative=None,
        daily_budget_minor=max(minimum_minor, spent // age),
        ads=tuple(PastAd(ad[0].ad, _days(ad, calendar, age)) for ad in ads),
        age_days=age,
        paused_by_hand=all(row.is_active is False for row in rows),
    )


def _age(calendar: _Calendar) -> Callable[[ReportedDay], int]:
    """How many days ago a row's day was; one without delivery or without a day says nothing."""

    def age(row: ReportedDay) -> int:
        if row.day is None:
            return calendar.days
        return calendar.last - row.day.toordinal() + 1 if row.impressions or row.spend else 1

    return age


def _days(ad: Rows, calendar: _Calendar, age: int) -> Days:
    """An ad's figures day by day, the last of them yesterday; a total is spread evenly."""
    if ad[0].day is None:
        return _spread(ad[0], calendar)
    by_day = {calendar.last - row.day.toordinal(): row for row in ad if row.day is not None}
    in_order = [by_day.get(ago) for ago in range(age - 1, -1, -1)]
    spent = [Decimal(0) if row is None else row.spend for row in in_order]
    events = [Decimal(0) if row is None else row.events for row in in_order]
    minor = _differences([money.minor_from_major(each, calendar.currency) for each in accumulate(spent)])
    whole = _differences([_half_up(each) for each in accumulate(events)])
    return tuple(
        AdDay(0, 0, 0) if row is None else AdDay(cost, row.impressions, results, row.clicks)
        for row, cost, results in zip(in_order, minor, whole, strict=True)
    )


def _differences(sums: Sequence[int]) -> list[int]:
    """The parts of running sums, so that what was rounded adds up again."""
    return [after - before for before, after in pairwise([0, *sums])]


def _half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _spread(row: ReportedDay, calendar: _Calendar) -> Days:
    """Totals as equal days; what does not divide evenly is spread, and the sum is exact."""
    n = calendar.days
    spent = money.minor_from_major(row.spend, calendar.currency)
    totals = (spent, row.impressions, _half_up(row.events), row.clicks)
    return tuple(AdDay(*(total * (day + 1) // n - total * day // n for total in totals)) for day in range(n))
