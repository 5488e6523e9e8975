"""Operators: open a run, run one step, close the run, check its result; and tidy.

The modules of connections and of Meta's SDK are imported when a task executes: every task parses the
DAG file again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from ads_orchestrator_airflow import gc_policy
from ads_orchestrator_airflow.assets import RUNS, run_event
from ads_orchestrator_airflow.hooks import DATABASE, META_APP, effective_settings, open_resources
from ads_orchestrator_airflow.metrics import emit_run, emit_step
from orchestrator.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from airflow.sdk import Context

    from orchestrator.resources import Resources
    from orchestrator.runs.run_report import RunReport

NEVER_OPENED = "the run was never opened: the log of list_eligible_users says why"
NAMED_TASKS = 5  # in a message; the grid has them all


class _OrchestratorOperator(BaseOperator):
    """A task that works with our database and one Meta app."""

    def __init__(self, *, db_conn_id: str = DATABASE, meta_conn_id: str = META_APP, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.db_conn_id = db_conn_id
        self.meta_conn_id = meta_conn_id

    def open_resources(self) -> AbstractContextManager[Resources]:
        """Open the database and the ads platform from this task's connections."""
        return open_resources(effective_settings(self.meta_conn_id), self.db_conn_id)


class OrchestratorListOperator(_OrchestratorOperator):
    """Open the run: validate its conf, insert a row of each eligible user, return the batches.

    The users are in Postgres; a batch is ``{"batch": 3, "of": 12, "label": ...}``.
    """

    def execute(self, context: Context) -> list[dict[str, Any]]:
        """Open the run; a retry returns the same batches."""
        gc_policy.tune_gc()
        from ads_orchestrator_airflow.run_conf import run_request

        settings = effective_settings(self.meta_conn_id)
        try:
            request = run_request(context["dag_run"], context["params"], settings)
        except ConfigError as refusal:
            self.log.error("%s", refusal)  # noqa: TRY400 - one line; the traceback is Airflow's
            raise
        self.log.info("%s run at %s", request.trigger, request.now.isoformat())

        from orchestrator.runs import lifecycle  # after the conf: a refusal needs neither SDK nor database

        with open_resources(settings, self.db_conn_id) as resources:
            return lifecycle.open_run(resources, request)


class OrchestratorStepOperator(_OrchestratorOperator):
    """Run one of the seven steps for the users of one batch.

    A failed user does not affect the others. The task fails only when an error is worth a retry, and
    the retry does only what is not done yet.
    """

    template_fields: Sequence[str] = ("batch",)

    def __init__(self, *, step: str, batch: dict[str, Any], **kwargs: Any) -> None:
        kwargs.setdefault("do_xcom_push", False)
        super().__init__(**kwargs)
        self.step = step
        self.batch = batch

    def execute(self, context: Context) -> None:
        """Run the step for every user, then raise the error that is worth a retry.

        On the last try nothing is raised: the failed users' runs end, with the error on their rows.
        """
        gc_policy.tune_gc()
        from orchestrator.runs import lifecycle

        task = context["ti"]
        run_key, batch = context["dag_run"].run_id, self.batch["batch"]
        began = time.monotonic()
        with self.open_resources() as resources:
            last_try = task.try_number > task.max_tries
            report = lifecycle.run_step(resources, run_key, batch, self.step, last_try=last_try)
            emit_step(self.step, report, resources.call_stats, time.monotonic() - began)
        self.log.info(
            "%s: %d users, %d actions, %d holds, %d failed",
            self.step,
            report.users,
            report.actions,
            report.holds,
            len(report.failed),
        )
        if report.retry is not None:
            raise report.retry


class OrchestratorCloseOperator(_OrchestratorOperator):
    """Close the run in every case, and emit the event of ``RUNS``: its log is complete."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("do_xcom_push", False)
        super().__init__(**kwargs)
        self.outlets = [*self.outlets, RUNS]

    def execute(self, context: Context) -> None:
        """Write the totals and the users' last-run times.

        Raises:
            AirflowSkipException: The run was never opened, so there is nothing to close.
        """
        gc_policy.tune_gc()
        from orchestrator.runs import run_report

        try:
            with self.open_resources() as resources:
                report = run_report.finish(resources, context["dag_run"].run_id)
        except KeyError as never_opened:
            raise AirflowSkipException(NEVER_OPENED) from never_opened
        self.log.info("%s", report.text)
        emit_run(report.totals)
        context["outlet_events"][RUNS].extra = run_event(report.totals)


class OrchestratorFinishOperator(_OrchestratorOperator):
    """Fail the run when too many users failed. The last task: no other one fails for a user."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("do_xcom_push", False)
        super().__init__(**kwargs)

    def execute(self, context: Context) -> None:
        """Check the result of the run.

        Raises:
            AirflowFailException: Too many users failed, a task of the run did, or our app secret.
        """
        from orchestrator.runs import run_report

        dag_run = context["dag_run"]
        try:
            with self.open_resources() as resources:
                report = run_report.finish(resources, dag_run.run_id)
        except KeyError as never_opened:
            raise AirflowFailException(NEVER_OPENED) from never_opened
        self.log.info("%s", report.text)
        states = context["ti"].get_task_states(dag_id=dag_run.dag_id, run_ids=[dag_run.run_id])
        failed = failed_tasks(states.get(dag_run.run_id, {}))
        if report.unsuccessful or failed:
            why = verdict(report, failed)
            self.log.error("%s", why)
            raise AirflowFailException(why)


class OrchestratorTidyOperator(_OrchestratorOperator):
    """Remove rows past their retention period, as of the DAG run's time."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("do_xcom_push", False)
        super().__init__(**kwargs)

    def execute(self, context: Context) -> None:
        """Do as ``python -m orchestrator tidy``; with the param ``dry_run``, only count."""
        from orchestrator.runs import retention

        dry_run = context["params"]["dry_run"] is not False
        with self.open_resources() as resources:
            ages = retention.cutoffs(resources.settings, resources.policy, context["dag_run"].run_after)
            for each in retention.tidy(resources.store, ages, dry_run=dry_run):
                self.log.info("%s", retention.line(each, dry_run=dry_run))


def failed_tasks(states: Mapping[str, str | None]) -> list[str]:
    """Return the failed tasks, sorted, without those in ``upstream_failed``."""
    return sorted(task for task, state in states.items() if state == "failed")


def verdict(report: RunReport, failed: Sequence[str]) -> str:
    """Return one line: why the run failed, and where to look, or what the deployment has to do."""
    named = ", ".join(failed[:NAMED_TASKS]) + ("" if len(failed) <= NAMED_TASKS else ", …")
    tasks = f"; {len(failed)} tasks failed: {named}" if failed else ""
    where = report.deployment_error or "The tasks' logs say why"
    return f"{report.failed_users} of {report.users} users failed{tasks}. {where}"
