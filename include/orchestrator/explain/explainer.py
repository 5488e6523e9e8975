"""From a decision to what a person reads: each action, hold and error with its title, why and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from orchestrator.domain import steps
from orchestrator.domain.model import Action, Decision, GoalError, Hold
from orchestrator.domain.reasons import reason_text
from orchestrator.domain.steps import StepName
from orchestrator.explain import allocate, common, learning, pause, promote, scale
from orchestrator.explain.context import Scene, Story, Teller
from orchestrator.explain.model import Explained
from orchestrator.explain.titles import Tense, Titles
from orchestrator.rules import State

ACTIONS: Mapping[StepName, Mapping[str, Teller[Action]]] = {
    steps.ALLOCATE.key: allocate.ACTIONS,
    steps.LEARNING.key: learning.ACTIONS,
    steps.PROMOTE.key: promote.ACTIONS,
    steps.SCALE.key: scale.ACTIONS,
    steps.PAUSE.key: pause.ACTIONS,
}
"""Who tells an action, by step and reason."""

HOLDS: Mapping[StepName, Mapping[str, Teller[Hold]]] = {
    steps.ALLOCATE.key: allocate.HOLDS,
    steps.LEARNING.key: learning.HOLDS,
    steps.PROMOTE.key: promote.HOLDS,
    steps.SCALE.key: scale.HOLDS,
    steps.PAUSE.key: pause.HOLDS,
}
"""Who tells a hold, by step and reason; ``everywhere.HOLDS`` tells those of any step."""


_NOT_OF_THIS_STATE = (LookupError, ArithmeticError, ValueError, StopIteration)
"""What a story trips over when the decision was not made from its state, but under another policy."""


def decision(decided: Decision, state: State, *, tense: Tense = "would") -> tuple[Explained, ...]:
    """Explain what one step made of ``state``: actions in order, then holds, then errors.

    Args:
        decided: The step's decision, of a run for all goals or for some.
        state: As the earlier steps left it; the very state that was decided on.
        tense: Whether titles say what would be done, is to be done or was done.
    """
    scene = Scene(state, decided, tense)
    return (
        *(action(scene.titles, each, action_story(scene, each)) for each in decided.actions),
        *(hold(scene.titles, each, hold_story(scene, each)) for each in decided.holds),
        *(error(scene.titles, each) for each in decided.errors),
    )


def action(titles: Titles, decided: Action, story: Story) -> Explained:
    """One action with its title, why and checks."""
    return Explained(
        kind="action",
        step=decided.step,
        goal_key=decided.goal_key,
        action_type=decided.action_type,
        object_kind=_kind(decided),
        campaign_id=decided.campaign_id,
        adset_id=decided.adset_id,
        title=titles.action(decided),
        why=story.why,
        checks=story.checks,
        reason=decided.reason,
        before_minor=decided.before_minor,
        after_minor=decided.after_minor,
    )


def hold(titles: Titles, decided: Hold, story: Story) -> Explained:
    """One hold with its title, why and checks, of which the last failed."""
    return Explained(
        kind="hold",
        step=decided.step,
        goal_key=decided.goal_key,
        action_type=decided.action_type,
        object_kind=_kind(decided),
        campaign_id=decided.campaign_id,
        adset_id=decided.adset_id,
        title=titles.hold(decided),
        why=story.why,
        checks=story.checks,
        reason=decided.reason,
    )


def error(titles: Titles, found: GoalError) -> Explained:
    """A goal that cannot be worked on."""
    return Explained(
        kind="hold",
        step=found.step,
        goal_key=found.goal_key,
        action_type=None,
        object_kind=None,
        campaign_id=None,
        adset_id=None,
        title=titles.error(found),
        why=reason_text(found.reason),
        checks=(),
        reason=found.reason,
    )


def action_story(scene: Scene, decided: Action) -> Story:
    """Why an action is made: every check passed. A story that says otherwise is of another policy."""
    try:
        story = ACTIONS[decided.decided_in][decided.reason](scene, decided)
    except _NOT_OF_THIS_STATE:
        return Story(reason_text(decided.reason))
    return story if all(check.passed for check in story.checks) else Story(reason_text(decided.reason))


def hold_story(scene: Scene, decided: Hold) -> Story:
    """Why a thing is not done: one check failed. A story that says otherwise is of another policy."""
    for teller in _hold_tellers(decided):
        try:
            story = teller(scene, decided)
        except _NOT_OF_THIS_STATE:
            continue
        if not all(check.passed for check in story.checks):
            return story
    return Story(reason_text(decided.reason))


def _hold_tellers(decided: Hold) -> Iterator[Teller[Hold]]:
    for tellers in (HOLDS[decided.step], common.HOLDS):
        if decided.reason in tellers:
            yield tellers[decided.reason]


def _kind(thing: Action | Hold) -> Literal["campaign", "ad set"] | None:
    if thing.adset_id is not None:
        return "ad set"
    return "campaign" if thing.campaign_id is not None else None
