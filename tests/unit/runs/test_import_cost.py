"""What a step loads before it has anything to do: each of a run's tasks pays for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

INCLUDE = Path(__file__).parents[3] / "include"
COSTLY = ("pandas", "numpy", "facebook_business", "requests")


def test_a_step_that_neither_reads_nor_writes_loads_no_sdk_and_no_pandas():
    say = (
        "import sys, json, orchestrator.runs.lifecycle;"
        f" print(json.dumps([m for m in {COSTLY} if m in sys.modules]))"
    )
    said = subprocess.run(
        [sys.executable, "-c", say],
        env=os.environ | {"PYTHONPATH": str(INCLUDE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(said.stdout) == []
