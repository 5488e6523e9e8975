"""Rows broken down by audience and placement: whole numbers that add up to the undivided ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from graph_simulator.delivery.outcomes import EMPTY, Cell
from graph_simulator.delivery.shares import divide
from graph_simulator.errors import GraphError, bad_param
from graph_simulator.spec.check import parsed
from graph_simulator.state.noise import lognormal
from graph_simulator.state.objects import AdSet

# Shares of an audience, roughly those of large campaigns; every ad set's differ a little.
_SHARES: dict[str, dict[str, float]] = {
    "age": {"18-24": 24, "25-34": 30, "35-44": 19, "45-54": 13, "55-64": 9, "65+": 5},
    "gender": {"female": 52, "male": 46, "unknown": 2},
    "publisher_platform": {"instagram": 61, "facebook": 34, "audience_network": 3, "messenger": 2},
    "device_platform": {"mobile_app": 94, "mobile_web": 2, "desktop": 4},
    "country": {},
}
_TOGETHER = ({"age", "gender"}, {"publisher_platform", "device_platform"})
_UNEVEN = 0.25
Values = tuple[tuple[str, str], ...]
Cells = list[tuple[AdSet, Cell]]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What rows are broken down by."""

    names: tuple[str, ...]


def read_breakdown(value: Any) -> Breakdown | None:
    """The breakdowns of a report; None without.

    Raises:
        GraphError: 100 for one that is not simulated, 2/1504041 for some that do not go together.
    """
    found = parsed(value) if value else []
    names = tuple(str(name).strip() for name in (found if isinstance(found, list) else str(found).split(",")))
    for name in names:
        if name not in _SHARES:
            raise bad_param(f"breakdowns: {name} is not available", "breakdowns")
    if len(names) > 1 and set(names) not in _TOGETHER:
        raise GraphError(
            "(#2) The combination of breakdowns is not available", code=2, subcode=1504041, transient=False
        )
    return Breakdown(names) if names else None


def split(cells: Cells, breakdown: Breakdown | None) -> Iterator[tuple[Cells, Values]]:
    """The cells of one row for each combination of values; as they are without a breakdown."""
    if breakdown is None:
        yield cells, ()
        return
    divided = [(ad_set, _divided(ad_set, whole, breakdown)) for ad_set, whole in cells]
    for values in sorted({values for _, parts in divided for values in parts}):
        yield [(ad_set, parts.get(values, EMPTY)) for ad_set, parts in divided], values


def _divided(ad_set: AdSet, whole: Cell, breakdown: Breakdown) -> dict[Values, Cell]:
    weights = _weights(ad_set, breakdown)
    parts = zip(*(divide(figure, list(weights.values())) for figure in whole), strict=True)
    return {values: Cell(*part) for values, part in zip(weights, parts, strict=True)}


def _weights(ad_set: AdSet, breakdown: Breakdown) -> dict[Values, float]:
    shares = [_shares(ad_set, name) for name in breakdown.names]
    found: dict[Values, float] = {}
    for number, combination in enumerate(product(*(each.items() for each in shares))):
        weight = lognormal(1, _UNEVEN, int(ad_set.id), number, 81)
        for _, share in combination:
            weight *= share
        values = tuple((name, value) for name, (value, _) in zip(breakdown.names, combination, strict=True))
        found[values] = weight
    return found


def _shares(ad_set: AdSet, name: str) -> dict[str, float]:
    if name == "country":
        countries = ad_set.targeting.get("geo_locations", {}).get("countries") or ["US"]
        return dict.fromkeys(countries, 1.0)
    wanted = ad_set.targeting.get("publisher_platforms") if name == "publisher_platform" else None
    return {value: share for value, share in _SHARES[name].items() if not wanted or value in wanted}
