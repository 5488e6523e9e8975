from __future__ import annotations

import pytest

from orchestrator.documents.codec import read_snapshot
from orchestrator.documents.fingerprint import snapshot_hash
from tests.unit.documents.example import EXAMPLE, PATHS, changed, place

FINGERPRINT = snapshot_hash(read_snapshot(EXAMPLE))
OTHERS = {
    "account.currency": "EUR",
    "account.units_per_usd": None,
    "account.timezone": "UTC",
    "settings.auto_scale_winners": False,
    "settings.auto_pause_losers": False,
    "settings.max_daily_budget_minor": 1,
    "goals.0.is_active": False,
    "goals.0.budget_hint_minor": 1,
    "goals.0.learning_share_bp": 1,
    "campaigns.0.role": "scaling",
    "campaigns.0.status": "PAUSED",
    "campaigns.0.paused_by": "user",
    "campaigns.0.daily_budget_minor": 1,
    "campaigns.0.removed_at": "2026-11-20T00:00:00Z",
    "ad_sets.0.status": "PAUSED",
    "ad_sets.0.paused_by": "user",
    "ad_sets.0.days.0.date": "2026-11-21",
    "ad_sets.0.lifetime": None,
    "ad_sets.0.days": None,
    "history.0.status": "failed",
    "history.0.action_type": "update_budget",
}
"""Another valid value where neither the number 3, another time nor any other text is one."""


def other(path: str) -> object:
    _, node, last = place(path)
    if isinstance(node[last], int) and not isinstance(node[last], bool):
        return 3
    is_time = isinstance(node[last], str) and node[last].endswith("Z")
    return "2026-11-20T00:00:00Z" if is_time else "else"


REFERENCES = {"goals.0.goal_key", "campaigns.0.goal_key", "campaigns.0.id", "ad_sets.0.campaign_id"}
LEAVES = [
    path for path in PATHS if path in OTHERS or not isinstance(place(path)[1][place(path)[2]], (dict, list))
]


@pytest.mark.parametrize("path", [path for path in LEAVES if path not in REFERENCES])
def test_every_value_counts(path: str) -> None:
    neighbour = changed(path, OTHERS.get(path, other(path)))

    assert snapshot_hash(read_snapshot(neighbour)) != FINGERPRINT


def test_references_count_together() -> None:
    neighbour = changed("campaigns.0.id", "2")
    neighbour["ad_sets"][0]["campaign_id"] = "2"

    assert snapshot_hash(read_snapshot(neighbour)) != FINGERPRINT


def test_equal_texts_of_another_make_are_equal() -> None:
    """Interned or not, the same text is the same text."""
    half = len(EXAMPLE["user_id"]) // 2
    twin = changed("user_id", EXAMPLE["user_id"][:half] + EXAMPLE["user_id"][half:])

    assert snapshot_hash(read_snapshot(twin)) == FINGERPRINT


def test_a_fingerprint_is_the_same_on_every_machine() -> None:
    assert FINGERPRINT == "229286d739604b91a9367df843c4c87bd00bd9d6d8f3062d3a6fe5e7fdaa57c8"
