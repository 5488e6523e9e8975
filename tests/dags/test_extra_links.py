"""The link from a task in Airflow's pages to the panel, and the tabs of runs and tasks."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import unquote

import pytest
from airflow import plugins_manager
from airflow.api_fastapi.core_api.datamodels.plugins import PluginResponse
from airflow.models.taskinstancekey import TaskInstanceKey
from airflow.sdk import DAG
from airflow.serialization.serialized_objects import DagSerialization

SCHEDULED = "scheduled__2026-11-23T06:00:00+00:00"
QUOTED = "scheduled__2026-11-23T06%3A00%3A00%2B00%3A00"
RUN = f"ads-orchestrator/dags/ads_orchestrator/runs/{QUOTED}"


class TaskInstance:
    """What a task of the stored DAG reads of its instance."""

    def __init__(self, task_id: str, map_index: int) -> None:
        self.key = TaskInstanceKey("ads_orchestrator", task_id, SCHEDULED, 1, map_index)


def stored(dag: DAG) -> Any:
    """The DAG as the api-server reads it from the dag-processor's rows."""
    return DagSerialization.from_dict(DagSerialization.to_dict(dag))


def link_of(dag: DAG, task_id: str, map_index: int = -1) -> Any:
    """The link that Airflow's page of a task instance shows."""
    task = stored(dag).get_task(task_id)
    return task.get_extra_links(TaskInstance(task_id, map_index), "Open in Ads Orchestrator")


@pytest.mark.parametrize(
    ("base_url", "panel"),
    [
        ("", "plugin/ads-orchestrator/"),
        ("http://h:8080", "plugin/ads-orchestrator/"),
        ("https://h/airflow/", "plugin/ads-orchestrator/airflow/"),
        ("https://h/some/airflow", "plugin/ads-orchestrator/some/airflow/"),
    ],
)
def test_a_mapped_task_leads_to_its_batch_at_any_base_url(
    dag: DAG, monkeypatch: pytest.MonkeyPatch, base_url: str, panel: str
):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", base_url)

    assert link_of(dag, "per_batch.scale_budgets", 3) == f"{panel}{RUN}?map_index=3"


@pytest.mark.parametrize("task_id", ["list_eligible_users", "close_run", "finish_run"])
def test_a_task_over_all_users_leads_to_the_run(dag: DAG, task_id: str):
    assert link_of(dag, task_id) == f"plugin/ads-orchestrator/{RUN}"


def test_each_task_of_a_run_has_the_link_and_a_task_of_nobodys_run_has_none(dags: dict[str, DAG]):
    links = {
        dag_id: {task.task_id: list(task.extra_links) for task in stored(dag).tasks}
        for dag_id, dag in dags.items()
    }

    assert set(map(tuple, links["ads_orchestrator"].values())) == {("Open in Ads Orchestrator",)}
    assert links["ads_orchestrator_tidy"] == {"tidy": []}


@pytest.fixture(scope="module")
def plugin() -> PluginResponse:
    """The plugin as Airflow's API describes it to the pages."""
    (ours,) = (info for info in plugins_manager.get_plugin_info() if info["name"] == "ads_orchestrator")
    return PluginResponse.model_validate(ours)


def test_the_menu_and_the_tabs_of_runs_and_tasks_lead_to_the_panel(plugin: PluginResponse):
    assert [(view.destination, view.url_route, view.href) for view in plugin.external_views] == [
        ("nav", "ads-orchestrator", "ads-orchestrator/"),
        ("nav", None, "dags/ads_orchestrator/runs"),
        ("dag_run", "ads-orchestrator-run", "ads-orchestrator/dags/{DAG_ID}/runs/{RUN_ID}"),
        (
            "task_instance",
            "ads-orchestrator-task",
            "ads-orchestrator/dags/{DAG_ID}/runs/{RUN_ID}?map_index={MAP_INDEX}",
        ),
    ]


def test_airflow_drops_none_of_the_views(plugin: PluginResponse):
    views, _ = plugins_manager._get_ui_plugins()

    assert {view["url_route"] for view in views} == {
        view.url_route for view in plugin.external_views if view.url_route
    }


def test_every_view_has_an_icon_for_light_and_for_dark_pages(plugin: PluginResponse):
    for view in plugin.external_views:
        for icon in (view.icon, view.icon_dark_mode):
            kind, _, text = str(icon).partition(",")
            assert kind == "data:image/svg+xml"
            assert ET.fromstring(unquote(text)).tag == "{http://www.w3.org/2000/svg}svg"
        assert view.icon != view.icon_dark_mode
    assert "#" not in str(plugin.external_views[0].icon)  # a bare one would end the URI


def test_the_task_link_is_registered(plugin: PluginResponse):
    assert [link.partition("PanelLink")[1] for link in plugin.operator_extra_links] == ["PanelLink"]
    assert plugin.source.startswith("$PLUGINS_FOLDER")
