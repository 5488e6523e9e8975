"""The route of previews: what a run would do for the user now."""

from __future__ import annotations

import logging
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from fastapi import APIRouter

from ads_orchestrator_airflow.api import schemas, serializers
from ads_orchestrator_airflow.api.auth import AppDependencies, RunUserId
from ads_orchestrator_airflow.api.problems import NO_PLAN, NOT_ELIGIBLE, Problem, unavailable
from ads_orchestrator_airflow.api.routes.run_start import RunRequestBody
from orchestrator.domain.reasons import WITHOUT_ACCOUNT, user_text

if TYPE_CHECKING:
    from orchestrator.runs.preview import Preview

router = APIRouter(tags=["run my goals"])

log = logging.getLogger(__name__)

# A preview blocks one of the api-server's forty threads, which serve Airflow's requests as well.
SLOTS = BoundedSemaphore(8)


@router.post("/ads-orchestrate-dryrun", summary="Preview my plan")
def preview_my_plan(
    user_id: RunUserId, deps: AppDependencies, body: RunRequestBody | None = None
) -> schemas.PreviewResponse:
    """Return the plan of a run from the present state on Meta. Nothing is changed or stored."""
    from orchestrator.runs.preview import preview

    goals = (body or RunRequestBody()).goals(user_id)
    moment = deps.run_service.moment()
    refusal = deps.run_service.store.run_openings.refusal(user_id, moment)
    if refusal in WITHOUT_ACCOUNT:
        raise Problem(NOT_ELIGIBLE, user_text(refusal), more={"reason": refusal})
    if not SLOTS.acquire(blocking=False):
        raise unavailable("too many previews are being made at once")
    try:
        plan = preview(deps.resources, user_id, now=moment, goal_keys=goals)
    finally:
        SLOTS.release()
    if plan.is_deployment_error:
        log.error("no preview: %s", plan.problem)
        raise unavailable("Meta does not take its credentials, which the support team sees to")
    if plan.currency is None:
        raise Problem(NO_PLAN, f"Your account cannot be read. {plan.problem}")
    return _response(plan)


def _response(plan: Preview) -> schemas.PreviewResponse:
    actions = [serializers.planned_item(item, plan.currency) for item in plan.items if item.kind == "action"]
    return schemas.PreviewResponse(
        success=True,
        at=plan.at,
        summary=schemas.RunSummary.model_validate(plan.summary),
        actions_count=len(actions),
        actions=actions,
        holds=[serializers.planned_item(item, plan.currency) for item in plan.items if item.kind == "hold"],
        reason=plan.problem,
    )
