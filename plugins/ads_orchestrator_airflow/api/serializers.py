"""Serializers: from rows and explained decisions to the response schemas."""

from __future__ import annotations

from typing import Any

from ads_orchestrator_airflow.api import schemas
from ads_orchestrator_airflow.api.user_messages import run_reason
from orchestrator import explain
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.user_records import UserRecord, UserRunRecord
from orchestrator.explain import ExplainedItem, RecordedRun

CURRENCY = "USD"  # of an account that is no longer connected


def run_item(row: UserRunRecord, reason: str | None) -> schemas.RunResponse:
    """Serialize one run."""
    return schemas.RunResponse(
        run_id=row.run_id,
        status=row.status,
        trigger=row.trigger,
        dry_run=row.dry_run,
        goal_keys=None if row.goal_keys is None else list(row.goal_keys),
        asked_at=row.opened_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        summary=summary(row),
        reason=reason,
    )


def started_run(row: UserRunRecord, actions_count: int, reason: str | None) -> schemas.StartedResponse:
    """Serialize a run that was started or joined."""
    return schemas.StartedResponse(
        success=is_success(row),
        run_id=row.run_id,
        status=row.status,
        dry_run=row.dry_run,
        summary=summary(row),
        actions_count=actions_count,
        reason=reason,
    )


def summary(row: UserRunRecord) -> schemas.RunSummary:
    """Serialize the counts of a run."""
    return schemas.RunSummary(
        campaigns_created=row.campaigns_created,
        campaigns_updated=row.campaigns_updated,
        winners_promoted=row.winners_promoted,
        budgets_scaled=row.budgets_scaled,
        adsets_paused=row.adsets_paused,
        errors=row.errors_count,
    )


def is_success(row: UserRunRecord) -> bool:
    """Return whether the run neither failed nor was refused."""
    return row.status not in {"failed", "refused"}


def run_actions(found: UserRecord) -> schemas.RunActionsResponse:
    """Serialize one run with its actions and holds, and the comparisons that are stored."""
    run, currency = found.run, found.currency or CURRENCY
    items = _explained(found, currency)
    actions = [item for item in items if item.kind == "action"]
    return schemas.RunActionsResponse(
        success=is_success(run),
        run_id=run.run_id,
        status=run.status,
        dry_run=run.dry_run,
        summary=summary(run),
        actions_count=len(actions),
        actions=[_action(item, row, currency) for item, row in zip(actions, found.rows, strict=True)],
        holds=[planned_item(item, currency) for item in items if item.kind == "hold"],
        reason=run_reason(run.error),
    )


def planned_item(item: ExplainedItem, currency: str | None) -> schemas.PlannedItem:
    """Serialize one action or hold that was not made."""
    details = schemas.PlannedDetails.model_validate(_details(item, currency))
    return schemas.PlannedItem(
        type=item.action_type, goal_key=item.goal_key, message=_message(item), details=details
    )


def _explained(found: UserRecord, currency: str) -> tuple[ExplainedItem, ...]:
    record = RecordedRun(
        snapshot=found.snapshot,
        decisions=found.decisions,
        rows=found.rows,
        currency=currency,
        dry_run=found.run.dry_run,
    )
    return explain.explain_run(record)


def _action(item: ExplainedItem, row: ActionRow, currency: str) -> schemas.ActionResponse:
    outcome = {"status": row.status, "note": row.message, "at": row.settled_at}
    return schemas.ActionResponse(
        type=row.action.action_type,
        goal_key=row.action.goal_key,
        message=_message(item),
        details=schemas.ActionDetails.model_validate(_details(item, currency) | outcome),
    )


def _message(item: ExplainedItem) -> str:
    return f"{item.title}: {item.why}"


def _details(item: ExplainedItem, currency: str | None) -> dict[str, Any]:
    return {
        "step": item.step,
        "reason": item.reason,
        "campaign_id": item.campaign_id,
        "adset_id": item.adset_id,
        "before_minor": item.before_minor,
        "after_minor": item.after_minor,
        "currency": currency,
        "checks": [
            {"name": c.name, "have": c.have, "word": c.operator, "need": c.need, "passed": c.passed}
            for c in item.checks
        ],
    }
