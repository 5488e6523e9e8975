"""One run of the job: through Airflow's scheduler, or the same steps in this process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from orchestrator import settings
from orchestrator.domain.records import RunRequest
from orchestrator.domain.steps import TASKS
from orchestrator.resources import build_resources
from orchestrator.runs import lifecycle, run_report
from orchestrator.settings import PREFIX, Settings
from stack.airflow_client import FINAL_STATES, AirflowClient
from stack.errors import StackError
from stack.stack import Stack
from stack.supervisor import Say

DAG = "ads_orchestrator"
RUN_S = 600.0
DAG_S = 120.0
PROGRESS_S = 3.0
USERS_PER_BATCH = 9
"""Two tasks at once use two cores, and a person waits for the end. A deployment's default gives each
user tasks of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """A run to make: its users, its instant, and whether it may write."""

    user_ids: Sequence[UUID]
    now: datetime
    dry_run: bool


class Runner(Protocol):
    """Whatever can make one run."""

    def run(self, spec: RunSpec) -> str:
        """Make it and wait for its end; its run key.

        Raises:
            StackError: it failed; says where to look.
        """
        ...


def settings_of(services: Stack) -> Settings:
    """The settings that every part of the demo was given."""
    return settings.of_variables(variables_of(services))


def variables_of(services: Stack) -> dict[str, str]:
    """The variables by which every part of the demo was configured."""
    return {name: value for name, value in services.environment.items() if name.startswith(PREFIX)}


class InProcess:
    """The steps one after the other, without a scheduler: for trying things out, and for tests."""

    def __init__(self, services: Stack) -> None:
        self._settings = settings_of(services)
        logging.getLogger("orchestrator").addHandler(logging.NullHandler())  # the log is read from Postgres

    def run(self, spec: RunSpec) -> str:
        """See Runner."""
        key = f"demo-{uuid4()}"
        built = build_resources(self._settings)
        with built.store:
            for batch in lifecycle.open_run(built, _request(key, spec)):
                for step in TASKS:
                    lifecycle.run_step(built, key, int(str(batch["batch"])), step, last_try=True)
            report = run_report.finish(built, key)
        if report.unsuccessful:
            raise StackError(f"The run failed: {report.text}")
        return key


def _request(key: str, spec: RunSpec) -> RunRequest:
    return RunRequest(
        run_key=key,
        trigger="dryrun" if spec.dry_run else "user",
        now=spec.now,
        dry_run=spec.dry_run,
        user_ids=tuple(spec.user_ids),
        users_per_batch=len(spec.user_ids),
    )


class InAirflow:
    """The DAG, through the real scheduler."""

    def __init__(self, services: Stack, say: Say) -> None:
        self._services = services
        self._say = say
        self._airflow = services.airflow
        self._wait_for_dag()
        self._end_old_runs()
        self._airflow.unpause(DAG)

    def run(self, spec: RunSpec) -> str:
        """See Runner."""
        conf = {
            "dry_run": spec.dry_run,
            "now": spec.now.isoformat(),
            "user_ids": [str(user_id) for user_id in spec.user_ids],
            "users_per_batch": USERS_PER_BATCH,
        }
        run_id = self._airflow.trigger(DAG, conf)
        try:
            run = self._airflow.wait(DAG, run_id, RUN_S, meanwhile=self._progress(run_id))
        except TimeoutError as late:
            raise StackError(str(late)) from None
        if run["state"] != "success":
            raise StackError(f"The run {run_id} failed: {_why(self._airflow, run_id)}")
        return run_id

    def _wait_for_dag(self) -> None:
        deadline = time.monotonic() + DAG_S
        while not self._airflow.has_dag(DAG):
            self._services.check()
            problems = self._airflow.import_errors()
            if problems or time.monotonic() > deadline:
                raise StackError(
                    f"Airflow has no DAG {DAG}: {problems[0] if problems else 'it took too long'}"
                )
            time.sleep(0.2)

    def _end_old_runs(self) -> None:
        """Runs that a killed demo left would go on, and the next would wait for them."""
        runs = self._airflow.request("GET", f"/dags/{DAG}/dagRuns", limit=100, order_by="-run_after")
        for run in runs["dag_runs"]:
            if run["state"] not in FINAL_STATES:
                path = f"/dags/{DAG}/dagRuns/{run['dag_run_id']}"
                self._airflow.request("PATCH", path, json={"state": "failed"})

    def _progress(self, run_id: str) -> Callable[[], None]:
        """Says at most every three seconds how many tasks are done, when that has changed."""
        said = {"at": time.monotonic(), "done": 0.0}

        def look() -> None:
            self._services.check()
            if time.monotonic() - said["at"] < PROGRESS_S:
                return
            tasks = self._airflow.task_instances(DAG, run_id)
            done = sum(task["state"] in ("success", "failed", "upstream_failed", "skipped") for task in tasks)
            if done != said["done"]:
                self._say(f"{done} of {len(tasks)} tasks done")
            said.update(at=time.monotonic(), done=done)

        return look


def _why(airflow: AirflowClient, run_id: str) -> str:
    """The last words of the first task that failed."""
    for task in airflow.task_instances(DAG, run_id):
        if task["state"] == "failed":
            words = [line for line in airflow.log(task) if line.strip()]
            return f"{task['task_id']} [{task['map_index']}]: {' | '.join(words[-3:])}"
    return "no task of it failed; see the scheduler's log"
