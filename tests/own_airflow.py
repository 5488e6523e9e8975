"""An Airflow of the tests' own: SQLite in a temporary folder, our dags and plugins.

Airflow reads its environment while it is imported, so this is imported before any of it, and the
folders of tests that need an Airflow share it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

_home = tempfile.TemporaryDirectory(prefix="airflow-", ignore_cleanup_errors=True)
os.environ |= {
    "AIRFLOW_HOME": _home.name,
    "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
    "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_home.name}/airflow.db",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    "PYTHONPATH": str(ROOT / "include"),
}


@cache
def with_tables() -> Path:
    """Make Airflow's own tables, once; where its home is."""
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True)
    return Path(_home.name)


@cache
def with_dags() -> None:
    """Store our DAGs as the dag-processor would, switched on, once."""
    with_tables()
    for words in (("dags", "reserialize"), ("dags", "unpause", "ads_orchestrator")):
        subprocess.run([sys.executable, "-m", "airflow", *words], check=True, capture_output=True)
