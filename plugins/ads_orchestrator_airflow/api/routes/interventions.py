"""Routes of what waits for the user: figures that contradict what is known, and goals without any event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ads_orchestrator_airflow.api import problems, schemas
from ads_orchestrator_airflow.api.auth import AppDependencies, UserId
from ads_orchestrator_airflow.api.problems import Problem, invalid
from orchestrator.domain import messages
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.user_records import ContradictedAdSet, Person
from orchestrator.runs import interventions
from orchestrator.store import Store

router = APIRouter(tags=["what waits for me"])

_GoalKey = Annotated[str, Path(max_length=100, description="The goal's key.")]


class AcceptanceBody(BaseModel):
    """The figures to accept."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", strict=True, json_schema_extra={"examples": [{}]}
    )

    goal_key: Annotated[
        str | None, Field(max_length=100, description="Only of this goal. Left out or null: of all.")
    ] = None


@router.get("/waiting", summary="What waits for me")
def waiting(user_id: UserId, deps: AppDependencies) -> schemas.WaitingResponse:
    """The figures that contradict what is known, and the goals that are paused because nothing had one event.

    Until the figures are back or accepted, nothing is promoted, scaled or paused as a loser for their goal.
    """
    turn = interventions.persons_turn(_store(user_id, deps), user_id)
    return schemas.WaitingResponse(
        figures=_shown(turn.contradicted), paused_goal_keys=list(turn.paused_goals)
    )


@router.post("/figures/accept", summary="Accept the new figures")
def accept_figures(
    user_id: UserId, deps: AppDependencies, body: AcceptanceBody | None = None
) -> schemas.AcceptanceResponse:
    """Take what Meta reports now as true, where it contradicts what is known. It counts from the next run on.

    What has more events than impressions is left: the conversion has to be corrected.
    """
    goal_key = (body or AcceptanceBody()).goal_key
    _check_goal(goal_key)
    done = interventions.accept_figures(_store(user_id, deps), user_id, goal_key, _person(user_id))
    return schemas.AcceptanceResponse(accepted=_shown(done.accepted), left=_shown(done.impossible))


@router.post("/goals/{goal_key}/resume", summary="Resume a goal that had no events")
def resume_goal(goal_key: _GoalKey, user_id: UserId, deps: AppDependencies) -> schemas.ResumptionResponse:
    """Permit a goal to go on that was paused because nothing in it had one event. Correct the tracking first.

    The next run resumes its campaigns, as far as the budgets allow. A goal that is not paused for it is left.
    """
    _check_goal(goal_key)
    resumed = interventions.resume_goal(_store(user_id, deps), user_id, goal_key, _person(user_id))
    return schemas.ResumptionResponse(goal_key=goal_key, campaigns_count=len(resumed))


def _store(user_id: UserId, deps: AppDependencies) -> Store:
    """Return the database.

    Raises:
        Problem: 404: the user has no settings yet.
    """
    store = deps.resources.store
    if not store.users.is_known(user_id):
        raise Problem(
            problems.NO_SETTINGS,
            "There are no ads settings for this account yet. Finish setting it up first.",
        )
    return store


def _person(user_id: UserId) -> Person:
    return Person(origin="user", name=str(user_id))


def _check_goal(goal_key: str | None) -> None:
    if goal_key is not None and goal_key not in REGISTRY:
        known = ", ".join(sorted(REGISTRY))
        raise invalid(f"Nothing was done. There is no goal {goal_key!r} (there are: {known}).")


def _shown(ad_sets: Sequence[ContradictedAdSet]) -> list[schemas.ContradictionResponse]:
    return [
        schemas.ContradictionResponse(
            goal_key=each.goal_key,
            adset_id=each.ad_set_id,
            known_events=each.known_events,
            reported_events=each.contradicting_events,
            reported_impressions=each.contradicting_impressions,
            since=each.contradicted_at,
            can_be_accepted=each.can_be_accepted,
            message=messages.contradiction_text(each),
        )
        for each in ad_sets
    ]
