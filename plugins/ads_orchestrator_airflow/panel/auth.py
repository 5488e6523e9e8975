"""Who may see the panel and who may change things: Airflow's login decides, for every request.

Airflow mounts a plugin's app without any check of its own. Here every route needs a user who may
read the DAG's runs; what changes something needs one who may trigger them, and a request that a
page of ours made.
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

DAG = "ads_orchestrator"

User = Annotated[BaseUser, Depends(get_user)]

may_see = requires_access_dag("GET", DagAccessEntity.RUN, param_dag_id=DAG)
may_change = requires_access_dag("POST", DagAccessEntity.RUN, param_dag_id=DAG)


def is_operator(user: User) -> bool:
    """Return whether the user may trigger the DAG: the pages leave the controls out for others."""
    return get_auth_manager().is_authorized_dag(
        method="POST",
        access_entity=DagAccessEntity.RUN,
        details=DagDetails(id=DAG, team_name=DagModel.get_team_name(DAG)),
        user=user,
    )


def from_our_page(
    request: Request,
    x_panel: Annotated[str | None, Header()] = None,
    sec_fetch_site: Annotated[str | None, Header()] = None,
    origin: Annotated[str | None, Header()] = None,
) -> None:
    """Refuse what another site's page sends with the user's cookie.

    A foreign page cannot set ``X-Panel`` without asking first, and is never allowed to; browsers
    also say where a request comes from.
    """
    if sec_fetch_site is not None:
        foreign = sec_fetch_site != "same-origin"
    else:
        foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or x_panel is None:
        raise HTTPException(403, "This request did not come from the panel. Open the panel and try again.")


Operator = Annotated[bool, Depends(is_operator)]
"""Whether whoever asks may change things."""
