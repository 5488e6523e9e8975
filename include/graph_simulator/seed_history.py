"""The past of a seed: history rows on their days, exports as campaigns, rates read off a past."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from graph_simulator.delivery.ledger import AdLedger
from graph_simulator.delivery.outcomes import Cell
from graph_simulator.delivery.shares import divide
from graph_simulator.seed_form import AdForm, AdSetForm, CampaignForm, HistoryForm, RowDefaultsForm, RowForm
from graph_simulator.state import money
from graph_simulator.state.clock import day_of
from graph_simulator.state.objects import Rates

_PRIOR_RESULTS = 1.0  # how many results' worth of belief in the market a loaded history starts against


def suggested(past: Sequence[HistoryForm], drawn: Rates) -> Rates:
    """What a history says about the truth, the market being worth one result of evidence."""
    spend = sum(row.spend_minor for row in past)
    impressions, clicks = sum(row.impressions for row in past), sum(row.clicks for row in past)
    results = sum(row.conversions for row in past)
    if not (spend and impressions):
        return drawn
    prior_spend = _PRIOR_RESULTS / drawn.results_per_minor if drawn.results_per_minor else 0
    per_minor = (results + _PRIOR_RESULTS) / (spend + prior_spend) if prior_spend else results / spend
    click_rate = (clicks + 1) / (impressions + 1 / drawn.click_rate)
    return Rates(spend / impressions * 1000, click_rate, per_minor)


def book(ledger: AdLedger, row: HistoryForm, now: int, timezone: str) -> None:
    """Book one history row on its day, or evenly on the days up to yesterday."""
    today = day_of(now, timezone)
    if row.days is None:
        day = row.date.toordinal() if row.date else today - (row.days_ago or 0)
        ledger.book(day, Cell(*_figures(row)))
        return
    parts = [divide(value, [1.0] * row.days) for value in _figures(row)]
    for day, figures in zip(_days_before(today, row.days), zip(*parts, strict=True), strict=True):
        ledger.book(day, _cell(*figures))


@lru_cache(maxsize=1024)
def _days_before(today: int, count: int) -> tuple[int, ...]:
    """The days' numbers; the same objects for every ad, whose ledgers have them for keys."""
    return tuple(range(today - count, today))


@lru_cache(maxsize=4096)
def _cell(spend: int, impressions: int, clicks: int, link_clicks: int, results: int) -> Cell:
    """Days of a spread past that are alike, are one cell."""
    return Cell(spend, impressions, clicks, link_clicks, results)


def _figures(row: HistoryForm) -> tuple[int, int, int, int, int]:
    links = row.link_clicks if row.link_clicks is not None else row.clicks * 72 // 100
    return row.spend_minor, row.impressions, row.clicks, links, row.conversions


def from_rows(rows: Sequence[RowForm], defaults: RowDefaultsForm, currency: str) -> list[CampaignForm]:
    """The campaigns and ad sets of an export, in the order in which they first appear."""
    tree: dict[str, dict[str, list[AdForm]]] = {}
    for number, row in enumerate(rows, start=1):
        history = HistoryForm(
            days=defaults.days,
            spend_minor=money.minor(row.spend, currency),
            impressions=row.impressions,
            clicks=row.clicks,
            conversions=row.conversions,
        )
        ad = AdForm(name=row.ad or f"Ad {number}", history=[history])
        tree.setdefault(row.campaign, {}).setdefault(row.ad_set, []).append(ad)
    return [_from_tree(name, ad_sets, defaults) for name, ad_sets in tree.items()]


def _from_tree(name: str, ad_sets: dict[str, list[AdForm]], defaults: RowDefaultsForm) -> CampaignForm:
    age = defaults.days * 24.0
    forms = [
        AdSetForm(
            name=each,
            hours_ago=age,
            status=defaults.status,
            optimization_goal=defaults.optimization_goal,
            promoted_object=defaults.promoted_object,
            daily_budget_minor=defaults.daily_budget_minor or _usual_budget(ads),
            ads=ads,
        )
        for each, ads in ad_sets.items()
    ]
    return CampaignForm(
        name=name, hours_ago=age, objective=defaults.objective, status=defaults.status, ad_sets=forms
    )


def _usual_budget(ads: Sequence[AdForm]) -> int:
    """What the ad set spent a day, as its budget; at least a hundred minor units."""
    spend = sum(row.spend_minor for ad in ads for row in ad.history)
    days = max(row.days or 1 for ad in ads for row in ad.history)
    return max(100, -(-spend // days))
