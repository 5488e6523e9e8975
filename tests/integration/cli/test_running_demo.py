"""The command line finds the demo of its checkout, and nothing else that is lying about."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from stack.settings_file import settings_file

MODULE = (sys.executable, "-m", "orchestrator")
COMMAND = (str(Path(sys.executable).with_name("ads-orchestrator")),)
NOT_SET = "ORCHESTRATOR_DATABASE_URL is not set; give postgresql://user:password@host/ads\n"


def variables(database_url: str) -> dict[str, str]:
    return {
        "ORCHESTRATOR_DATABASE_URL": database_url,
        "ORCHESTRATOR_META_BASE_URL": "http://127.0.0.1:1",
    }


def migrate(
    state_dir: Path, program: Sequence[str] = MODULE, **variables: str
) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ORCHESTRATOR_")}
    return subprocess.run(
        [*program, "migrate"],
        env=bare | {"STATE_DIR": str(state_dir)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("program", [pytest.param(MODULE, id="module"), pytest.param(COMMAND, id="command")])
def test_it_works_on_a_running_demo_without_a_variable(
    program: Sequence[str], database_url: str, tmp_path: Path
):
    with settings_file(tmp_path, variables(database_url)):
        done = migrate(tmp_path, program)

    assert (done.returncode, done.stdout) == (0, "the database is up to date\n")
    assert done.stderr == f"using the demo at {tmp_path}\n"


@pytest.mark.parametrize("name", ["ORCHESTRATOR_DATABASE_URL", "ORCHESTRATOR_META_APP_ID"])
def test_one_variable_is_enough_to_leave_the_demo_alone(name: str, database_url: str, tmp_path: Path):
    with settings_file(tmp_path, variables(database_url)):
        done = migrate(tmp_path, **{name: ""})

    assert (done.returncode, done.stderr) == (2, NOT_SET)


def test_what_a_killed_demo_left_is_not_read(database_url: str, tmp_path: Path):
    with settings_file(tmp_path, variables(database_url)) as file:
        left = file.read_text()
    file.write_text(left)

    assert (migrate(tmp_path).returncode, migrate(tmp_path).stderr) == (2, NOT_SET)
