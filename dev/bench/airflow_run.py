"""One DAG run through the real scheduler.

Its end is polled in Airflow's database: polling the api-server would slow it down.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.environment import say
from stack.errors import StackError
from stack.stack import Stack

DAG_S = 180.0
RUN_S = 4 * 3600.0
LOOK_S = 0.5
SAY_S = 5.0
ENDED = ("success", "failed", "upstream_failed", "skipped", "removed")

STATE = "select state from dag_run where dag_id = %(dag_id)s and run_id = %(run_id)s"
TASKS = (
    "select coalesce(state, 'none'), count(*) from task_instance"
    " where dag_id = %(dag_id)s and run_id = %(run_id)s group by 1"
)
WALL = (
    "select extract(epoch from end_date - queued_at) from dag_run"
    " where dag_id = %(dag_id)s and run_id = %(run_id)s"
)


@dataclass(frozen=True, slots=True)
class DagRunResult:
    """A run that succeeded. ``wall_s``: from its trigger to its end, by Airflow's own clock."""

    run_id: str
    wall_s: float
    task_instances: int


def ready(services: Stack, *dag_ids: str) -> None:
    """Wait until Airflow has parsed the DAGs, and unpause them.

    Raises:
        StackError: It does not, with the DAG file's error if there is one.
    """
    deadline = time.monotonic() + DAG_S
    for dag_id in dag_ids:
        while not services.airflow.has_dag(dag_id):
            services.check()
            problems = services.airflow.import_errors()
            if problems or time.monotonic() > deadline:
                raise StackError(f"Airflow has no DAG {dag_id}: {problems[0] if problems else 'too slow'}")
            time.sleep(LOOK_S)
        services.airflow.unpause(dag_id)


def run(
    services: Stack, dag_id: str, conf: Mapping[str, Any], progress: Callable[[str], str] = lambda _: ""
) -> DagRunResult:
    """Trigger the DAG and wait for its end. ``progress`` adds to the line that is said, by run id.

    Raises:
        StackError: The run failed, or took more than four hours.
    """
    run_id = services.airflow.trigger(dag_id, conf)
    key = {"dag_id": dag_id, "run_id": run_id}
    started = said = time.monotonic()
    with psycopg.connect(services.airflow_database_url, autocommit=True) as airflow:
        while (state := _one(airflow, STATE, key)) not in ("success", "failed"):
            services.check()
            now = time.monotonic()
            if now - said >= SAY_S:
                said = now
                say(f"{dag_id} {now - started:4.0f} s: {_tasks_text(airflow, key)}{progress(run_id)}")
            if now - started > RUN_S:
                raise StackError(f"{run_id} did not end in {RUN_S:.0f} s")
            time.sleep(LOOK_S)
        tasks: Counter[str] = Counter(dict(airflow.execute(TASKS, key).fetchall()))
        if state != "success":
            raise StackError(f"{dag_id} {run_id} failed: {dict(tasks)}")
        return DagRunResult(run_id, float(_one(airflow, WALL, key)), tasks.total())


def _one(connection: psycopg.Connection[Any], text: str, bound: Mapping[str, Any]) -> Any:
    row = connection.execute(text, bound).fetchone()
    return row[0] if row else None


def _tasks_text(airflow: psycopg.Connection[Any], key: Mapping[str, Any]) -> str:
    tasks: dict[str, int] = dict(airflow.execute(TASKS, key).fetchall())
    done = sum(tasks.get(state, 0) for state in ENDED)
    return f"{done} of {sum(tasks.values())} tasks done"
