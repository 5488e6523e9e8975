from __future__ import annotations

from pathlib import Path

import pytest

from stack.errors import StackError
from stack.stack import Choices


def test_a_person_chooses_by_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AIRFLOW_PORT", "18080")
    monkeypatch.delenv("SIMULATOR_PORT", raising=False)
    monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL", "postgresql://db.example/ads")
    monkeypatch.setenv("ORCHESTRATOR_META_BASE_URL", "")

    choices = Choices.from_environment(tmp_path)

    assert (choices.airflow_port, choices.simulator_port) == (18080, None)
    assert (choices.database_url, choices.meta_base_url) == ("postgresql://db.example/ads", None)


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    monkeypatch.setenv("SIMULATOR_PORT", text)

    with pytest.raises(StackError) as told:
        Choices.from_environment(tmp_path)

    assert str(told.value) == f"SIMULATOR_PORT is {text}: give a port from 1 to 65535, or leave it unset"


def test_a_database_that_libpq_cannot_read_is_one_line_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL", "postgresql://ads:x@hush@db/ads")

    with pytest.raises(StackError, match=r"^ORCHESTRATOR_DATABASE_URL must be a postgresql:// ") as told:
        Choices.from_environment(tmp_path)

    assert "hush" not in str(told.value)
