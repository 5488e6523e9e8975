"""Which campaigns of a run still wait for their activation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from orchestrator.execution.new_campaigns import awaits_activation
from tests.unit.execution.test_executor import a_row


@pytest.mark.parametrize(
    ("action_type", "after_minor", "status", "details", "expected"),
    [
        pytest.param("create_campaign", None, "success", {}, True, id="never begun"),
        pytest.param("create_campaign", None, "success", {"activating": ["9"]}, True, id="begun"),
        pytest.param("create_campaign", None, "success", {"activation": "no_room"}, True, id="held"),
        pytest.param("create_campaign", None, "success", {"activation": "active"}, False, id="active"),
        pytest.param("create_campaign", 500, "success", {}, False, id="a scaling campaign"),
        pytest.param("create_campaign", None, "unknown", {}, False, id="not known to be there"),
        pytest.param("create_adset", None, "success", {}, False, id="an ad set"),
    ],
)
def test_a_learning_campaign_waits_until_it_is_known_to_be_active(
    action_type: str,
    after_minor: int | None,
    status: Any,
    details: dict[str, Any],
    expected: bool,  # noqa: FBT001 - a row
) -> None:
    row = a_row(action_type)
    action = structs.replace(row.action, after_minor=after_minor)

    assert awaits_activation(replace(row, action=action, status=status, details=details)) is expected
