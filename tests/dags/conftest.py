"""What the tests of Airflow's side work with: an Airflow of their own and our DAG in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import own_airflow
from tests.own_airflow import ROOT

if TYPE_CHECKING:
    from airflow.sdk import DAG


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Airflow warn about what is Airflow's; the rest of the tests turn warnings into errors."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.fixture(scope="session")
def airflow_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Airflow's own tables with our DAGs in them, switched on; Airflow's home."""
    return own_airflow.with_dags(own_airflow.folder_of_all(tmp_path_factory))


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
