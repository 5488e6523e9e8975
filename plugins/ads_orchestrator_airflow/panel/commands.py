"""What an operator may change.

Every route is a POST with JSON, from a page of ours, by somebody who may trigger the DAG.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from ads_orchestrator_airflow.dag_runs import trigger_run
from ads_orchestrator_airflow.panel import decision_view
from ads_orchestrator_airflow.panel.auth import User, from_our_page, may_change
from ads_orchestrator_airflow.panel.cached_stats import fleet_figures
from ads_orchestrator_airflow.panel.dependencies import panel_store, resources
from ads_orchestrator_airflow.panel.jinja import page
from ads_orchestrator_airflow.simulator_clock import present
from orchestrator.runs import preview as previewing

router = APIRouter(dependencies=[Depends(may_change), Depends(from_our_page)])

Toggle = Literal["auto_scale_winners", "auto_pause_losers"]


class _CommandBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ToggleCommand(_CommandBody):
    """Which toggle, and how it shall be."""

    toggle: Toggle
    on: bool


class RunCommand(_CommandBody):
    """A run for chosen users, or for everybody: the DAG's own params."""

    dry_run: bool
    user_ids: list[str] | None = None
    goal_keys: list[str] | None = None
    users_per_batch: int = 0


class SwitchCommand(_CommandBody):
    """Stop or start, and why."""

    stopped: bool
    note: str | None = Field(default=None, max_length=500)


@router.post("/users/{user_id}/toggle")
def toggle(user_id: UUID, asked: ToggleCommand, user: User) -> dict[str, Any]:
    """Set a toggle at once; who and when is on the row."""
    row = panel_store().set_toggles(user_id, {asked.toggle: asked.on}, user.get_name())
    if row is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return {"on": row[asked.toggle], "by": row["updated_by"], "at": row["updated_at"]}


@router.post("/users/{user_id}/preview")
def preview(request: Request, user_id: UUID) -> HTMLResponse:
    """Say what a run would do for a user now, and why. Nothing is changed anywhere, Meta is only read."""
    user = panel_store().user(user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    now = present(resources().settings)
    plan = previewing.preview(resources(), user_id, now=now)
    return page(
        request,
        "preview.html",
        root="../",
        user=user,
        plan=plan,
        simulated=now is not None,
        groups=decision_view.by_goal(plan.items, panel_store().creative_names(user_id)),
    )


@router.post("/run")
def run(asked: RunCommand, user: User) -> dict[str, str]:
    """Start a run now; ``following`` tells how it goes on."""
    conf = asked.model_dump(exclude_none=True)
    now = present(resources().settings)
    if now is not None:
        conf["now"] = now.isoformat()
    return {"run_key": trigger_run(conf, asked_by=user.get_name())}


@router.post("/users/{user_id}/switch")
def switch_user(user_id: UUID, asked: SwitchCommand, user: User) -> dict[str, Any]:
    """Stop or start writing for one user."""
    done = resources().store.switch(
        [user_id], stopped=asked.stopped, note=asked.note, changed_by=user.get_name()
    )
    if not done.user_ids:
        raise HTTPException(404, f"There is no user {user_id}.")
    fleet_figures.forget()
    return {"stopped": asked.stopped, "at": done.at}


@router.post("/switch")
def switch_everybody(asked: SwitchCommand, user: User) -> dict[str, Any]:
    """Stop or start writing for everybody."""
    done = resources().store.switch(None, stopped=asked.stopped, note=asked.note, changed_by=user.get_name())
    return {"stopped": asked.stopped, "at": done.at}
