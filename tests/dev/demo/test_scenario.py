"""The story on an export, over a real Postgres and the simulator; Airflow's part is tested end to end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from stack.paths import PYTHON_PATH

ROOT = Path(__file__).parents[3]
SMALL = ROOT / "tests" / "dev" / "demo" / "data" / "small.csv"


def demo(state_dir: Path, data: Path) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ORCHESTRATOR_")}
    settings = {
        "STATE_DIR": str(state_dir),
        "DEMO_ONCE": "1",
        "PYTHONUTF8": "1",
        "PYTHONPATH": PYTHON_PATH,
    }
    return subprocess.run(
        [sys.executable, "-m", "demo", "--no-airflow", "--data", str(data)],
        env=inherited | settings,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_an_export_is_loaded_and_the_same_job_runs_on_it(tmp_path: Path):
    made = demo(tmp_path, SMALL)

    assert (made.returncode, made.stderr) == (0, "")
    for line in (
        "read       9 rows: 8 ads of a report; 4 rows refused",
        "in time    2026-11-09 to 2026-11-22, as the 14 days up to yesterday, spread evenly",
        "note       no dates in the file: taken for 2026-11-09 to 2026-11-22",
        "line 6 refused: spend 'x' is no number from 0 up",
        "You streams: Fans 18-24 wins (beats_median): 105 events for $279.99",
        "✓ the dry run wrote nothing",
        "✓ the live run did what the dry run planned",
    ):
        assert line in made.stdout


def test_a_wrong_header_is_one_line_and_nothing_is_started(tmp_path: Path):
    (tmp_path / "ads.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    made = demo(tmp_path / "state", tmp_path / "ads.csv")

    assert made.returncode == 1
    assert made.stdout == ""
    assert made.stderr.count("\n") == 1
    assert made.stderr.startswith("ads.csv has no column for ad set ('ad set name')")
    assert not (tmp_path / "state").exists()
