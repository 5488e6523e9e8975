"""The operator's commands: POST routes with a JSON body.

Each requires permission to trigger the DAG and a request that a page of the panel sent.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from ads_orchestrator_airflow import simulator_clock
from ads_orchestrator_airflow.dag_runs import trigger_run
from ads_orchestrator_airflow.panel import decision_view
from ads_orchestrator_airflow.panel.auth import User, can_trigger, same_origin
from ads_orchestrator_airflow.panel.cached_stats import fleet_stats
from ads_orchestrator_airflow.panel.dependencies import panel_store, resources
from ads_orchestrator_airflow.panel.jinja import page
from orchestrator.domain.user_records import Person
from orchestrator.errors import ConfigError
from orchestrator.runs import interventions
from orchestrator.runs import preview as preview_run

router = APIRouter(dependencies=[Depends(can_trigger), Depends(same_origin)])

Toggle = Literal["auto_scale_winners", "auto_pause_losers"]


class _CommandBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ToggleCommand(_CommandBody):
    """The new value of one toggle."""

    toggle: Toggle
    on: bool


class RunCommand(_CommandBody):
    """The conf of a run; without ``user_ids``, of every eligible user."""

    dry_run: bool
    user_ids: list[str] | None = None
    goal_keys: list[str] | None = None
    users_per_batch: int = 0


class AcceptanceCommand(_CommandBody):
    """The goal whose figures are accepted; None: all goals."""

    goal_key: str | None = None


class ResumptionCommand(_CommandBody):
    """The goal that may go on."""

    goal_key: str


class SwitchCommand(_CommandBody):
    """The new state of a kill switch, with the operator's note."""

    stopped: bool
    note: str | None = Field(default=None, max_length=500)


@router.post("/users/{user_id}/toggle")
def toggle(user_id: UUID, command: ToggleCommand, user: User) -> dict[str, Any]:
    """Set a toggle at once; the row records the operator and the time."""
    row = panel_store().user.set_toggles(user_id, {command.toggle: command.on}, user.get_name())
    if row is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return {"on": getattr(row, command.toggle), "by": row.updated_by, "at": row.updated_at}


@router.post("/users/{user_id}/preview")
def preview(request: Request, user_id: UUID) -> HTMLResponse:
    """Render what a run would do for a user now, and why. Reads from Meta; changes nothing."""
    user = panel_store().user.account(user_id)
    if user is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    now = simulator_clock.now(resources().settings)
    plan = preview_run.preview(resources(), user_id, now=now)
    return page(
        request,
        "preview.html",
        root="../",
        user=user,
        plan=plan,
        simulated=now is not None,
        groups=decision_view.by_goal(plan.items, panel_store().user.creative_names(user_id)),
    )


@router.post("/run")
def run(command: RunCommand, user: User) -> dict[str, str]:
    """Start a run; ``/progress`` reports its state."""
    conf = command.model_dump(exclude_none=True)
    now = simulator_clock.now(resources().settings)
    if now is not None:
        conf["now"] = now.isoformat()
    return {"run_key": trigger_run(conf, triggered_by=user.get_name())}


@router.post("/users/{user_id}/accept-figures")
def accept_figures(user_id: UUID, command: AcceptanceCommand, user: User) -> dict[str, Any]:
    """Take what Meta reports now as true, where it contradicts what is known of a user's ads."""
    try:
        done = interventions.accept_figures(
            resources().store.ad_objects, user_id, command.goal_key, _person(user)
        )
    except ConfigError as problem:
        raise HTTPException(404, str(problem)) from problem
    return {"accepted": len(done.accepted), "left": len(done.impossible)}


@router.post("/users/{user_id}/resume-goal")
def resume_goal(user_id: UUID, command: ResumptionCommand, user: User) -> dict[str, Any]:
    """Permit a goal to go on that was paused because nothing in it had one event."""
    try:
        campaigns = interventions.resume_goal(
            resources().store.ad_objects, user_id, command.goal_key, _person(user)
        )
    except ConfigError as problem:
        raise HTTPException(404, str(problem)) from problem
    return {"campaigns": len(campaigns)}


def _person(user: User) -> Person:
    return Person(origin="operator", name=user.get_name())


@router.post("/users/{user_id}/switch")
def switch_user(user_id: UUID, command: SwitchCommand, user: User) -> dict[str, Any]:
    """Set one user's kill switch."""
    done = resources().store.kill_switch.set(
        [user_id], stopped=command.stopped, note=command.note, changed_by=user.get_name()
    )
    if not done.user_ids:
        raise HTTPException(404, f"There is no user {user_id}.")
    fleet_stats.clear()
    return {"stopped": command.stopped, "at": done.at}


@router.post("/switch")
def switch_fleet(command: SwitchCommand, user: User) -> dict[str, Any]:
    """Set the kill switch of the whole fleet."""
    done = resources().store.kill_switch.set(
        None, stopped=command.stopped, note=command.note, changed_by=user.get_name()
    )
    return {"stopped": command.stopped, "at": done.at}
