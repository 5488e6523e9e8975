"""From a decision to what a person reads: each action, hold and error with its title, why and checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestrator.domain import steps
from orchestrator.domain.evidence import Gate
from orchestrator.domain.gates import GATES
from orchestrator.domain.model import Action, Decision, GoalError, Hold
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.steps import StepName
from orchestrator.explain import allocate, common, learning, pause, promote, scale
from orchestrator.explain.checks import CheckBuilder
from orchestrator.explain.items import ExplainedItem, Explanation
from orchestrator.explain.titles import Titles
from orchestrator.explain.wording_context import Context, MissingGate, Sentence, Sentences

SENTENCES: Mapping[StepName, Sentences] = {
    steps.ALLOCATE.key: Sentences(allocate.ACTIONS, allocate.HOLDS),
    steps.LEARNING.key: Sentences(learning.ACTIONS, learning.HOLDS),
    steps.PROMOTE.key: Sentences(promote.ACTIONS, promote.HOLDS),
    steps.SCALE.key: Sentences(scale.ACTIONS, scale.HOLDS),
    steps.PAUSE.key: Sentences(pause.ACTIONS, pause.HOLDS),
}
"""The sentences by step; those of holds go before ``common.HOLDS``."""


class Explainer:
    """Explains decisions about the things that ``titles`` name, from their own evidence."""

    def __init__(self, titles: Titles) -> None:
        self.titles = titles

    def decision(self, decided: Decision) -> tuple[ExplainedItem, ...]:
        """Explain what one step decided: actions in order, then holds, then errors."""
        return (
            *map(self.action, decided.actions),
            *map(self.hold, decided.holds),
            *map(self.error, decided.errors),
        )

    def action(self, decided: Action) -> ExplainedItem:
        """Explain one action."""
        return _item(decided, self.titles.action(decided), self._explanation(decided))

    def hold(self, decided: Hold) -> ExplainedItem:
        """Explain one hold; of its checks the last failed."""
        return _item(decided, self.titles.hold(decided), self._explanation(decided))

    def error(self, found: GoalError) -> ExplainedItem:
        """Explain a goal that cannot be worked on."""
        return _item(found, self.titles.error(found), Explanation(reason_text(found.reason)))

    def _explanation(self, decided: Action | Hold) -> Explanation:
        """Word the evidence; where it is not what a sentence needs, the reason has words of its own."""
        context, build = Context(self.titles, decided), CheckBuilder(self.titles.currency)
        gates = [gate for gate in decided.evidence if gate.operator]
        checks = tuple(build.check(_name(gate, context), gate) for gate in gates)
        try:
            why = context.fill(sentence_for(decided) if checks else "")
        except MissingGate:  # stored by another version of the rule
            why = ""
        return Explanation(why or reason_text(decided.reason), checks)


def sentence_for(decided: Action | Hold) -> Sentence:
    """The sentence for an action or a hold, the closest to it; empty where there is none."""
    if isinstance(decided, Action):
        return SENTENCES[decided.step].actions.get(decided.reason, "") if decided.step else ""
    keys = (decided.reason, *(gate.name for gate in decided.evidence[-1:]))
    tables = (SENTENCES[decided.step].holds, common.HOLDS)
    return next((table[key] for key in keys for table in tables if key in table), "")


def _name(gate: Gate, context: Context) -> str:
    """What a gate is called; one that no rule gives any more by the name that was stored."""
    stored = gate.name.replace("_", " ")
    try:
        return context.fill(GATES[gate.name]) if gate.name in GATES else stored
    except MissingGate:
        return stored


def _item(decided: Action | Hold | GoalError, title: str, explanation: Explanation) -> ExplainedItem:
    """Put an item together; of an error, all that names a thing is null."""
    thing: dict[str, Any] = {}
    if not isinstance(decided, GoalError):
        names = ("action_type", "campaign_id", "adset_id", "before_minor", "after_minor")
        thing = {name: getattr(decided, name, None) for name in names}
        thing["object_kind"] = "ad set" if decided.adset_id else "campaign" if decided.campaign_id else None
    return ExplainedItem(
        kind="action" if isinstance(decided, Action) else "hold",
        step=decided.step,
        goal_key=decided.goal_key,
        title=title,
        why=explanation.why,
        checks=explanation.checks,
        reason=decided.reason,
        **thing,
    )
