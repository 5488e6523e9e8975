"""A wait between two tries is one line of our log, and nothing on the standard output."""

from __future__ import annotations

import logging

import pytest
import stamina

from orchestrator.errors import Transient
from orchestrator.resources import log_retries


def test_a_further_try_is_one_line_without_arguments(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    log_retries()
    answers = iter([Transient("Meta is busy"), "read"])

    def ask(token: str) -> str:
        answer = next(answers)
        if isinstance(answer, Transient):
            raise answer
        return answer

    caller = stamina.RetryingCaller(attempts=3, timeout=None, wait_initial=0, wait_max=0, wait_jitter=0)
    with caplog.at_level(logging.INFO):
        assert caller.on(Transient)(ask, "a secret") == "read"

    assert caplog.messages == ["Transient: tried again in 0.0 s (try 2)"]
    assert capsys.readouterr() == ("", "")
