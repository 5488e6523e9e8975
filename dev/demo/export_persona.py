"""An export as a person with a past: campaigns and ad sets within Meta's limits, figures day by day. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

from demo.ads_export import AdRow, Export
from demo.personas import AdDay, Days, PastAd, PastAdSet, PastCampaign, Persona
from orchestrator.domain import money

GOAL = "streams"
DAYS = 14
"""An export has totals and no dates: they are spread evenly over so many days up to yesterday."""
AD_SETS_A_CAMPAIGN = 200  # [Meta: Marketing API, limits]
ADS_AN_AD_SET = 50  # [the same]
NAME = "You"

Thing = TypeVar("Thing")


def person_of(export: Export, minimum_minor: int) -> Persona:
    """The exporting user: spends a day what the file says, up to twice that.

    Args:
        export: a file that was read.
        minimum_minor: Meta's least daily budget, in minor units of the export's currency.
    """
    campaigns = tuple(_campaigns(export.rows, minimum_minor))
    budgets = (ad_set.daily_budget_minor or 0 for each in campaigns for ad_set in each.ad_sets)
    a_day = sum(budgets)
    return Persona(
        name=NAME,
        why=f"{len(export.rows)} ads of an export",
        goals={GOAL: {"is_active": True, "priority": 5}},
        daily_budget=_typed(a_day, export.currency),
        max_daily_budget=_typed(2 * a_day, export.currency),
        currency=export.currency,
        audiences=("broad",),
        campaigns=campaigns,
    )


def _typed(minor: int, currency: str) -> str:
    """As a person would type it: major units."""
    offset = money.offset(currency)
    return str(minor) if offset == 1 else f"{minor // offset}.{minor % offset:02d}"


def _campaigns(rows: Sequence[AdRow], minimum_minor: int) -> Iterator[PastCampaign]:
    """In the order of the file; one with too many ad sets is several."""
    by_campaign: dict[str, dict[str, list[AdRow]]] = {}
    for row in rows:
        by_campaign.setdefault(row.campaign, {}).setdefault(row.ad_set, []).append(row)
    known_in = Counter(ad_set for ad_sets in by_campaign.values() for ad_set in ad_sets)
    for campaign, ads_of in by_campaign.items():
        ad_sets = [
            _ad_set(name if known_in[ad_set] == 1 else f"{campaign} / {name}", part, minimum_minor)
            for ad_set, ads in ads_of.items()
            for name, part in _parts(ad_set, ads, ADS_AN_AD_SET)
        ]
        for name, part in _parts(campaign, ad_sets, AD_SETS_A_CAMPAIGN):
            yield PastCampaign(name=name, goal_key=GOAL, role="testing", ad_sets=tuple(part))


def _parts(name: str, things: Sequence[Thing], limit: int) -> Iterator[tuple[str, Sequence[Thing]]]:
    """At most ``limit`` things under one name; further parts are numbered."""
    starts = range(0, len(things), limit)
    for number, start in enumerate(starts, start=1):
        part = name if len(starts) == 1 else f"{name} ({number} of {len(starts)})"
        yield part, things[start : start + limit]


def _ad_set(name: str, rows: Sequence[AdRow], minimum_minor: int) -> PastAdSet:
    ads = tuple(PastAd(row.ad, _spread(row)) for row in rows)
    a_day = sum(row.spend_minor for row in rows) // DAYS
    return PastAdSet(
        name=name,
        audience=name,
        creative=None,
        daily_budget_minor=max(minimum_minor, a_day),
        ads=ads,
        age_days=DAYS,
    )


def _spread(row: AdRow) -> Days:
    """Totals as equal days; what does not divide evenly is spread, and the sum is exact."""
    totals = (row.spend_minor, row.impressions, row.conversions, row.clicks)
    return tuple(
        AdDay(*(total * (day + 1) // DAYS - total * day // DAYS for total in totals)) for day in range(DAYS)
    )
