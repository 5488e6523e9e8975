"""What a story is told from: the state before a step, its decision, and the live sum on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple, TypeAlias, TypeVar

from orchestrator import rules
from orchestrator.domain.model import Action, Decision, Hold
from orchestrator.domain.steps import StepName
from orchestrator.explain.checks import Figures
from orchestrator.explain.model import Check
from orchestrator.explain.titles import Tense, Titles
from orchestrator.rules import State
from orchestrator.rules.allocate import prospect
from orchestrator.rules.fold import StateBuilder
from orchestrator.rules.scaling_budgets import Scaling, scaling_budgets
from orchestrator.rules.state import AdSetNow, CampaignNow, GoalNow
from orchestrator.rules.winners.thresholds import Selection, copied_ad_sets, select_winners


class Story(NamedTuple):
    """Why, in a sentence without its full stop, and the comparisons behind it."""

    why: str
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Scene:
    """One step of one user: ``state`` is as the earlier steps left it."""

    state: State
    decision: Decision
    tense: Tense = "would"

    @cached_property
    def figures(self) -> Figures:
        """Checks in the account's currency."""
        return Figures(self.state.snapshot.account.currency)

    @cached_property
    def titles(self) -> Titles:
        """Titles about what stands, or is new in this step."""
        return Titles(self.figures.currency, self.tense, self.after.campaigns, self.after.ad_sets)

    @cached_property
    def after(self) -> State:
        """The state once every action of the step is made."""
        return made(self.state, self.decision.actions)

    def wanted(self, step: StepName) -> Decision:
        """What the rules alone make of the state, for all goals and without breakers."""
        return rules.decide(step, self.state)

    def full(self, step: StepName) -> State:
        """The state in which the guardrail refused a rise: with what only a breaker took back."""
        broken = {
            (h.action_type, h.campaign_id, h.adset_id)
            for h in self.decision.holds
            if h.reason.startswith("breaker_")
        }
        if not broken:
            return self.after
        return made(
            self.state,
            (
                a
                for a in self.wanted(step).actions
                if a in self._live or (a.action_type, a.campaign_id, a.adset_id) in broken
            ),
        )

    @cached_property
    def scaling(self) -> Scaling:
        """What step allocate makes of the scaling campaigns."""
        return scaling_budgets(self.state)

    @cached_property
    def outlook(self) -> State:
        """The world as step allocate means to leave it."""
        return prospect(self.state).outlook

    @cached_property
    def copied(self) -> set[str]:
        """The ad sets with a live copy."""
        return copied_ad_sets(self.state)

    def judged(self, goal: GoalNow) -> Selection:
        """A goal's learning ad sets, compared with each other."""
        if goal.key not in self._judged:
            self._judged[goal.key] = select_winners(self.state, goal, self.copied)
        return self._judged[goal.key]

    @cached_property
    def _judged(self) -> dict[str, Selection]:
        return {}

    @cached_property
    def _live(self) -> dict[Action, tuple[int, int]]:
        """Of each action the live sum before and after it."""
        sums: dict[Action, tuple[int, int]] = {}
        draft = StateBuilder(self.state)
        for action in self.decision.actions:
            before = draft.live_minor
            draft.apply(action)
            sums[action] = (before, draft.live_minor)
        return sums

    @cached_property
    def _goals(self) -> Mapping[str, GoalNow]:
        return {goal.key: goal for goal in self.state.goals}

    def goal(self, thing: Action | Hold) -> GoalNow:
        """The goal that an action or a hold is about."""
        return self._goals[thing.goal_key or ""]

    def ad_set(self, thing: Action | Hold) -> AdSetNow:
        """The ad set that stood before the step."""
        return self.state.ad_sets[thing.adset_id or ""]

    def campaign(self, thing: Action | Hold) -> CampaignNow:
        """The campaign that stood before the step."""
        return self.state.campaigns[thing.campaign_id or ""]

    def guardrail(self, action: Action) -> tuple[Check, ...]:
        """The cap, for an action that raises what can be spent in a day."""
        before, after = self._live[action]
        return (self.under_cap(after),) if after > before else ()

    def under_cap(self, live_minor: int) -> Check:
        """Compare what could be spent in a day with the cap."""
        return self.figures.amount(
            "all live budgets with it", live_minor, "at most", rules.cap_minor(self.state)
        )


Thing = TypeVar("Thing", Action, Hold)
Teller: TypeAlias = Callable[[Scene, Thing], Story]
"""Tells one reason of one step."""


def to_the_first_failed(*checks: Check) -> tuple[Check, ...]:
    """The gates that were asked: all that passed, and the one that did not."""
    passed = tuple(takewhile(lambda check: check.passed, checks))
    return checks[: len(passed) + 1]


def made(state: State, actions: Iterable[Action]) -> State:
    """The state once all of ``actions`` are made."""
    return rules.fold(state, ((action, "success") for action in actions))
