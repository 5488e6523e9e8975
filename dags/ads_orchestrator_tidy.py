"""Once a day, remove the orchestrator's rows that are past their retention period.

Snapshots, decisions and their evidence, the action log, runs, daily insights: each has a retention
period, `ORCHESTRATOR_KEEP_…_DAYS`. Open actions and the runs they belong to, live promotions and
increases, and a campaign's weekly totals are never removed. The same as `ads-orchestrator tidy`.

**Safe beside an active run, and to stop at any time.** A thousand rows a transaction; a retry resumes
where it stopped.

Airflow has its own history: remove it with `airflow db clean`.

**Needs** the connection `ads_orchestrator_db` (Postgres).
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Param, dag
from airflow.sdk.api.datamodels._generated import DagRunType

from ads_orchestrator_airflow.operators import OrchestratorTidyOperator
from ads_orchestrator_airflow.retry_policy import RetryByErrorClass

OWNER = "ads-orchestrator"


@dag(
    dag_id="ads_orchestrator_tidy",
    dag_display_name="Ads Orchestrator: tidy",
    doc_md=__doc__,
    # Away from the runs at 0, 6, 12 and 18 o'clock, which it would only slow down.
    schedule="30 3 * * *",
    catchup=False,
    max_active_runs=1,
    allowed_run_types=[DagRunType.SCHEDULED, DagRunType.MANUAL],  # what is old is old at any time
    dagrun_timeout=timedelta(hours=2),
    params={
        "dry_run": Param(
            default=False,
            type="boolean",
            title="Dry run",
            description="Only count the rows to remove.",
        )
    },
    tags=["ads", "orchestrator"],
    default_args={
        "owner": OWNER,
        "retries": 3,
        "retry_delay": timedelta(minutes=1),
        "retry_policy": RetryByErrorClass(),
        "execution_timeout": timedelta(minutes=90),
    },
)
def ads_orchestrator_tidy() -> None:
    """One task: it is one function."""
    OrchestratorTidyOperator(task_id="tidy", doc_md="Rows past their retention period are removed.")


ads_orchestrator_tidy()
