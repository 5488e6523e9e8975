"""What was decided, as it is answered: in the words of the panel and the command line."""

from __future__ import annotations

from typing import Any

from ads_orchestrator_airflow.api import schemas
from ads_orchestrator_airflow.api.user_messages import run_reason
from orchestrator import explain
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.policy import Policy
from orchestrator.domain.user_records import UserRecord
from orchestrator.explain import Explained, Kept

CURRENCY = "USD"  # of an account that is no longer connected


def record(found: UserRecord, policy: Policy) -> schemas.RunActionsResponse:
    """One run: how it stands, and what it decided with every comparison that is still kept."""
    run, currency = found.run, found.currency or CURRENCY
    items = _explained(found, policy, currency)
    actions = [item for item in items if item.kind == "action"]
    return schemas.RunActionsResponse(
        success=schemas.succeeds(run),
        run_id=run.run_id,
        status=run.status,
        dry_run=run.dry_run,
        summary=schemas.summary(run),
        actions_count=len(actions),
        actions=[_done(item, row, currency) for item, row in zip(actions, found.rows, strict=True)],
        holds=[planned(item, currency) for item in items if item.kind == "hold"],
        reason=run_reason(run.error),
    )


def planned(item: Explained, currency: str | None) -> schemas.PlannedItem:
    """One action or hold."""
    details = schemas.PlannedDetails.model_validate(_details(item, currency))
    return schemas.PlannedItem(
        type=item.action_type, goal_key=item.goal_key, message=_message(item), details=details
    )


def _explained(found: UserRecord, policy: Policy, currency: str) -> tuple[Explained, ...]:
    kept = Kept(
        snapshot=found.snapshot,
        decisions=found.decisions,
        rows=found.rows,
        currency=currency,
        dry_run=found.run.dry_run,
    )
    return explain.whatever_is_kept(kept, policy)


def _done(item: Explained, row: ActionRow, currency: str) -> schemas.ActionResponse:
    told = {"status": row.status, "note": row.message, "at": row.settled_at}
    return schemas.ActionResponse(
        type=row.action.action_type,
        goal_key=row.action.goal_key,
        message=_message(item),
        details=schemas.ActionDetails.model_validate(_details(item, currency) | told),
    )


def _message(item: Explained) -> str:
    return f"{item.title}: {item.why}"


def _details(item: Explained, currency: str | None) -> dict[str, Any]:
    return {
        "step": item.step,
        "reason": item.reason,
        "campaign_id": item.campaign_id,
        "adset_id": item.adset_id,
        "before_minor": item.before_minor,
        "after_minor": item.after_minor,
        "currency": currency,
        "checks": [
            {"name": c.name, "have": c.have, "word": c.word, "need": c.need, "passed": c.passed}
            for c in item.checks
        ],
    }
