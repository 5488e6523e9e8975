"""The learning stage of an ad set: about 50 results within 7 days of the last significant edit."""

from __future__ import annotations

from typing import Any

from graph_simulator.delivery.costs import ENOUGH_RESULTS
from graph_simulator.delivery.run import Delivery, delivered
from graph_simulator.state.clock import day_of
from graph_simulator.state.objects import AdSet

WINDOW_SECONDS = 7 * 86400
_SITE_WINDOWS = ["7d_click", "1d_view"]
# A change of budget by this factor, up or down, is significant; Meta says "depending on magnitude".
_GREAT_CHANGE = 2


def stage(ad_set: AdSet, now: int, laws: Delivery) -> dict[str, Any] | None:
    """The ``learning_stage_info``; None before the first delivery."""
    if not any(ad.ledger for ad in ad_set.ads):
        return None
    until = min(now, ad_set.last_edit + WINDOW_SECONDS)
    results = _results(ad_set, until, now, laws)
    status = "SUCCESS" if results >= ENOUGH_RESULTS else "LEARNING" if until == now else "FAIL"
    site = ad_set.optimization_goal in {"OFFSITE_CONVERSIONS", "VALUE"}
    return {
        "status": status,
        "conversions": min(results, ENOUGH_RESULTS),
        "last_sig_edit_ts": ad_set.last_edit,
        "attribution_windows": _SITE_WINDOWS if site else ["1d_click"],
    }


def _results(ad_set: AdSet, until: int, now: int, laws: Delivery) -> int:
    zone = ad_set.account.timezone
    span = day_of(ad_set.last_edit, zone), day_of(until, zone)
    return delivered(ad_set.ads, span, now, laws).results


def is_significant(old_minor: int | None, new_minor: int) -> bool:
    """Whether a change of budget starts learning afresh."""
    if not old_minor:
        return True
    return new_minor >= _GREAT_CHANGE * old_minor or new_minor * _GREAT_CHANGE <= old_minor
