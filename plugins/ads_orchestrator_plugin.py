"""The Airflow plugin. Operators and connections are imports from ``ads_orchestrator_airflow``."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from ads_orchestrator_airflow.lazy_app import LazyApp


class AdsOrchestratorPlugin(AirflowPlugin):
    """Puts the operator's panel and the runs in Airflow's menu, and the users' API beside Airflow's pages."""

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
    # Addresses without a leading slash: Airflow may be served below a path.
    external_views: ClassVar[list[dict[str, Any]]] = [
        {
            "name": "Ads Orchestrator",
            "href": "ads-orchestrator/",
            "destination": "nav",
            "url_route": "ads-orchestrator",
        },
        {
            "name": "Ads Orchestrator runs",
            "href": "dags/ads_orchestrator/runs",
            "destination": "nav",
            "category": "browse",
        },
    ]
