"""An Airflow of the tests' own: SQLite in a temporary folder, our dags and plugins.

Airflow reads its environment while it is imported, so it is set here, before any test imports it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from airflow.sdk import DAG

ROOT = Path(__file__).parents[2]

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Airflow warn about what is Airflow's; the rest of the tests turn warnings into errors."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.fixture(scope="session")
def airflow_database() -> Iterator[Path]:
    """Airflow's own tables, made once a session; yields Airflow's home."""
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True)
    yield Path(_home.name)
    _home.cleanup()


@pytest.fixture
def dags() -> dict[str, DAG]:
    """The DAGs as their files make them. For one run: a run in this process leaves its conf in the params."""
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415 - not before the environment is set

    bag = DagBag(ROOT / "dags", safe_mode=False)
    assert bag.import_errors == {}
    return bag.dags


@pytest.fixture
def dag(dags: dict[str, DAG]) -> DAG:
    """The DAG of the runs."""
    return dags["ads_orchestrator"]
