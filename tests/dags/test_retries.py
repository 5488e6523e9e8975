"""Which failures of a task are tried again, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ads_orchestrator_airflow.retries import RetryByErrorClass
from orchestrator import errors


@pytest.mark.parametrize(
    ("error", "action", "delay_s"),
    [
        pytest.param(errors.Transient("502"), "retry", 60, id="a read that broke"),
        pytest.param(
            errors.Unknown("no answer"), "retry", 60, id="a write without an answer: it is read back"
        ),
        pytest.param(errors.Throttled("17", wait_s=90), "retry", 90, id="a wait as long as Meta asks"),
        pytest.param(errors.Throttled("17", wait_s=900), "retry", 900, id="the longest wait"),
        pytest.param(errors.Throttled("17", wait_s=901), "fail", None, id="a longer one is for the next run"),
        pytest.param(errors.ConfigError("no rate"), "fail", None, id="configuration"),
        pytest.param(errors.InvalidDocument("$", "no"), "fail", None, id="a wrong document"),
        pytest.param(errors.VersionExpired("v1"), "fail", None, id="a version that expired"),
        pytest.param(errors.AuthExpired("190"), "fail", None, id="a dead token"),
        pytest.param(errors.Rejected("100"), "fail", None, id="a refusal"),
        pytest.param(ConnectionError("gone"), "default", None, id="anything else: the task's own retries"),
    ],
)
def test_follows_the_error_tree(error: Exception, action: str, delay_s: int | None):
    decision = RetryByErrorClass().evaluate(error, try_number=1, max_tries=3)

    assert decision.action.value == action
    assert decision.retry_delay == (None if delay_s is None else timedelta(seconds=delay_s))
