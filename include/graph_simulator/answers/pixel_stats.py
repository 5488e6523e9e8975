"""What a pixel received: its events by name, those that ads brought and those that came from elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import Any

from graph_simulator import spec
from graph_simulator.answers.view import View
from graph_simulator.delivery.run import delivered
from graph_simulator.errors import bad_param
from graph_simulator.insights.totals import SITE_GOALS
from graph_simulator.spec.check import checked
from graph_simulator.state.assets import Pixel
from graph_simulator.state.clock import day_of, written
from graph_simulator.state.objects import AdSet

_WINDOW_SECONDS = 7 * 86400
_SIMULATED = "event_total_counts"


def pixel_stats(pixel: Pixel, params: dict[str, Any], view: View) -> dict[str, Any]:
    """``GET /{pixel}/stats?aggregation=event_total_counts``: one part, with the events of the whole time.

    Raises:
        GraphError: 100 for a time before the last seven days, and for aggregations that are not simulated.
    """
    known = spec.edge("AdsPixel", "GET", "stats")
    typed = checked(known, params, lenient=view.world.setup.lenient) if known else {}
    kind = typed.get("aggregation", "event")
    if kind != _SIMULATED:
        raise bad_param(f"Param aggregation: {kind} is not simulated, only {_SIMULATED}", "aggregation")
    end = min(typed.get("end_time", view.now), view.now)
    start = typed.get("start_time", view.now - _WINDOW_SECONDS)
    if not view.now - _WINDOW_SECONDS <= start <= end:
        raise bad_param("Param start_time must be within the last seven days", "start_time")
    view.world.record_outcome(pixel.account)
    counts = _counts(pixel, start, end, view)
    if not counts:
        return {"data": []}
    events = [{"value": name, "count": counts[name]} for name in sorted(counts)]
    return {"data": [{"start_time": written(start, "UTC"), "aggregation": kind, "data": events}]}


def _counts(pixel: Pixel, start: int, end: int, view: View) -> Counter[str]:
    counts: Counter[str] = Counter()
    for at, event, count in pixel.received:
        counts[event] += count if start <= at <= end else 0
    zone = pixel.account.timezone
    span = (day_of(start, zone), day_of(end, zone))
    for campaign in pixel.account.campaigns:
        for ad_set in campaign.ad_sets:
            brought = _event(ad_set, pixel)
            if brought is not None:
                counts[brought] += delivered(ad_set.ads, span, end, view.world.laws).results
    return +counts


def _event(ad_set: AdSet, pixel: Pixel) -> str | None:
    """The event that the results of an ad set are; null when they are none of this pixel's."""
    promoted = ad_set.promoted_object or {}
    if ad_set.optimization_goal not in SITE_GOALS or str(promoted.get("pixel_id")) != pixel.id:
        return None
    kind = str(promoted.get("custom_event_type", "OTHER"))
    if kind == "OTHER":
        name = promoted.get("custom_event_str")
        return None if name is None else str(name)
    return "".join(part.capitalize() for part in _NAMES.get(kind, kind).split("_"))


_NAMES = {"INITIATED_CHECKOUT": "INITIATE_CHECKOUT", "CONTENT_VIEW": "VIEW_CONTENT"}
