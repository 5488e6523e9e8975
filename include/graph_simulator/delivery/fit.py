"""Fit the market to real data: ``python -m graph_simulator.delivery.fit FILE.csv``.

The file has a row an ad, with the columns ``fb_campaign_id`` (the ad set), ``Impressions``,
``Clicks``, ``Spent`` and ``Total_Conversion``. Clicks and conversions are counted, so that an ad
set's rate is seen only through Poisson noise: the rates are taken to be lognormal, and median and
deviation are those under which the counts are most likely. Prices are seen as they are.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from math import exp, lgamma, log
from pathlib import Path
from statistics import NormalDist, mean, stdev

_NODES = [NormalDist().inv_cdf((index + 0.5) / 60) for index in range(60)]
_STEPS = 16
Count = tuple[float, int]  # exposure, events


def ad_sets(path: Path) -> list[dict[str, float]]:
    """Impressions, clicks, spend and conversions of every ad set."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in ("Impressions", "Clicks", "Spent", "Total_Conversion"):
                found[row["fb_campaign_id"]][name] += float(row[name])
    return list(found.values())


def likelihood(counts: Sequence[Count], median: float, sigma: float) -> float:
    """The logarithm of how likely the counts are, up to a constant."""
    rates = [median * exp(sigma * node) for node in _NODES]
    return sum(_of_one(exposure, events, rates) for exposure, events in counts)


def _of_one(exposure: float, events: int, rates: Sequence[float]) -> float:
    terms = [events * log(exposure * rate) - exposure * rate - lgamma(events + 1) for rate in rates]
    most = max(terms)
    return most + log(mean(exp(term - most) for term in terms))


def best(counts: Sequence[Count]) -> tuple[float, float]:
    """Median and deviation under which the counts are most likely."""
    known = [(exposure, events) for exposure, events in counts if exposure > 0]
    pooled = sum(events for _, events in known) / sum(exposure for exposure, _ in known)
    median, sigma = pooled, 0.5
    for _ in range(4):
        sigma = _peak(0.01, 2, partial(likelihood, known, median))
        median = _peak(median / 2, median * 2, partial(likelihood, known, sigma=sigma))
    return median, sigma


def _peak(low: float, high: float, height: Callable[[float], float]) -> float:
    """Where a curve with one peak is highest: golden-section search."""
    part = 0.6180339887
    for _ in range(_STEPS):
        left, right = high - part * (high - low), low + part * (high - low)
        low, high = (low, right) if height(left) > height(right) else (left, high)
    return (low + high) / 2


def main(path: Path) -> None:
    """Print the fitted figures."""
    rows = ad_sets(path)
    prices = [log(row["Spent"] / row["Impressions"] * 1000) for row in rows if row["Spent"] > 0]
    sys.stdout.write(f"ad sets {len(rows)}, with spend {len(prices)}\n")
    sys.stdout.write(f"cost of 1000 impressions: median {exp(mean(prices)):.4f}, sigma {stdev(prices):.3f}\n")
    for name, exposure, events in (
        ("clicks per impression", "Impressions", "Clicks"),
        ("conversions per click", "Clicks", "Total_Conversion"),
    ):
        median, sigma = best([(row[exposure], int(row[events])) for row in rows])
        sys.stdout.write(f"{name}: median {median:.6f}, sigma {sigma:.3f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
