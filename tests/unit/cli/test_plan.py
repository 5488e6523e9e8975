from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.documents.example import EXAMPLE

ROOT = Path(__file__).parents[3]


def plan(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestrator", "plan", *map(str, arguments)],
        cwd=ROOT / "include",
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(EXAMPLE))
    return path


def test_a_plan_is_printed_as_json(snapshot: Path) -> None:
    first, again = plan(snapshot), plan(snapshot)

    assert (first.returncode, first.stderr) == (0, "")
    assert [action["after_minor"] for action in json.loads(first.stdout)["actions"]] == [500, 500]
    assert first.stdout == again.stdout


def test_a_policy_file_changes_it(snapshot: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("max_learning_adsets: 1\n")

    printed = json.loads(plan(snapshot, "--policy", policy).stdout)

    assert [action["after_minor"] for action in printed["actions"]] == [1000]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("{", "$: is not JSON: ", id="not JSON"),
        pytest.param("", "$: is not JSON: ", id="empty"),
        pytest.param('{"now": NaN}', "$: is not JSON: NaN is no number", id="NaN"),
        pytest.param("[" * 100_000, "$: is not JSON: ", id="too deep"),
        pytest.param('{"now": ' + "1" * 5000 + "}", "$: is not JSON: ", id="too long a number"),
        pytest.param("[]", "$: ", id="no object"),
        pytest.param(json.dumps({**EXAMPLE, "a\nb": 1}), "$.a\\nb: unknown key", id="a key of two lines"),
        pytest.param(
            json.dumps({**EXAMPLE, "goals": [{**EXAMPLE["goals"][0], "priority": 9}]}),
            "$.goals[0].priority: ",
            id="a wrong value",
        ),
        pytest.param(
            json.dumps({key: EXAMPLE[key] for key in EXAMPLE if key != "history"}),
            "$.history: missing",
            id="a missing key",
        ),
        pytest.param(json.dumps({**EXAMPLE, "x\ud800": 1}), "$: ", id="half a character"),
    ],
)
def test_an_invalid_snapshot_is_one_line_and_exit_2(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "snapshot.json"
    path.write_text(text)

    done = plan(path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_an_invalid_policy_is_one_line_and_exit_2(snapshot: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("max_growth: 0\n")

    done = plan(snapshot, "--policy", policy)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("$policy.max_growth: ")
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_missing_is_named(snapshot: Path, tmp_path: Path) -> None:
    missing, folder = plan(tmp_path / "none.json"), plan(tmp_path)
    no_policy = plan(snapshot, "--policy", tmp_path / "none.yaml")

    for done, name in ((missing, "none.json"), (folder, tmp_path.name), (no_policy, "none.yaml")):
        assert (done.returncode, done.stdout) == (2, "")
        assert name in done.stderr
        assert done.stderr.count("\n") == 1
