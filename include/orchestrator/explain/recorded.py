"""A run as it was recorded, told: what was decided, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from orchestrator import document, rules
from orchestrator.explain import telling
from orchestrator.explain.nouns import Explained
from orchestrator.explain.scene import Scene
from orchestrator.explain.titles import Tense
from orchestrator.messages import reason_text
from orchestrator.policy import Policy
from orchestrator.rows import ActionRow, outcome_of

_TENSES: Mapping[str, Tense] = {"planned": "would", "success": "did"}
_FATES = {
    "held": "not made",
    "failed": "tried, and it did not happen",
    "unknown": "it may or may not have happened; it is read back before anything else is done",
    "intended": "it was about to be sent; it is read back before anything else is done",
}


def run(
    snapshot: Mapping[str, Any],
    decisions: Mapping[str, Mapping[str, Any]],
    rows: Sequence[ActionRow],
    policy: Policy,
    *,
    dry_run: bool,
) -> tuple[Explained, ...]:
    """Explain a recorded run of one user, step by step.

    Args:
        snapshot: The run's snapshot document.
        decisions: Its decision documents by step; a step that was not reached has none.
        rows: Its action rows, in the order of decision.
        policy: The thresholds it ran with. With others the comparisons would not be those that decided:
            where they contradict the decision, only the reason is told.
        dry_run: Whether nothing was to be made.

    Raises:
        InvalidDocument: the snapshot is not one.
    """
    state = rules.begin(document.read_snapshot(dict(snapshot)), policy)
    told: list[Explained] = []
    for step in rules.STEPS:
        of_step = [row for row in rows if row.action.step == step]
        if step in decisions:
            scene = Scene(state, document.read_decision(decisions[step]), "would" if dry_run else "did")
            told += _step(scene, of_step)
        done = ((row.action, "success" if dry_run else outcome_of(row)) for row in of_step)
        state = rules.fold(state, done)
    return tuple(told)


def _step(scene: Scene, rows: Sequence[ActionRow]) -> Iterator[Explained]:
    """The rows of a step as they stand, then what it held and what it could not work on."""
    for row in rows:
        yield _row(Scene(scene.state, scene.decision, _TENSES.get(row.status, "do")), row)
    for hold in scene.decision.holds:
        yield telling.hold(scene, hold)
    for error in scene.decision.errors:
        yield telling.error(scene, error)


def _row(scene: Scene, row: ActionRow) -> Explained:
    """An action with what became of it, and Meta's ids of what it made."""
    told = telling.action(scene, row.action)
    return replace(
        told,
        campaign_id=row.details.get("meta_campaign_id") or told.campaign_id,
        adset_id=row.details.get("meta_adset_id") or told.adset_id,
        why=_fate(row, told.why),
        reason=row.details.get("hold", told.reason) if row.status == "held" else told.reason,
        status=row.status,
    )


def _fate(row: ActionRow, why: str) -> str:
    """Why it was decided; of one that did not come about, that first."""
    if row.status not in _FATES:
        return why
    hold = row.details.get("hold")
    said = reason_text(hold) if hold else row.message
    return f"{_FATES[row.status]}{f': {said}' if said else ''}. Decided because {why}"
