"""A run as it was recorded, told: what was decided, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orchestrator import rules
from orchestrator.documents import codec
from orchestrator.domain.action_log import ActionRow, outcome_of
from orchestrator.domain.model import Decision
from orchestrator.domain.policy import Policy
from orchestrator.domain.reasons import REASONS, reason_text
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.errors import InvalidDocument
from orchestrator.explain import explainer
from orchestrator.explain.checks import Figures
from orchestrator.explain.context import Scene, Story
from orchestrator.explain.model import Check, Explained
from orchestrator.explain.stored_checks import restored
from orchestrator.explain.titles import Tense, Titles
from orchestrator.rules.preconditions import Headroom

_TENSES: Mapping[str, Tense] = {"planned": "would", "success": "did"}
_FATES = {
    "held": "not made",
    "failed": "tried, and it did not happen",
    "unknown": "it may or may not have happened; it is read back before anything else is done",
    "intended": "it was about to be sent; it is read back before anything else is done",
}

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is still there of a recorded run of one user."""

    snapshot: Document | None
    decisions: Mapping[str, Document]
    rows: Sequence[ActionRow]
    currency: str
    dry_run: bool


def run(
    snapshot: Document,
    decisions: Mapping[str, Document],
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
            where they contradict the decision, what was written down with it is told.
        dry_run: Whether nothing was to be made.

    Raises:
        InvalidDocument: the snapshot is not one.
    """
    state = rules.initial_state(codec.read_snapshot(dict(snapshot)), policy)
    titles = Titles(state.snapshot.account.currency, "would" if dry_run else "did")
    told: list[Explained] = []
    for step in rules.STEPS:
        of_step = [row for row in rows if row.action.step == step]
        decided = codec.read_decision(decisions[step]) if step in decisions else Decision()
        told += _step(Scene(state, decided, "would" if dry_run else "did"), of_step)
        done = ((row.action, "success" if dry_run else outcome_of(row)) for row in of_step)
        state = rules.fold(state, done)
    return (*told, *_without_step(titles, rows))


def log(
    decisions: Mapping[str, Document], rows: Sequence[ActionRow], currency: str, *, dry_run: bool
) -> tuple[Explained, ...]:
    """Explain a recorded run whose snapshot is tidied away.

    An action still has the comparisons that were written down with it, a hold only its reason.
    """
    told: list[Explained] = []
    titles = Titles(currency, "would" if dry_run else "did")
    for step in rules.STEPS:
        holds = codec.read_decision(decisions[step]).holds if step in decisions else ()
        told += [
            _row(titles, row, _kept(row, currency, Story(reason_text(row.action.reason))))
            for row in rows
            if row.action.step == step
        ]
        told += [explainer.hold(titles, hold, Story(reason_text(hold.reason))) for hold in holds]
    return (*told, *_without_step(titles, rows))


def whatever_is_kept(kept: Kept, policy: Policy) -> tuple[Explained, ...]:
    """Explain a recorded run with its snapshot or, once that is tidied away or of an older form, without."""
    if kept.snapshot is not None:
        try:
            return run(kept.snapshot, kept.decisions, kept.rows, policy, dry_run=kept.dry_run)
        except InvalidDocument:
            pass
    return log(kept.decisions, kept.rows, kept.currency, dry_run=kept.dry_run)


def _without_step(titles: Titles, rows: Sequence[ActionRow]) -> Iterator[Explained]:
    """The actions that no rule decided: of an emergency stop."""
    for row in rows:
        if row.action.step is None:
            yield _row(titles, row, Story(reason_text(row.action.reason)))


def _step(scene: Scene, rows: Sequence[ActionRow]) -> Iterator[Explained]:
    """The rows of a step as they stand, then what it held and what it could not work on."""
    for row in rows:
        story = _kept(row, scene.figures.currency, explainer.action_story(scene, row.action))
        yield _row(scene.titles, row, story)
    for hold in scene.decision.holds:
        yield explainer.hold(scene.titles, hold, explainer.hold_story(scene, hold))
    for error in scene.decision.errors:
        yield explainer.error(scene.titles, error)


def _kept(row: ActionRow, currency: str, story: Story) -> Story:
    """The story; where it can show no comparison, those that were written down with the action."""
    return story if story.checks else story._replace(checks=restored(row.details.get("checks", ()), currency))


def _row(titles: Titles, row: ActionRow, story: Story) -> Explained:
    """An action with its outcome, and the platform's ids of what it made."""
    made = RemoteIds.of(row.details)
    told = explainer.action(titles._replace(tense=_TENSES.get(row.status, "do")), row.action, story)
    return replace(
        told,
        checks=(*told.checks, *_room(row, titles.currency)),
        campaign_id=made.campaign_id or told.campaign_id,
        adset_id=made.adset_id or told.adset_id,
        why=_fate(row, told.why),
        reason=row.details.get("hold", told.reason) if row.status == "held" else told.reason,
        status=row.status,
    )


def _room(row: ActionRow, currency: str) -> Iterator[Check]:
    """The guardrail as it stood right before the write, where it kept the action from being made."""
    if "no_room" in (row.details.get("hold"), row.details.get("activation")) and "room" in row.details:
        room = Headroom(**row.details["room"])
        with_it = room.live_minor + room.rise_minor
        yield Figures(currency).amount(
            "all live budgets with it, right before the write", with_it, "at most", room.cap_minor
        )


def _fate(row: ActionRow, why: str) -> str:
    """Why it was decided; of one that did not come about, that first."""
    if "stopped_by" in row.details:
        note = row.details.get("note")
        why = f"{why} ({row.details['stopped_by']}{f': {note}' if note else ''})"
    activation = row.details.get("activation", "active")
    if activation != "active":
        not_yet = f": {REASONS[activation].text}" if activation in REASONS else ""
        return f"it was created and is not active yet{not_yet}. Decided because {why}"
    if row.status not in _FATES:
        return why
    hold = row.details.get("hold")
    said = reason_text(hold) if hold else row.message
    return f"{_FATES[row.status]}{f': {said}' if said else ''}. Decided because {why}"
