"""A run as it was recorded: what was decided, with the evidence stored then, and its outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import structs

from orchestrator.documents import codec
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.action_titles import Tense
from orchestrator.domain.reasons import REASONS, reason_text
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.domain.steps import RULES, StepName
from orchestrator.explain.explainer import Explainer
from orchestrator.explain.items import ExplainedItem
from orchestrator.explain.stopped_account import with_stopped_account
from orchestrator.explain.titles import Titles, names_in

_TENSES: Mapping[str, Tense] = {"planned": "would", "success": "did"}
_READ_BACK = "it is read back before anything else is done"
_FATES = {
    "held": "not made",
    "failed": "tried, and it did not happen",
    "unknown": f"it may or may not have happened; {_READ_BACK}",
    "intended": f"it was about to be sent; {_READ_BACK}",
}

StoredDocument = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRun:
    """What is stored of one user's run: ``decisions`` by step, ``rows`` in the order of decision.

    ``snapshot`` gives things their names; null once it was removed for its age.
    """

    snapshot: StoredDocument | None
    decisions: Mapping[str, StoredDocument]
    rows: Sequence[ActionRow]
    currency: str
    dry_run: bool


def explain_run(run: RecordedRun) -> tuple[ExplainedItem, ...]:
    """Explain a recorded run, step by step: its rows, then what it held and could not work on.

    Before them stands what stopped the account as a whole, unless a hold says it.

    What was recorded without evidence has its reason alone.
    """
    snapshot = run.snapshot or {}
    explainer = Explainer(Titles(run.currency, "would" if run.dry_run else "did", names_in(snapshot)))
    items = (item for step in (*RULES, None) for item in _step(run, step, explainer))
    return tuple(with_stopped_account(explainer, items, snapshot.get("account", {})))


def _step(run: RecordedRun, step: StepName | None, explainer: Explainer) -> Iterator[ExplainedItem]:
    """What one step did, then what it held; null: what no rule decided, in an emergency stop."""
    yield from (_row(explainer.titles, row) for row in run.rows if row.action.step == step)
    decided = codec.read_decision(run.decisions.get(step or "", {}))
    yield from explainer.decision(replace(decided, actions=()))


def _row(titles: Titles, row: ActionRow) -> ExplainedItem:
    """An action with its outcome, and the platform's ids of what it made."""
    made = RemoteIds.of(row.details)
    explainer = Explainer(titles._replace(tense=_TENSES.get(row.status, "do")))
    item = explainer.item(structs.replace(row.action, evidence=codec.read_checks(row.details)))
    return replace(
        item,
        campaign_id=made.campaign_id or item.campaign_id,
        adset_id=made.adset_id or item.adset_id,
        why=_fate(row, item.why),
        reason=row.details.get("hold", item.reason) if row.status == "held" else item.reason,
        status=row.status,
    )


def _fate(row: ActionRow, why: str) -> str:
    """Why it was decided; of one that did not come about, that first."""
    if "stopped_by" in row.details:
        by = (row.details["stopped_by"], row.details.get("note"))
        why = f"{why} ({': '.join(filter(None, by))})"
    activation, hold = row.details.get("activation", "active"), row.details.get("hold")
    if activation != "active":
        fate, said = "it was created and is not active yet", _text_of(activation)
    elif row.status in _FATES:
        fate, said = _FATES[row.status], reason_text(hold) if hold else row.message
    else:
        return why
    return f"{fate}{f': {said}' if said else ''}. Decided because {why}"


def _text_of(activation: str) -> str | None:
    """What prevented an activation: a reason, or an error of which the log says more."""
    return REASONS[activation].text if activation in REASONS else None
