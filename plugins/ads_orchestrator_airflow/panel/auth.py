"""Authorization of the panel's requests by Airflow's auth manager.

Airflow mounts a plugin's app without any check. Every route requires read access to the DAG's runs;
commands require permission to trigger the DAG, and a request that a page of the panel sent.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import get_user, requires_access_dag
from airflow.models.dag import DagModel
from fastapi import Depends, Header, HTTPException, Request

from ads_orchestrator_airflow.dag_runs import DAG_ID

User = Annotated[BaseUser, Depends(get_user)]

can_read = requires_access_dag("GET", DagAccessEntity.RUN, param_dag_id=DAG_ID)
can_trigger = requires_access_dag("POST", DagAccessEntity.RUN, param_dag_id=DAG_ID)


def is_operator(user: User) -> bool:
    """Return whether the user may trigger the DAG; pages without this permission have no controls."""
    return get_auth_manager().is_authorized_dag(
        method="POST",
        access_entity=DagAccessEntity.RUN,
        details=DagDetails(id=DAG_ID, team_name=DagModel.get_team_name(DAG_ID)),
        user=user,
    )


def same_origin(
    request: Request,
    x_panel: Annotated[str | None, Header()] = None,
    sec_fetch_site: Annotated[str | None, Header()] = None,
    origin: Annotated[str | None, Header()] = None,
) -> None:
    """Refuse cross-site requests that carry the user's cookie.

    A cross-site page needs a CORS preflight to set ``X-Panel``, and none is granted; browsers also
    send the request's origin.

    Raises:
        HTTPException: 403.
    """
    if sec_fetch_site is not None:
        cross_site = sec_fetch_site != "same-origin"
    else:
        cross_site = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if cross_site or x_panel is None:
        raise HTTPException(403, "This request did not come from the panel. Open the panel and try again.")


Operator = Annotated[bool, Depends(is_operator)]
"""Whether the user may trigger the DAG."""
