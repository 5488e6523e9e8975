"""From a decision to what a person reads: each action, hold and error with its title, why and checks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from orchestrator.domain import steps
from orchestrator.domain.model import Action, Decision, GoalError, Hold
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.steps import StepName
from orchestrator.explain import allocate, common, learning, pause, promote, scale
from orchestrator.explain.items import ExplainedItem
from orchestrator.explain.sentences import Sentence, Sentences
from orchestrator.explain.titles import Titles
from orchestrator.explain.wording_context import Context

SENTENCES: Mapping[StepName, Sentences] = {
    steps.ALLOCATE.key: Sentences(allocate.ACTIONS, allocate.HOLDS),
    steps.LEARNING.key: Sentences(learning.ACTIONS, learning.HOLDS),
    steps.PROMOTE.key: Sentences(promote.ACTIONS, promote.HOLDS),
    steps.SCALE.key: Sentences(scale.ACTIONS, scale.HOLDS),
    steps.PAUSE.key: Sentences(pause.ACTIONS, pause.HOLDS),
}
"""The sentences by step; those of holds go before ``common.HOLDS``."""


class Explainer(NamedTuple):
    """Explains decisions about the things that ``titles`` name, from their own evidence."""

    titles: Titles

    def decision(self, decided: Decision) -> tuple[ExplainedItem, ...]:
        """Explain what one step decided: actions in order, then holds, then errors."""
        things: list[Action | Hold | GoalError] = [*decided.actions, *decided.holds, *decided.errors]
        return tuple(map(self.item, things))

    def item(self, decided: Action | Hold | GoalError) -> ExplainedItem:
        """Explain an action, a hold (the last of its checks failed), or a goal that cannot be worked on."""
        context = Context(self.titles, decided)
        checks = tuple(context.check(gate) for gate in context.evidence if gate.operator)
        why = reason_text(decided.reason)
        if checks and not isinstance(decided, GoalError):
            with suppress(KeyError):  # stored by another version of the rule
                why = context.fill(sentence_for(decided))
        adset_id, campaign_id = (getattr(decided, name, None) for name in ("adset_id", "campaign_id"))
        return ExplainedItem(
            kind="action" if isinstance(decided, Action) else "hold",
            step=decided.step,
            goal_key=decided.goal_key,
            title=self.titles.of(decided),
            why=why,
            checks=checks,
            reason=decided.reason,
            action_type=getattr(decided, "action_type", None),
            object_kind="ad set" if adset_id else "campaign" if campaign_id else None,
            campaign_id=campaign_id,
            adset_id=adset_id,
            before_minor=getattr(decided, "before_minor", None),
            after_minor=getattr(decided, "after_minor", None),
        )


def sentence_for(decided: Action | Hold) -> Sentence:
    """The sentence closest to an action or a hold; the words of its reason where they say it all."""
    if decided.step is None:
        return reason_text(decided.reason)
    keys, tables = [decided.reason], [SENTENCES[decided.step].actions]
    if isinstance(decided, Hold):
        keys += [gate.name for gate in decided.evidence[-1:]]
        tables = [SENTENCES[decided.step].holds, common.HOLDS]
    found = (table[key] for key in keys for table in tables if key in table)
    return next(found, reason_text(decided.reason))
