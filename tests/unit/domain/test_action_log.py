"""The life of an action: what may follow what."""

from __future__ import annotations

import pytest

from orchestrator.domain.action_log import FINAL, OPEN, TRANSITIONS, ActionStatus, sources_of


@pytest.mark.parametrize(
    ("status", "after"),
    [
        ("planned", "held intended success"),
        ("intended", "failed held intended success unknown"),
        ("unknown", "failed held intended success"),
        ("held", ""),
        ("success", ""),
        ("failed", ""),
    ],
)
def test_what_may_follow(status: ActionStatus, after: str) -> None:
    assert " ".join(sorted(TRANSITIONS[status])) == after


def test_what_nothing_follows_is_final() -> None:
    assert {"held", "success", "failed"} == FINAL


def test_what_may_have_been_sent_is_open() -> None:
    assert {"intended", "unknown"} == OPEN


@pytest.mark.parametrize(
    ("status", "sources"),
    [
        ("planned", []),
        ("intended", ["planned", "intended", "unknown"]),
        ("success", ["planned", "intended", "unknown"]),
        ("held", ["planned", "intended", "unknown"]),
        ("failed", ["intended", "unknown"]),
        ("unknown", ["intended"]),
    ],
)
def test_from_where_a_status_is_reached(status: ActionStatus, sources: list[str]) -> None:
    assert sources_of(status) == sources
