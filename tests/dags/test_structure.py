"""What the DAG file promises: its shape, its times, and the house rules for every task."""

from __future__ import annotations

from datetime import timedelta

import pytest
from airflow.sdk import DAG
from airflow.sdk.bases.skipmixin import SkipMixin
from airflow.serialization.serialized_objects import DagSerialization

from ads_orchestrator_airflow.operators import OrchestratorStepOperator
from orchestrator.store import runs
from tests.own_airflow import ROOT

STEPS = [
    "allocate_budget",
    "check_learning_campaigns",
    "extract_insights",
    "detect_winners",
    "promote_winners",
    "scale_budgets",
    "pause_losers",
]
IN_GROUP = [f"per_batch.{step}" for step in STEPS]


def test_it_lists_the_users_then_runs_seven_steps_a_batch_then_finishes(dag: DAG):
    edges = {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks}

    assert edges == {
        "list_eligible_users": sorted(IN_GROUP),  # each step takes its batch from the list
        "per_batch.allocate_budget": ["per_batch.check_learning_campaigns"],
        "per_batch.check_learning_campaigns": ["per_batch.extract_insights"],
        "per_batch.extract_insights": ["per_batch.detect_winners"],
        "per_batch.detect_winners": ["per_batch.promote_winners"],
        "per_batch.promote_winners": ["per_batch.scale_budgets"],
        "per_batch.scale_budgets": ["per_batch.pause_losers"],
        "per_batch.pause_losers": ["close_run"],
        "close_run": ["finish_run"],
        "finish_run": [],
    }


def test_the_floor_of_the_benchmark_has_the_same_shape(dag: DAG):
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415 - not before the environment is set

    floor = DagBag(ROOT / "dev" / "bench" / "dags", safe_mode=False).dags["bench_empty"]

    assert shape(floor) == shape(dag)


def shape(dag: DAG) -> dict[str, tuple[set[str], str, str, int]]:
    """What Airflow has to do for each task: who waits for it and when, where, how often."""
    return {
        task.task_id: (task.downstream_task_ids, task.trigger_rule, task.pool, task.retries)
        for task in dag.tasks
    }


def test_a_batch_is_a_map_index_of_the_whole_group(dag: DAG):
    group = dag.task_group.children["per_batch"]

    assert type(group).__name__ == "MappedTaskGroup"
    assert [dag.task_dict[task].map_index_template for task in IN_GROUP] == ["{{ task.batch['label'] }}"] * 7


def test_it_runs_every_six_hours_and_never_for_the_past_and_the_next_never_meets_the_last(dag: DAG):
    assert dag.schedule == "0 */6 * * *"
    assert dag.catchup is False
    assert dag.max_active_runs == 8
    assert dag.start_date is None
    assert dag.dagrun_timeout == timedelta(hours=5, minutes=45)
    assert (
        dag.dagrun_timeout < runs.LONGEST < timedelta(hours=6)
    )  # ended by the next, and never before its end
    assert sorted(run_type.value for run_type in dag.allowed_run_types) == ["manual", "scheduled"]


def test_it_says_what_it_is_and_whose(dag: DAG):
    assert dag.doc_md.startswith("Every six hours, run each eligible user's ads")
    assert dag.tags == {"ads", "meta", "orchestrator"}
    assert dag.owner_links == {"ads-orchestrator": "https://adsmanager.facebook.com"}
    assert {task.owner for task in dag.tasks} == {"ads-orchestrator"}


def test_a_manual_run_has_a_form_with_safe_defaults_for_the_schedule(dag: DAG):
    assert dag.params.dump() == {
        "dry_run": False,
        "user_ids": None,
        "goal_keys": None,
        "users_per_batch": 0,
        "now": None,
    }
    assert all(dag.params.get_param(name).schema.get("title") for name in dag.params)


@pytest.mark.parametrize(
    ("task_id", "rule"),
    [
        ("list_eligible_users", "all_success"),
        ("per_batch.allocate_budget", "all_success"),
        *((task_id, "all_done") for task_id in IN_GROUP[1:]),
        ("close_run", "all_done"),
        ("finish_run", "all_done"),
    ],
)
def test_a_failed_step_stops_neither_the_next_nor_the_finish(dag: DAG, task_id: str, rule: str):
    assert dag.task_dict[task_id].trigger_rule == rule


def test_every_task_has_a_pool_retries_a_policy_a_timeout_and_a_doc(dag: DAG):
    lacking = [
        task.task_id
        for task in dag.tasks
        if task.pool != "meta_api"
        or task.retries != 3
        or type(task.retry_policy).__name__ != "RetryByErrorClass"
        or not task.execution_timeout
        or not task.doc_md
    ]

    assert lacking == []


def test_nothing_in_the_group_skips_or_branches(dag: DAG):
    """Airflow 3.3 does not stop the next task of the same map index when one skips it."""
    assert {type(dag.task_dict[task_id]) for task_id in IN_GROUP} == {OrchestratorStepOperator}
    assert not issubclass(OrchestratorStepOperator, SkipMixin)


def test_a_run_that_has_not_ended_after_two_hours_is_told_of_wherever_it_hangs(dag: DAG):
    (late,) = dag.deadline

    assert late.interval == timedelta(hours=2)
    assert type(late.reference).__name__ == "DagRunQueuedAtDeadline"
    assert late.callback.path == "ads_orchestrator_airflow.notifications.notify_late"


def test_closing_the_run_is_what_others_may_wait_for(dag: DAG):
    assert {task.task_id: [asset.name for asset in task.outlets] for task in dag.tasks if task.outlets} == {
        "close_run": ["ads_orchestrator_runs"]
    }


def test_only_the_list_answers_through_xcom(dag: DAG):
    assert [task.task_id for task in dag.tasks if task.do_xcom_push] == ["list_eligible_users"]


def test_the_scheduler_sees_the_same_dag(dag: DAG):

    seen = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))

    assert sorted(seen.task_dict) == sorted(dag.task_dict)
    assert type(seen.task_group.children["per_batch"]).__name__ == "SerializedMappedTaskGroup"
    assert {task.task_id: task.trigger_rule for task in seen.tasks} == {
        task.task_id: task.trigger_rule for task in dag.tasks
    }
    assert seen.task_dict["per_batch.scale_budgets"].has_retry_policy
    assert seen.timetable.summary == "0 */6 * * *"
