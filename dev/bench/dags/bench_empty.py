"""The shape of the orchestrator's run with nothing in it: what Airflow itself costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import BaseOperator, Context, TriggerRule, chain, dag, task_group

from orchestrator.domain.steps import TASKS


class ListBatches(BaseOperator):
    """As many batches as the conf specifies."""

    def execute(self, context: Context) -> list[dict[str, Any]]:
        """The same small descriptors as the real one's."""
        batches = (context["dag_run"].conf or {})["batches"]
        return [{"batch": n, "of": batches, "label": f"batch {n + 1} of {batches}"} for n in range(batches)]


class NothingToDo(BaseOperator):
    """A task that runs: Airflow would not start an EmptyOperator at all."""

    template_fields = ("batch",)

    def __init__(self, *, batch: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(do_xcom_push=False, **kwargs)
        self.batch = batch

    def execute(self, context: Context) -> None:
        """Nothing."""


@dag(
    dag_id="bench_empty",
    schedule=None,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args={"pool": "meta_api", "retries": 3},
)
def bench_empty() -> None:
    """List, seven steps a batch, close, finish."""
    batches = ListBatches(task_id="list_eligible_users")

    @task_group(group_id="per_batch")
    def per_batch(batch: dict[str, Any]) -> None:
        steps = [
            NothingToDo(
                task_id=task,
                batch=batch,
                map_index_template="{{ task.batch['label'] }}",
                trigger_rule=TriggerRule.ALL_DONE if done else TriggerRule.ALL_SUCCESS,
            )
            for done, task in enumerate(TASKS)
        ]
        chain(*steps)

    close = NothingToDo(task_id="close_run", trigger_rule=TriggerRule.ALL_DONE)
    finish = NothingToDo(task_id="finish_run", trigger_rule=TriggerRule.ALL_DONE)
    per_batch.expand(batch=batches.output) >> close >> finish


bench_empty()
