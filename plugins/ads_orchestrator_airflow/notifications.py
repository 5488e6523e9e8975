"""Notifications of failed and late runs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseHook, BaseNotifier
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import Connection, Context

log = logging.getLogger(__name__)

ALERTS = "ads_orchestrator_alerts"
TIMEOUT_S = 10
MAX_ANSWER_BYTES = 2**20
NO_CONNECTION = "No notification: the Airflow connection %s is not defined"


class RunFailedNotifier(BaseNotifier):
    """Post one sentence to a chat's incoming webhook, as ``{"text": ...}``.

    The connection is optional. Host: the webhook's URL without its secret part; password: the
    secret part, put behind it.
    """

    def __init__(self, conn_id: str = ALERTS) -> None:
        super().__init__()
        self.conn_id = conn_id

    def notify(self, context: Context) -> None:
        """Post the failure; without the connection, log that none is sent."""
        try:
            webhook = BaseHook.get_connection(self.conn_id)
        except AirflowNotFoundException:
            self.log.info(NO_CONNECTION, self.conn_id)
            return
        _post(webhook, failure_text(context), self.conn_id)


async def notify_late(context: Mapping[str, Any]) -> None:
    """Post to the same webhook that a run is late: the deadline's callback, in the triggerer.

    Args:
        context: of the deadline: ``dag_run`` as Airflow's API shows it, and ``deadline``.
    """
    try:
        webhook = await BaseHook.aget_connection(ALERTS)
    except AirflowNotFoundException:
        log.info(NO_CONNECTION, ALERTS)
        return
    await asyncio.to_thread(_post, webhook, late_text(context), ALERTS)


def _post(webhook: Connection, text: str, conn_id: str) -> None:
    """Post a sentence: at most ``TIMEOUT_S`` seconds, ``MAX_ANSWER_BYTES`` of the answer.

    Raises:
        AirflowException: no answer, or none that is a success.
    """
    import requests

    from orchestrator.bounded_http import bounded_session

    with bounded_session(total_s=TIMEOUT_S, max_bytes=MAX_ANSWER_BYTES) as session:
        try:
            response = session.post(_url(webhook), json={"text": text}, timeout=TIMEOUT_S)
        except requests.RequestException as error:
            raise _unreachable(conn_id, error) from None
    _check(response.status_code, conn_id)


def late_text(context: Mapping[str, Any]) -> str:
    """Return one line: the run, and the time since which it is queued or running."""
    run = context["dag_run"]
    since = run.get("start_date") or run.get("queued_at")
    return f"{run['dag_id']} {run['dag_run_id']} is late: {run['state']} since {since}, not ended yet"


def failure_text(context: Context) -> str:
    """Return one line: the run and the reason."""
    run = context["dag_run"]
    return f"{run.dag_id} {run.run_id} failed: {context.get('exception') or 'see its log'}"


def _url(webhook: Connection) -> str:
    return f"{webhook.host}{webhook.password or ''}"


# The libraries' messages contain the URL, and with it the secret.
def _unreachable(conn_id: str, error: Exception) -> AirflowException:
    return AirflowException(f"the webhook of {conn_id} could not be reached: {type(error).__name__}")


def _check(status: int, conn_id: str) -> None:
    if status >= 400:
        raise AirflowException(f"the webhook of {conn_id} answered {status}")
