from __future__ import annotations

import pytest

from orchestrator.domain import policy
from orchestrator.domain.goals import REGISTRY


@pytest.mark.parametrize(
    ("key", "signal", "events", "best", "objective", "optimization", "destination"),
    [
        ("streams", "smartlinkclicked", 3, 10, "OUTCOME_SALES", "OFFSITE_CONVERSIONS", "WEBSITE"),
        ("presave", "presavecomplete", 1, 5, "OUTCOME_SALES", "OFFSITE_CONVERSIONS", "WEBSITE"),
        ("virality", "thruplay", 3, 10, "OUTCOME_ENGAGEMENT", "THRUPLAY", "ON_VIDEO"),
        (
            "followers",
            "profile_view",
            3,
            10,
            "OUTCOME_TRAFFIC",
            "VISIT_INSTAGRAM_PROFILE",
            "INSTAGRAM_PROFILE",
        ),
        ("build_audience", "lead", 3, 10, "OUTCOME_LEADS", "LEAD_GENERATION", "ON_AD"),
        ("fan_segmentation", "onclicklink", 3, 10, "OUTCOME_TRAFFIC", "LINK_CLICKS", "WEBSITE"),
    ],
)
def test_goals(
    key: str, signal: str, events: int, best: int, objective: str, optimization: str, destination: str
) -> None:
    spec = REGISTRY[key]

    assert (spec.goal_key, spec.core_signal, spec.objective) == (key, signal, objective)
    assert (spec.optimization_goal, spec.destination_type) == (optimization, destination)
    assert spec.billing_event == "IMPRESSIONS"
    assert (policy.load().min_events[key], policy.load().best_min_events[key]) == (events, best)


def test_six_goals_are_registered() -> None:
    assert len(REGISTRY) == len({spec.title for spec in REGISTRY.values()}) == 6
