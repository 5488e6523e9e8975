"""What a task needs is imported where tasks are forked from."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOADED = """
import json, sys
sys.argv = ["airflow", sys.argv[1]]
import airflow.settings
airflow.settings.import_local_settings()
print(json.dumps(sorted({"pandas", "facebook_business", "orchestrator.steps"} & set(sys.modules))))
"""


@pytest.mark.parametrize(
    ("process", "loaded"),
    [
        ("scheduler", ["facebook_business", "orchestrator.steps", "pandas"]),
        ("dag-processor", []),
    ],
)
def test_processes_that_fork_tasks_have_imported_what_tasks_need(process: str, loaded: list[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED, process], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout.splitlines()[-1]) == loaded
