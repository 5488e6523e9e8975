"""The truth about ad sets: drawn from the account's market, keyed by the ad set.

Medians and deviations are fitted to real campaign data; docs/simulator-delivery.md has the figures.
"""

from __future__ import annotations

from graph_simulator.state.money import from_cents
from graph_simulator.state.noise import lognormal
from graph_simulator.state.objects import Market, Rates

# Medians and deviations of logarithms over 277 real ad sets, as delivery/fit.py finds them: 24.35 cents
# per thousand impressions, 0.0168 % of them clicked, 7.8 % of clicks converted.
_CPM_CENTS, _CPM_SIGMA = 24.35, 0.351
_CLICK_RATE, _CLICK_SIGMA = 0.000168, 0.268
_RESULTS_PER_CLICK, _RESULT_SIGMA = 0.0781, 0.587
# What each goal's result is worth beside a website conversion: how many more of them the same click buys.
_PLENTY = {
    "OFFSITE_CONVERSIONS": 1.0,
    "LEAD_GENERATION": 1.4,
    "QUALITY_LEAD": 0.8,
    "LINK_CLICKS": 8.0,
    "LANDING_PAGE_VIEWS": 6.0,
    "VISIT_INSTAGRAM_PROFILE": 90.0,
    "PROFILE_VISIT": 90.0,
    "THRUPLAY": 600.0,
    "REACH": 0.0,
    "IMPRESSIONS": 0.0,
}


def fitted(currency: str) -> Market:
    """The market of an account in this currency, as the real data has it."""
    return Market(
        cpm_minor=from_cents(_CPM_CENTS, currency),
        click_rate=_CLICK_RATE,
        results_per_click=_RESULTS_PER_CLICK,
        cpm_sigma=_CPM_SIGMA,
        click_sigma=_CLICK_SIGMA,
        result_sigma=_RESULT_SIGMA,
    )


def draw(market: Market, goal: str, *key: int) -> Rates:
    """One ad set's true rates."""
    cpm = lognormal(market.cpm_minor, market.cpm_sigma, *key, 41)
    click_rate = min(0.5, lognormal(market.click_rate, market.click_sigma, *key, 42))
    per_click = lognormal(market.results_per_click, market.result_sigma, *key, 43) * _PLENTY.get(goal, 1.0)
    return Rates(cpm, click_rate, click_rate * per_click * 1000 / cpm)
