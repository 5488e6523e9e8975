"""Every six hours, run each eligible user's ads towards that user's goals.

Divide the daily budget over the goals, maintain a learning campaign per goal, find winners, promote
and scale them, pause losers. Each action and each hold is a row in Postgres, with the numbers that
decided.

**One run.** `list_eligible_users` adds a row of the run for each eligible user and returns
batches: one user a batch up to 50 users, at most 32 batches above. Each batch goes through the
seven steps; a failed step does not stop the next, and a user whose run has failed is skipped.
`close_run` stores the totals and updates the asset `ads_orchestrator_runs`: the run's log is
complete. `finish_run` fails the run when too many users failed or a task did.

**Dry unless armed.** Nothing is written to Meta unless the deployment sets
`ORCHESTRATOR_ARMED=true`, and never in a run with `dry_run`: it records the same plan instead.

**Safe to repeat.** A retried or cleared task reads what was done and does the rest. A user is in one
run at a time: a second run skips them. No backfill: a past interval cannot be advertised in.

**Needs** the connection `ads_orchestrator_db` (Postgres), the pool `meta_api` and, unless the
environment names the Meta app, the connection `ads_orchestrator_meta` (App id, secret). The webhook of
`ads_orchestrator_alerts` receives a message when a run fails, and when one has not ended two hours after
it was queued.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import TriggerRule, chain, dag, task_group
from airflow.sdk.api.datamodels._generated import DagRunType
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from ads_orchestrator_airflow.dag_runs import DAG_ID, TASK_GROUP
from ads_orchestrator_airflow.notifications import RunFailedNotifier, notify_late
from ads_orchestrator_airflow.operators import (
    OrchestratorCloseOperator,
    OrchestratorFinishOperator,
    OrchestratorListOperator,
    OrchestratorStepOperator,
)
from ads_orchestrator_airflow.params import run_params
from ads_orchestrator_airflow.retry_policy import RetryByErrorClass
from orchestrator.domain.steps import STEPS

OWNER = "ads-orchestrator"
LATE_AFTER = timedelta(hours=2)  # ten thousand users take minutes; the next run is due after six hours


@dag(
    dag_id=DAG_ID,
    dag_display_name="Ads Orchestrator",
    doc_md=__doc__,
    # No start date: switched on, the first scheduled run is the next one, not the last missed.
    schedule="0 */6 * * *",
    catchup=False,
    max_active_runs=8,  # a run that a user starts does not wait for everybody's
    allowed_run_types=[DagRunType.SCHEDULED, DagRunType.MANUAL],  # no backfill
    dagrun_timeout=timedelta(hours=5, minutes=45),
    # From when it was queued: a run that never starts is late, too.
    deadline=DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=LATE_AFTER, callback=AsyncCallback(notify_late)
    ),
    params=run_params(),
    tags=["ads", "meta", "orchestrator"],
    owner_links={OWNER: "https://adsmanager.facebook.com"},
    default_args={
        "owner": OWNER,
        "pool": "meta_api",
        "retries": 3,
        "retry_delay": timedelta(minutes=1),
        "retry_policy": RetryByErrorClass(),
        "execution_timeout": timedelta(minutes=30),
    },
)
def ads_orchestrator() -> None:
    """List the users, take each batch through the seven steps, close the run."""
    batches = OrchestratorListOperator(
        task_id="list_eligible_users",
        doc_md="The conf is valid; each eligible user has a row of this run and a batch.",
    )

    @task_group(group_id=TASK_GROUP)
    def per_batch(batch: dict[str, Any]) -> None:
        steps = [
            OrchestratorStepOperator(
                task_id=step.task,
                step=step.task,
                batch=batch,
                doc_md=step.doc,
                map_index_template="{{ task.batch['label'] }}",
                trigger_rule=TriggerRule.ALL_DONE if done else TriggerRule.ALL_SUCCESS,
            )
            for done, step in enumerate(STEPS)
        ]
        chain(*steps)

    close = OrchestratorCloseOperator(
        task_id="close_run",
        doc_md="Totals and last-run times are stored. The asset is updated: the log is complete.",
        trigger_rule=TriggerRule.ALL_DONE,
    )
    finish = OrchestratorFinishOperator(
        task_id="finish_run",
        doc_md="Fails when too many users failed or a task did.",
        trigger_rule=TriggerRule.ALL_DONE,
        on_failure_callback=RunFailedNotifier(),
    )

    per_batch.expand(batch=batches.output) >> close >> finish


ads_orchestrator()
