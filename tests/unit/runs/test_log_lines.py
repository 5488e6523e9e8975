"""What a line of the task log carries besides its words."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from structlog.contextvars import get_contextvars

from orchestrator.runs import log_lines
from orchestrator.runs.log_lines import LogLine

USER = UUID("6f9c2a1e-0000-4000-8000-000000000001")


class Keys(logging.Handler):
    """Keeps each line with the keys that stood beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append((record.getMessage(), get_contextvars()))


@pytest.fixture
def heard() -> Any:
    log, keys = logging.getLogger("orchestrator.run"), Keys()
    log.addHandler(keys)
    log.setLevel(logging.INFO)
    yield keys.heard
    log.removeHandler(keys)
    log.setLevel(logging.NOTSET)


def test_each_line_knows_its_user_and_its_own_keys_and_no_other_lines(heard: list[Any]):
    run: Any = SimpleNamespace(user_id=USER, dry_run=False)

    log_lines.write(run, [LogLine("hold     wait", goal_key="streams", reason="cooldown"), "plain"])

    of_user = {"user_id": str(USER), "dry_run": False}
    assert heard == [
        ("hold     wait", of_user | {"goal_key": "streams", "reason": "cooldown"}),
        ("plain", of_user),
    ]
    assert get_contextvars() == {}


def test_a_key_without_a_value_is_left_out():
    line = LogLine("text", goal_key="streams", adset_id=None)

    assert (line, line.keys) == ("text", {"goal_key": "streams"})
