"""A recorded run, explained: what was done and what was held, in words and with the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestrator import document, explain, messages
from orchestrator.errors import InvalidDocument
from orchestrator.explain import Explained
from orchestrator.policy import Policy
from orchestrator.rows import ActionRow
from orchestrator.store.panel import Row

Decisions = Mapping[str, Mapping[str, Any]]


def of_run(
    run: Row,
    snapshot: Mapping[str, Any] | None,
    decisions: Decisions,
    rows: Sequence[ActionRow],
    policy: Policy,
) -> tuple[Explained, ...]:
    """Explain a run. Once its snapshot is tidied away the log's own words are left, without the numbers."""
    if snapshot is not None:
        try:
            return explain.run(snapshot, decisions, rows, policy, dry_run=run["dry_run"])
        except InvalidDocument:
            pass  # of an older release: its words are left
    return (*map(_row, rows), *_holds(decisions))


def _row(row: ActionRow) -> Explained:
    action = row.action
    reason = messages.reason_text(action.reason)
    return Explained(
        kind="action",
        step=action.step,
        goal_key=action.goal_key,
        action_type=action.action_type,
        object_kind="ad set" if action.adset_id else "campaign",
        campaign_id=action.campaign_id,
        adset_id=action.adset_id,
        title=row.message or action.action_type.replace("_", " ").capitalize(),
        why=reason,
        checks=(),
        reason=action.reason,
        before_minor=action.before_minor,
        after_minor=action.after_minor,
        status=row.status,
    )


def _holds(decisions: Decisions) -> Iterator[Explained]:
    for decided in decisions.values():
        for hold in document.read_decision(decided).holds:
            yield Explained(
                kind="hold",
                step=hold.step,
                goal_key=hold.goal_key,
                action_type=hold.action_type,
                object_kind="ad set" if hold.adset_id else "campaign",
                campaign_id=hold.campaign_id,
                adset_id=hold.adset_id,
                title=messages.hold_text(hold).partition(":")[0],
                why=messages.reason_text(hold.reason),
                checks=(),
                reason=hold.reason,
            )
