"""Why a run failed or was refused, as the user reads it."""

from __future__ import annotations

import pytest

from ads_orchestrator_airflow.api.user_messages import run_reason

OTHERWISE = "The run did not get to its end. The next run goes on from what is recorded."
UNSURE = "It is not sure yet what Meta did. The next run finds out and goes on."


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        pytest.param(None, None, id="a run without an error"),
        pytest.param("run_in_progress", "Another run was going on for this account.", id="a refusal"),
        pytest.param("no_room", OTHERWISE, id="a reason that refuses no user"),
        pytest.param("UnresolvedOutcome: create ad set", UNSURE, id="an open outcome"),
        pytest.param("Unsettled: create ad set", UNSURE, id="an open outcome of an older run"),
        pytest.param(
            "Stopped: by Olga", "Runs are stopped by the support team.", id="a stop: the class, not its words"
        ),
        pytest.param(
            "ProofRefused: read account",
            "Something is wrong on our side; your connection is fine. The support team acts.",
            id="a wrong app secret: nothing to connect again",
        ),
        pytest.param("KeyError: 'bug'", OTHERWISE, id="a bug"),
    ],
)
def test_a_stored_error_in_words(stored: str | None, text: str | None):
    assert run_reason(stored) == text
