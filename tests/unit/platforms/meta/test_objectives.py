"""What a goal is at Meta, and what of the user's it promotes."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.domain.goals import REGISTRY
from orchestrator.errors import ConfigError
from orchestrator.platforms.meta.objectives import GOALS, promoted_object
from tests.unit.platforms.meta.assets import assets


def test_every_goal_of_ours_is_known_here() -> None:
    assert set(GOALS) == set(REGISTRY)


@pytest.mark.parametrize(
    ("goal", "promoted"),
    [
        (
            "streams",
            {"pixel_id": "9", "custom_event_type": "OTHER", "custom_event_str": "SmartLinkClicked"},
        ),
        ("presave", {"custom_conversion_id": "77"}),
        ("virality", None),
        ("followers", {"page_id": "10"}),
        ("build_audience", {"page_id": "10"}),
        ("fan_segmentation", None),
    ],
)
def test_each_goal_promotes_its_own_thing(goal: str, promoted: dict[str, str] | None):
    assert promoted_object(goal, assets()) == promoted


@pytest.mark.parametrize(
    ("goal", "change", "missing"),
    [
        ("streams", {"pixel_id": None}, "pixel"),
        ("streams", {"conversions": {}}, "custom event"),
        ("presave", {"conversions": {"presave": {}}}, "custom conversion"),
        ("followers", {"page_id": None}, "Page"),
        ("build_audience", {"page_id": ""}, "Page"),
    ],
)
def test_a_missing_asset_is_named(goal: str, change: dict[str, Any], missing: str):
    with pytest.raises(ConfigError, match=f"goal '{goal}' needs a {missing}"):
        promoted_object(goal, assets(**change))
