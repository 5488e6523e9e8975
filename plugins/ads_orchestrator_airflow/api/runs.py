"""What was done for the user, run by run, and why."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from ads_orchestrator_airflow.api import answers
from ads_orchestrator_airflow.api.problems import NO_SUCH_RUN, Problem
from ads_orchestrator_airflow.api.signing_in import AppParts, SignedIn
from ads_orchestrator_airflow.api.words import run_reason
from orchestrator import messages
from orchestrator.member_rows import MemberAction, MemberRun

router = APIRouter(tags=["runs"])

DONE = frozenset({"success", "unknown"})


@router.get("/runs", summary="Latest runs")
def latest_runs(
    user_id: SignedIn,
    parts: AppParts,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 10,
    before: Annotated[UUID | None, Query(description="Only runs older than this one.")] = None,
) -> answers.Runs:
    """The user's latest runs, the newest first: when, how each stands, what came of it."""
    found = parts.members.runs(user_id, limit + 1, before)
    shown = found[:limit]
    return answers.Runs(
        runs=[answers.run(row, run_reason(row.error)) for row in shown],
        next=shown[-1].run_id if len(found) > limit else None,
    )


@router.get("/runs/{run_id}/actions", summary="How a run stands, and what it did")
def actions_of_run(run_id: UUID, user_id: SignedIn, parts: AppParts) -> answers.RunActions:
    """One of the user's runs: its status, its totals and every action with its reason, in order."""
    run = parts.members.run(user_id, run_id)
    if run is None:
        raise Problem(NO_SUCH_RUN, "None of your runs has this id.")
    return with_actions(run, parts.members.actions(user_id, run_id))


def with_actions(run: MemberRun, actions: list[MemberAction]) -> answers.RunActions:
    """One run and what it decided, as it is answered."""
    return answers.RunActions(
        success=answers.succeeds(run),
        run_id=run.run_id,
        status=run.status,
        dry_run=run.dry_run,
        summary=answers.summary(run),
        actions_count=len(actions),
        actions=[_action(each) for each in actions],
        reason=run_reason(run.error),
    )


def _action(row: MemberAction) -> answers.Action:
    action = row.action
    return answers.Action(
        type=action.action_type,
        goal_key=action.goal_key,
        message=messages.action_text(action, row.currency or "USD", done=row.status in DONE),
        details=answers.Details(
            step=action.step,
            reason=action.reason,
            status=row.status,
            campaign_id=action.campaign_id,
            adset_id=action.adset_id,
            before_minor=action.before_minor,
            after_minor=action.after_minor,
            currency=row.currency,
            note=row.message,
            at=row.settled_at,
        ),
    )
