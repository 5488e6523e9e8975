"""The example for the data team waits for what our runs really say."""

from __future__ import annotations

from pathlib import Path

import pytest
from airflow.sdk import DAG

from ads_orchestrator_airflow.assets import RUNS

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture
def consumer() -> DAG:
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415 - not before the environment is set

    bag = DagBag(EXAMPLES, safe_mode=False)
    assert bag.import_errors == {}
    return bag.dags["ads_log_consumer"]


def test_it_starts_when_a_runs_log_is_complete(consumer: DAG, dag: DAG):
    (told,) = dag.get_task("close_run").outlets

    assert [(each.name, each.uri) for each in consumer.schedule] == [(told.name, told.uri)]
    assert (told.name, told.uri) == (RUNS.name, RUNS.uri)
    assert type(consumer.timetable).__name__ == "AssetTriggeredTimetable"
