"""Trigger and read DAG runs inside the api-server, for callers that are no users of Airflow.

A run id is used once: a second trigger returns the run that has it, whatever its state. Why this
bypasses Airflow's REST API: ``docs/decisions/users-runs-start-inside-the-api-server.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from ads_orchestrator_airflow.run_conf import FLEET_RUN_PREFIX, read_conf
from orchestrator.errors import OrchestratorError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

DAG_ID = "ads_orchestrator"
TASK_GROUP = "per_batch"

DagRunState = Literal["queued", "running", "success", "failed"]


class CannotStart(OrchestratorError):
    """Airflow would not work on a new run now; the message is for operators."""

    retry = "later"
    scope = "app"


def trigger_run(conf: Mapping[str, Any], *, triggered_by: str, run_id: str | None = None) -> str:
    """Trigger a run of the DAG; it is queued when this returns.

    Args:
        conf: JSON values of ``RunConf``'s fields.
        triggered_by: the person or service, for Airflow's pages and its audit log.
        run_id: the run's id; None: a new one.

    Returns:
        The run's id. An existing run is not started a second time.

    Raises:
        ConfigError: the conf is malformed.
        CannotStart: the DAG is unknown, broken or switched off.
    """
    from airflow.exceptions import DagRunAlreadyExists
    from airflow.utils.session import create_session
    from sqlalchemy.exc import IntegrityError

    read_conf(conf)
    name = run_id or f"asked__{uuid4()}"
    if run_id is not None and run_state(run_id) is not None:
        return name
    try:
        with create_session() as session:
            _check_startable(session)
            _create(session, name, dict(conf), triggered_by)
    except DagRunAlreadyExists:
        return name
    except IntegrityError:
        # A concurrent request created it; any other violation is raised.
        if run_state(name) is None:
            raise
    return name


def run_state(run_id: str) -> DagRunState | None:
    """Return Airflow's state of a run: queued, running, success, failed. None: there is no such run."""
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from sqlalchemy import select

    with create_session() as session:
        state = session.scalar(select(DagRun.state).where(DagRun.dag_id == DAG_ID, DagRun.run_id == run_id))
        return None if state is None else DagRunState(state).value


def current_fleet_run() -> str | None:
    """Return the queued or running run over all users, scheduled or requested by a service."""
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunType
    from sqlalchemy import or_, select

    current = select(DagRun.run_id).where(
        DagRun.dag_id == DAG_ID,
        DagRun.state.in_([DagRunState.QUEUED, DagRunState.RUNNING]),
        or_(DagRun.run_type == DagRunType.SCHEDULED, DagRun.run_id.startswith(FLEET_RUN_PREFIX)),
    )
    with create_session() as session:
        return session.scalars(current.order_by(DagRun.id).limit(1)).first()


def _check_startable(session: Session) -> None:
    from airflow.models import DagModel

    dag = session.get(DagModel, DAG_ID)
    if dag is None or dag.is_stale:
        raise CannotStart(f"the DAG {DAG_ID} is not loaded; see the dag-processor's log")
    if dag.has_import_errors:
        raise CannotStart(f"the DAG {DAG_ID} has import errors; Airflow's pages show them")
    if dag.is_paused:
        raise CannotStart(f"the DAG {DAG_ID} is paused; switch it on in Airflow's pages")


def _create(session: Session, run_id: str, conf: dict[str, Any], triggered_by: str) -> None:
    """Queue the run and write Airflow's audit log, in one transaction."""
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.models.log import Log
    from airflow.utils.types import DagRunTriggeredByType

    trigger_dag(
        DAG_ID,
        run_id=run_id,
        conf=conf,
        triggered_by=DagRunTriggeredByType.REST_API,
        triggering_user_name=triggered_by,
        session=session,
    )
    session.add(Log("trigger_dag_run", owner=triggered_by, dag_id=DAG_ID, run_id=run_id))
