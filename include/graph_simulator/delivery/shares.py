"""How money is divided: a CBO campaign's among its ad sets, an ad set's among its ads."""

from __future__ import annotations

from collections.abc import Sequence

from graph_simulator.state.noise import lognormal
from graph_simulator.state.objects import Ad, AdSet

_EAGERNESS = 1.5  # how much more a better ad set gets: its rate of results to this power
_TRIAL = 0.05  # what even the worst one gets of an equal share, so that it can prove itself


def divide(total: int, weights: Sequence[float]) -> list[int]:
    """Whole minor units in proportion to the weights; they add up to the total (largest remainder)."""
    sum_of_weights = sum(weights)
    if not sum_of_weights:
        weights, sum_of_weights = [1.0] * len(weights), float(len(weights))
    exact = [total * weight / sum_of_weights for weight in weights]
    parts = [int(amount) for amount in exact]
    by_rest = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_rest[: total - sum(parts)]:
        parts[index] += 1
    return parts


def among_ad_sets(total: int, ad_sets: Sequence[AdSet]) -> list[int]:
    """A CBO budget by performance: the better the rate of results, the larger the part."""
    strength = [ad_set.rates.results_per_minor**_EAGERNESS for ad_set in ad_sets]
    least = _TRIAL * sum(strength) / max(1, len(strength))
    return divide(total, [max(least, each) for each in strength])


def among_ads(total: int, ads: Sequence[Ad], seed: int) -> list[int]:
    """An ad set's money among its ads: Meta has favourites."""
    if len(ads) == 1:
        return [total]
    return divide(total, [lognormal(1, 0.4, seed, int(ad.id), 51) for ad in ads])
