"""Tell people when a run failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseHook, BaseNotifier
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

if TYPE_CHECKING:
    from airflow.sdk import Context

ALERTS = "ads_orchestrator_alerts"
TIMEOUT_S = 10


class RunFailedNotifier(BaseNotifier):
    """Post one sentence to a chat's incoming webhook, as ``{"text": ...}``.

    The connection is optional. Host: the webhook's URL without its secret part; password: the
    secret part, put behind it.
    """

    def __init__(self, conn_id: str = ALERTS) -> None:
        super().__init__()
        self.conn_id = conn_id

    def notify(self, context: Context) -> None:
        """Post why the run failed; without the connection, say so in the log."""
        import requests

        try:
            webhook = BaseHook.get_connection(self.conn_id)
        except AirflowNotFoundException:
            self.log.info("No one is told: the Airflow connection %s is not defined", self.conn_id)
            return
        answer = requests.post(
            f"{webhook.host}{webhook.password or ''}",
            json={"text": failure_text(context)},
            timeout=TIMEOUT_S,
        )
        if not answer.ok:
            # requests' own words would repeat the URL, and with it the secret.
            raise AirflowException(f"the webhook of {self.conn_id} answered {answer.status_code}")


def failure_text(context: Context) -> str:
    """Name the run and the reason, in one line."""
    run = context["dag_run"]
    return f"{run.dag_id} {run.run_id} failed: {context.get('exception') or 'see its log'}"
