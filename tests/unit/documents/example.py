"""The worked example of the plan file, and its neighbours: one value changed, one key gone."""

from __future__ import annotations

import copy
from typing import Any

EXAMPLE: dict[str, Any] = {
    "now": "2026-11-23T12:00:00Z",
    "user_id": "6f9c2a1e-0000-4000-8000-000000000001",
    "account": {
        "id": "act_1",
        "currency": "USD",
        "units_per_usd": "1",
        "timezone": "America/Los_Angeles",
        "insights_read_at": "2026-11-23T11:59:00Z",
    },
    "settings": {
        "auto_scale_winners": True,
        "auto_pause_losers": True,
        "global_daily_budget_minor": 1000,
        "max_daily_budget_minor": None,
    },
    "goals": [
        {
            "goal_key": "streams",
            "is_active": True,
            "priority": 5,
            "budget_hint_minor": None,
            "learning_share_bp": None,
            "minimum_daily_budget_minor": 100,
        }
    ],
    "templates": [{"goal_key": "streams", "audiences": ["broad", "lookalike"]}],
    "creatives": [
        {"id": "c1", "goal_key": "streams", "status": "approved", "created_at": "2026-11-01T00:00:00Z"}
    ],
    "campaigns": [
        {
            "id": "1",
            "goal_key": "streams",
            "role": "testing",
            "status": "ACTIVE",
            "paused_by": None,
            "paused_reason": None,
            "daily_budget_minor": None,
            "created_at": "2026-11-10T00:00:00Z",
            "removed_at": None,
        }
    ],
    "ad_sets": [
        {
            "id": "11",
            "campaign_id": "1",
            "status": "ACTIVE",
            "paused_by": None,
            "paused_reason": None,
            "daily_budget_minor": 250,
            "created_at": "2026-11-10T00:00:00Z",
            "active_since": "2026-11-10T00:00:00Z",
            "audience": "broad",
            "creative_id": "c1",
            "source_adset_id": None,
            "lifetime": {"spend_minor": 1200, "impressions": 2500, "events": 4},
            "days": [{"date": "2026-11-22", "spend_minor": 130, "impressions": 300, "events": 1}],
        }
    ],
    "history": [
        {
            "action_type": "promote_winner",
            "goal_key": "streams",
            "adset_id": "11",
            "creative_id": "c1",
            "reason": "winner",
            "status": "success",
            "at": "2026-11-21T00:00:00Z",
        }
    ],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The example with one value set, by a path like ``goals.0.priority``."""
    example, node, last = place(path)
    node[last] = value
    return example


def without(path: str) -> dict[str, Any]:
    example, node, last = place(path)
    del node[last]
    return example


def place(path: str) -> tuple[dict[str, Any], Any, Any]:
    example = copy.deepcopy(EXAMPLE)
    place: Any = example
    *steps, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for step in steps:
        place = place[step]
    return example, place, last


def json_path(path: str) -> str:
    return "$" + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path.split("."))


def every_path(node: Any, path: str = "") -> list[str]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = []
    for key, value in pairs:
        here = f"{path}.{key}".lstrip(".")
        found += [here, *every_path(value, here)]
    return found


PATHS = every_path(EXAMPLE)
KEYS = [path for path in PATHS if not path.split(".")[-1].isdigit()]
