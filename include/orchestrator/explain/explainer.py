"""From a decision to what a person reads: each action, hold and error with its title, why and checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from orchestrator.domain import steps
from orchestrator.domain.model import Action, Decision, GoalError, Hold
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.steps import StepName
from orchestrator.explain import allocate, common, learning, pause, promote, scale
from orchestrator.explain.context import Context, MissingGate, Sentence, written
from orchestrator.explain.gates import gate_name
from orchestrator.explain.model import ExplainedItem, Explanation
from orchestrator.explain.titles import Titles

ACTIONS: Mapping[StepName, Mapping[str, Sentence]] = {
    steps.ALLOCATE.key: allocate.ACTIONS,
    steps.LEARNING.key: learning.ACTIONS,
    steps.PROMOTE.key: promote.ACTIONS,
    steps.SCALE.key: scale.ACTIONS,
    steps.PAUSE.key: pause.ACTIONS,
}
"""The sentence of an action, by step and reason."""

HOLDS: Mapping[StepName, Mapping[str, Sentence]] = {
    steps.ALLOCATE.key: allocate.HOLDS,
    steps.LEARNING.key: learning.HOLDS,
    steps.PROMOTE.key: promote.HOLDS,
    steps.SCALE.key: scale.HOLDS,
    steps.PAUSE.key: pause.HOLDS,
}
"""The sentence of a hold, by step and by its reason or else the gate that failed; before ``common.HOLDS``."""


class Explainer:
    """Explains decisions about the things that ``titles`` name, from their own evidence."""

    def __init__(self, titles: Titles) -> None:
        self.titles = titles

    def decision(self, decided: Decision) -> tuple[ExplainedItem, ...]:
        """Explain what one step decided: actions in order, then holds, then errors."""
        return (
            *(self.action(each) for each in decided.actions),
            *(self.hold(each) for each in decided.holds),
            *(self.error(each) for each in decided.errors),
        )

    def action(self, decided: Action) -> ExplainedItem:
        """Explain one action."""
        why, checks = self._explanation(decided, action_sentences(decided))
        return ExplainedItem(
            kind="action",
            step=decided.step,
            goal_key=decided.goal_key,
            action_type=decided.action_type,
            object_kind=_kind(decided),
            campaign_id=decided.campaign_id,
            adset_id=decided.adset_id,
            title=self.titles.action(decided),
            why=why,
            checks=checks,
            reason=decided.reason,
            before_minor=decided.before_minor,
            after_minor=decided.after_minor,
        )

    def hold(self, decided: Hold) -> ExplainedItem:
        """Explain one hold; of its checks the last failed."""
        why, checks = self._explanation(decided, hold_sentences(decided))
        return ExplainedItem(
            kind="hold",
            step=decided.step,
            goal_key=decided.goal_key,
            action_type=decided.action_type,
            object_kind=_kind(decided),
            campaign_id=decided.campaign_id,
            adset_id=decided.adset_id,
            title=self.titles.hold(decided),
            why=why,
            checks=checks,
            reason=decided.reason,
        )

    def error(self, found: GoalError) -> ExplainedItem:
        """Explain a goal that cannot be worked on."""
        return ExplainedItem(
            kind="hold",
            step=found.step,
            goal_key=found.goal_key,
            action_type=None,
            object_kind=None,
            campaign_id=None,
            adset_id=None,
            title=self.titles.error(found),
            why=reason_text(found.reason),
            checks=(),
            reason=found.reason,
        )

    def _explanation(self, decided: Action | Hold, sentences: Iterable[Sentence]) -> Explanation:
        """Word the evidence; where it is not what a sentence needs, the reason has words of its own."""
        context = Context(self.titles, decided)
        checks = tuple(
            context.say.check(gate_name(gate, context), gate) for gate in decided.evidence if gate.operator
        )
        for sentence in sentences if checks else ():
            try:
                return Explanation(written(sentence, context), checks)
            except MissingGate:  # stored by another version of the rule
                break
        return Explanation(reason_text(decided.reason), checks)


def action_sentences(decided: Action) -> Iterator[Sentence]:
    """The sentence for an action, if there is one."""
    if decided.step is not None and decided.reason in ACTIONS[decided.step]:
        yield ACTIONS[decided.step][decided.reason]


def hold_sentences(decided: Hold) -> Iterator[Sentence]:
    """The sentences for a hold, the closest first."""
    failed = [gate.name for gate in decided.evidence[-1:]]
    for key in (decided.reason, *failed):
        for sentences in (HOLDS[decided.step], common.HOLDS):
            if key in sentences:
                yield sentences[key]


def _kind(thing: Action | Hold) -> Literal["campaign", "ad set"] | None:
    if thing.adset_id is not None:
        return "ad set"
    return "campaign" if thing.campaign_id is not None else None
