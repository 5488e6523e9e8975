"""What tasks and previews need is imported where tasks are forked from, and where people ask."""

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
watched = {"pandas", "facebook_business", "orchestrator.runs.lifecycle", "orchestrator.runs.preview"}
print(json.dumps(sorted(watched & set(sys.modules))))
"""


@pytest.mark.parametrize(
    ("process", "loaded"),
    [
        ("scheduler", ["facebook_business", "orchestrator.runs.lifecycle", "pandas"]),
        ("api-server", ["facebook_business", "orchestrator.runs.preview", "pandas"]),
        ("dag-processor", []),
    ],
)
def test_each_process_has_imported_what_is_asked_of_it(process: str, loaded: list[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED, process], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout.splitlines()[-1]) == loaded
