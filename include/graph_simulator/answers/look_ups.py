"""The edges that list no nodes but look something up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_simulator.answers.interests import targeting_validation
from graph_simulator.answers.pixel_stats import pixel_stats
from graph_simulator.answers.view import View

LOOK_UPS: dict[tuple[str, str], Callable[[Any, dict[str, Any], View], dict[str, Any]]] = {
    ("AdsPixel", "stats"): pixel_stats,
    ("AdAccount", "targetingvalidation"): targeting_validation,
}
