"""An Airflow of the tests' own: SQLite in a temporary folder, our dags and plugins.

Airflow reads its environment while it is imported, so this is imported before any of it, and the
folders of tests that need an Airflow share it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from stack.paths import PYTHON_PATH

if TYPE_CHECKING:
    import pytest

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
    "PYTHONPATH": PYTHON_PATH,
}


@cache
def with_dags(shared: Path) -> Path:
    """Airflow's own tables with our DAGs in them as the dag-processor would store them, switched on.

    They are made once for all processes of a test run, half a minute, and copied.

    Args:
        shared: a folder that all of them have.

    Returns:
        Airflow's home.
    """
    made = shared / "airflow.db"
    with (shared / "airflow.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not made.exists():
            _make(shared / "airflow.db.part")
            (shared / "airflow.db.part").rename(made)
    shutil.copyfile(made, Path(_home.name, "airflow.db"))
    return Path(_home.name)


def _make(database: Path) -> None:
    database.unlink(missing_ok=True)  # of a process that was killed over it
    environment = os.environ | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{database}"}
    for words in (("db", "migrate"), ("dags", "reserialize"), ("dags", "unpause", "ads_orchestrator")):
        subprocess.run(
            [sys.executable, "-m", "airflow", *words], check=True, capture_output=True, env=environment
        )


def folder_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of one test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
