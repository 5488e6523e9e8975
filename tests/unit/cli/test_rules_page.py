from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestrator.cli import app, rules_page
from orchestrator.domain import policy

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_page.page(policy.load())


def test_every_threshold_and_every_goal_is_on_the_page() -> None:
    page = rules_page.page(policy.overridden({"max_growth": 77}))

    assert all(f"| `{name}` |" in page for name in policy.Policy.model_fields)
    assert "| `max_growth` | 77 | times | 1 to 1000000 | " in page
    assert "| `presave` | `presavecomplete` | 1 | 5 |" in page


@pytest.mark.parametrize(
    ("text", "exit_code"),
    [
        pytest.param(rules_page.page(policy.load()), 0, id="up to date"),
        pytest.param("# The rules\n", 1, id="out of date"),
        pytest.param(None, 1, id="not there"),
    ],
)
def test_a_check_writes_nothing(tmp_path: Path, text: str | None, exit_code: int) -> None:
    path = tmp_path / "rules.md"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    done = CliRunner().invoke(app, ["rules", str(path), "--check"])

    assert done.exit_code == exit_code
    assert (path.read_text(encoding="utf-8") if path.exists() else None) == text


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    path = tmp_path / "rules.md"

    assert CliRunner().invoke(app, ["rules", str(path)]).exit_code == 0
    assert path.read_text(encoding="utf-8") == rules_page.page(policy.load())
