"""What an earlier step's answer means for the rises of the next one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrator.errors import AccountClosed, OrchestratorError, VersionExpired
from orchestrator.runs import lifecycle
from tests.unit.execution.test_executor import a_row


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        pytest.param([], None, id="nothing was done"),
        pytest.param([None], None, id="a success"),
        pytest.param([None, "Rejected"], None, id="a refusal"),
        pytest.param(["Throttled"], None, id="a limit that may be over"),
        pytest.param([None, "AccountClosed"], AccountClosed, id="a closed account"),
        pytest.param(["Rejected", "VersionExpired"], VersionExpired, id="a lost capability"),
        pytest.param(["VersionExpired", "AccountClosed"], VersionExpired, id="the first counts"),
    ],
)
def test_what_ends_every_rise_the_same_stops_those_of_the_later_steps(
    errors: list[str | None], expected: type[OrchestratorError] | None
) -> None:
    rows = [
        replace(a_row("create_campaign"), details={} if name is None else {"error": name}, message="no")
        for name in errors
    ]

    stopped = lifecycle._refused_before(rows)

    assert (None if stopped is None else type(stopped)) is expected
    assert stopped is None or str(stopped) == "no"
