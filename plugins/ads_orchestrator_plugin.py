"""The Airflow plugin. DAG files import operators and connections from ``ads_orchestrator_airflow``."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from ads_orchestrator_airflow.extra_links import PanelLink
from ads_orchestrator_airflow.icons import icons
from ads_orchestrator_airflow.lazy_app import LazyApp

_RUN = "ads-orchestrator/dags/{DAG_ID}/runs/{RUN_ID}"


class AdsOrchestratorPlugin(AirflowPlugin):
    """Registers the panel with its menu items, tabs and task links, and the users' API."""

    name = "ads_orchestrator"
    fastapi_apps: ClassVar[list[dict[str, Any]]] = [
        {
            "app": LazyApp("ads_orchestrator_airflow.panel.app"),
            "url_prefix": "/ads-orchestrator",
            "name": "Ads Orchestrator panel",
        },
        {
            "app": LazyApp("ads_orchestrator_airflow.api.app"),
            "url_prefix": "/ads-orchestrator-api",
            "name": "Ads Orchestrator users' API",
        },
    ]
    operator_extra_links: ClassVar[list[Any]] = [PanelLink()]
    # URLs without a leading slash: Airflow may be served below a path.
    external_views: ClassVar[list[dict[str, Any]]] = [
        {
            "name": "Ads Orchestrator",
            "href": "ads-orchestrator/",
            "destination": "nav",
            "url_route": "ads-orchestrator",
            **icons(),
        },
        {
            "name": "Ads Orchestrator runs",
            "href": "dags/ads_orchestrator/runs",
            "destination": "nav",
            "category": "browse",
            **icons(),
        },
        {
            "name": "Ads Orchestrator",
            "href": _RUN,
            "destination": "dag_run",
            "url_route": "ads-orchestrator-run",
            **icons(),
        },
        {
            "name": "Ads Orchestrator",
            "href": f"{_RUN}?map_index={{MAP_INDEX}}",
            "destination": "task_instance",
            "url_route": "ads-orchestrator-task",
            **icons(),
        },
    ]
