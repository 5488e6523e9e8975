from __future__ import annotations

import pytest

from orchestrator.domain import policy
from orchestrator.domain.goals import REGISTRY


@pytest.mark.parametrize(
    ("key", "signal", "events", "best"),
    [
        ("streams", "smartlinkclicked", 3, 10),
        ("presave", "presavecomplete", 1, 5),
        ("virality", "thruplay", 3, 10),
        ("followers", "profile_view", 3, 10),
        ("build_audience", "lead", 3, 10),
        ("fan_segmentation", "onclicklink", 3, 10),
    ],
)
def test_goals(key: str, signal: str, events: int, best: int) -> None:
    spec = REGISTRY[key]

    assert (spec.goal_key, spec.core_signal) == (key, signal)
    assert (policy.load().min_events[key], policy.load().best_min_events[key]) == (events, best)


def test_six_goals_are_registered() -> None:
    assert len(REGISTRY) == len({spec.title for spec in REGISTRY.values()}) == 6
