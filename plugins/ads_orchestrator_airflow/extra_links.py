"""The operator extra link: from a task instance in Airflow's pages to the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, urlsplit

from airflow.sdk import BaseOperatorLink

from ads_orchestrator_airflow.dag_runs import DAG_ID
from ads_orchestrator_airflow.operators import (
    OrchestratorCloseOperator,
    OrchestratorFinishOperator,
    OrchestratorListOperator,
    OrchestratorStepOperator,
)

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey

PANEL_VIEW = "plugin/ads-orchestrator"
"""The panel inside Airflow's page: the path of its external view, which shows the URL that follows."""


class PanelLink(BaseOperatorLink):
    """The run of a task instance in the panel; of a mapped one, its batch or the batch's only user.

    Registered by the plugin, not on the operators: the api-server builds the link on request, also for a
    task that has not ended, and the tasks write no XCom for it.
    """

    name = "Open in Ads Orchestrator"
    operators: ClassVar[list[type[BaseOperator]]] = [
        OrchestratorListOperator,
        OrchestratorStepOperator,
        OrchestratorCloseOperator,
        OrchestratorFinishOperator,
    ]

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Return the link, relative to the base URL of Airflow's page."""
        del operator
        path = f"ads-orchestrator/dags/{DAG_ID}/runs/{quote(ti_key.run_id, safe='')}"
        mapped = f"?map_index={ti_key.map_index}" if ti_key.map_index >= 0 else ""
        return f"{PANEL_VIEW}{_base_path()}{path}{mapped}"


def _base_path() -> str:
    """The path below which Airflow is served, with slashes at both ends."""
    from airflow.configuration import conf

    path = urlsplit(conf.get("api", "base_url", fallback="")).path.strip("/")
    return f"/{path}/" if path else "/"
