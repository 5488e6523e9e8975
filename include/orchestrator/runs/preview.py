"""What a run would do for one user at this moment, and why, without doing or storing anything.

Our rows and the platform are read as a run reads them, the same code decides, and every action and hold is
explained. No lease is taken, no open action settled, nothing written anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain import messages, reasons, steps
from orchestrator.domain.model import Action, Snapshot
from orchestrator.domain.reasons import reason_text
from orchestrator.errors import OrchestratorError, ProofRefused, Throttled
from orchestrator.explain import ExplainedItem, Explainer, with_stopped_account
from orchestrator.explain.titles import Titles, names_in
from orchestrator.resources import Resources
from orchestrator.runs import user_reader
from orchestrator.runs.decide import decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be done for one user. ``summary`` counts what a run's row counts.

    ``problem`` says why there is nothing, or what prevents a run, and what to do; with
    ``is_deployment_error`` it is the deployment's to do, and nothing that the user can.
    """

    user_id: UUID
    at: datetime
    currency: str | None
    summary: Mapping[str, int]
    items: tuple[ExplainedItem, ...] = field(default=())
    problem: str | None = None
    is_deployment_error: bool = False


def preview(
    resources: Resources,
    user_id: UUID,
    *,
    now: datetime | None = None,
    goal_keys: Collection[str] | None = None,
) -> Preview:
    """Plan for one user as of now, and explain it.

    Args:
        resources: Postgres and the platform; both are only read.
        user_id: Whose.
        now: The moment to plan for; without it, this one.
        goal_keys: The goals to plan for; null for all.

    Raises:
        DatabaseUnavailable: Postgres cannot be reached.
    """
    at = now or datetime.now(UTC)  # noqa: TID251 - a preview is of this moment by default
    refusal = resources.store.run_openings.refusal(user_id, at, resources.settings.require_activity_days)
    if refusal in reasons.WITHOUT_ACCOUNT:
        return _nothing(user_id, at, reason_text(refusal))
    try:
        snapshot, unusable = user_reader.read_now(resources, user_id, at)
        actions, items = _planned(resources, snapshot, goal_keys)
    except OrchestratorError as error:
        is_deployment_error = isinstance(error, ProofRefused)
        return replace(_nothing(user_id, at, _said(error)), is_deployment_error=is_deployment_error)
    return Preview(
        user_id=user_id,
        at=at,
        currency=snapshot.account.currency,
        summary=summary(actions),
        items=items,
        problem=_obstacles(resources, user_id, refusal, unusable),
    )


def summary(actions: Collection[Action]) -> dict[str, int]:
    """Count actions as a run's row does, had every one succeeded."""
    kinds = [action.action_type for action in actions]
    updated = {
        action.campaign_id
        for action in actions
        if action.action_type != "create_campaign" and not (action.campaign_id or "new:").startswith("new:")
    }
    return {
        "campaignsCreated": kinds.count("create_campaign"),
        "campaignsUpdated": len(updated),
        "winnersPromoted": kinds.count("promote_winner"),
        "budgetsScaled": sum(
            action.action_type == "update_budget" and action.reason == reasons.SCALE_UP.code
            for action in actions
        ),
        "adsetsPaused": kinds.count("pause_adset"),
        "errors": 0,
    }


def _planned(
    resources: Resources, snapshot: Snapshot, goal_keys: Collection[str] | None
) -> tuple[list[Action], tuple[ExplainedItem, ...]]:
    """All five steps explained, each on the world that the earlier ones would leave."""
    state = rules.initial_state(snapshot, resources.policy)
    document = codec.snapshot_json(snapshot)
    explainer = Explainer(Titles(snapshot.account.currency, "would", names_in(document)))
    actions: list[Action] = []
    items: list[ExplainedItem] = []
    for step in steps.RULES:
        decision = decide(step, state, goal_keys)
        items += explainer.decision(decision)
        actions += decision.actions
        state = rules.fold(state, ((action, "success") for action in decision.actions))
    return actions, tuple(with_stopped_account(explainer, items, document["account"]))


def _nothing(user_id: UUID, at: datetime, problem: str) -> Preview:
    counts = {**summary(()), "errors": 1}
    return Preview(user_id=user_id, at=at, currency=None, summary=counts, problem=problem)


def _said(error: OrchestratorError) -> str:
    if isinstance(error, Throttled):
        return f"{error} Preview again in {max(1, round(error.wait_s / 60))} min."
    return str(error)


def _obstacles(
    resources: Resources, user_id: UUID, refusal: str | None, unusable: Collection[str]
) -> str | None:
    """What prevents a run that makes this plan, and keeps creatives and audiences out of any."""
    open_rows = resources.store.action_log.unresolved([user_id])
    said = [
        *([f"No run makes this now: {reason_text(refusal)}."] if refusal else []),
        *([messages.unsettled_text(len(open_rows))] if open_rows else []),
        *(f"{each}." for each in unusable),
    ]
    return " ".join(said) or None
