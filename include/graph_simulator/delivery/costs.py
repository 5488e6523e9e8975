"""What makes results dearer: an ad set that still learns, a budget above what an audience gives cheaply."""

from __future__ import annotations

from graph_simulator.state.money import from_cents
from graph_simulator.state.noise import lognormal
from graph_simulator.state.objects import Rates

ENOUGH_RESULTS = 50
"""Results within seven days of the last significant edit with which an ad set has learned."""
_UNLEARNED = 0.7  # of its results an ad set brings that has learned nothing yet
_CHEAP_CENTS = 1000  # spend a day up to which results cost what they cost
_RISE = 0.15  # beyond, twice the spend makes a result 11 % dearer
_TWIN_CPM, _TWIN_CLICKS, _TWIN_RESULTS = 0.08, 0.1, 0.25  # deviations of logarithms


def learned(results: int) -> float:
    """The part of its results that an ad set brings after so many since its last significant edit."""
    return _UNLEARNED + (1 - _UNLEARNED) * min(1.0, results / ENOUGH_RESULTS)


def affordable(day_minor: int, currency: str) -> float:
    """The part of its results that the money of a day brings."""
    cheap = from_cents(_CHEAP_CENTS, currency)
    return 1.0 if day_minor <= cheap else float((cheap / day_minor) ** _RISE)


def twin(source: Rates, *key: int) -> Rates:
    """The true rates of a copy: near its source's, not the same."""
    return Rates(
        lognormal(source.cpm_minor, _TWIN_CPM, *key, 44),
        min(0.5, lognormal(source.click_rate, _TWIN_CLICKS, *key, 45)),
        lognormal(source.results_per_minor, _TWIN_RESULTS, *key, 46),
    )
