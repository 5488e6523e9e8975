"""The Airflow plugin. Operators and connections are imports from ``ads_orchestrator_airflow``."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin


class AdsOrchestratorPlugin(AirflowPlugin):
    """Puts the orchestrator's runs in Airflow's menu."""

    name = "ads_orchestrator"
    external_views: ClassVar[list[dict[str, Any]]] = [
        {
            "name": "Ads Orchestrator runs",
            # Without a leading slash: Airflow may be served below a path.
            "href": "dags/ads_orchestrator/runs",
            "destination": "nav",
            "category": "browse",
        }
    ]
