"""``python -m orchestrator tidy`` as an operator types it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

INCLUDE = Path(__file__).parents[3] / "include"


def tidy(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestrator", "tidy", *arguments],
        env=os.environ
        | {
            "PYTHONPATH": str(INCLUDE),
            "ORCHESTRATOR_DATABASE_URL": database_url,
            "ORCHESTRATOR_SECRET_KEYS": Fernet.generate_key().decode(),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_says_what_it_removed_kind_by_kind(database_url: str):
    done = tidy(database_url, "--days", "actions=30", "--days", "runs=31")

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split()[:3] for line in done.stdout.splitlines()]
    assert lines == [
        ["snapshots", "0", "removed,"],
        ["decisions", "0", "removed,"],
        ["actions", "0", "removed,"],
        ["runs", "0", "removed,"],
        ["sweeps", "0", "removed,"],
        ["insights", "0", "removed,"],
    ]


def test_a_dry_run_says_would(database_url: str):
    assert "0 would be removed, older than" in tidy(database_url, "--dry-run").stdout


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param("everything=1", "--days everything=1: KIND=N, where KIND is one of", id="no such kind"),
        pytest.param(
            "actions", "ORCHESTRATOR_KEEP_ACTIONS_DAYS: Input should be a valid integer", id="no number"
        ),
        pytest.param(
            "actions=29",
            "ORCHESTRATOR_KEEP_ACTIONS_DAYS: Input should be greater than or equal to 30",
            id="too few for what reads them",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(database_url: str, days: str, said: str):
    refused = tidy(database_url, "--days", days)

    assert refused.returncode == 2
    assert refused.stderr.startswith(said)
    assert refused.stderr.count("\n") == 1
