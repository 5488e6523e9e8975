"""What one decision is worded from: its evidence by name, in the words of its goal and currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from orchestrator.domain import money
from orchestrator.domain.evidence import Evidence, Gate, number
from orchestrator.domain.gates import GATES
from orchestrator.domain.goals import event_name, goal_name
from orchestrator.domain.model import Action, GoalError, Hold
from orchestrator.domain.reasons import reason_text
from orchestrator.explain.checks import CheckBuilder
from orchestrator.explain.items import Check
from orchestrator.explain.sentences import Sentence
from orchestrator.explain.titles import Titles


class FieldText(NamedTuple):
    """A gate or figure in a sentence: both sides; and what it has with its noun, ``3 clicks``."""

    have: str
    need: str
    counted: str


class Context:
    """The fields of a sentence: gates and figures by name, and the phrases of ``PHRASES``.

    A field that the evidence lacks is a ``KeyError``: another version of the rule gave it.
    """

    def __init__(self, titles: Titles, decided: Action | Hold | GoalError) -> None:
        self.goal_key = decided.goal_key or ""
        self.evidence: Evidence = () if isinstance(decided, GoalError) else decided.evidence
        self._names = titles.names
        self._build = CheckBuilder(titles.currency)
        self.gates = {gate.name: gate for gate in self.evidence}

    def __getitem__(self, name: str) -> str | FieldText:
        return PHRASES[name](self) if name in PHRASES else self.field(name)

    def fill(self, sentence: Sentence) -> str:
        """Fill in a sentence.

        Raises:
            KeyError: the evidence lacks what it needs.
        """
        if isinstance(sentence, str):
            return sentence.format_map(self)
        for name, template in sentence.items():
            if name in self.gates:
                return template.format_map(self)
        raise KeyError(*sentence)

    def check(self, gate: Gate) -> Check:
        """A comparison under its name in words; one that is not known any more, under the stored name."""
        name = gate.name.replace("_", " ")
        with suppress(KeyError):
            name = self.fill(GATES.get(gate.name, name))
        return self._build.check(name, gate)

    def field(self, name: str) -> FieldText:
        """The gate or figure ``name`` in text."""
        gate = self.gates[name]
        if not gate.operator:
            text = self._build.figure(gate)
            return FieldText(text, text, text)
        check = self._build.check(name, gate)
        noun = f" {self.event(int(self.number(name)))}" if gate.unit == "events" else ""
        return FieldText(check.have, check.need, f"{check.have}{noun}")

    def number(self, name: str) -> Fraction:
        """What the gate ``name`` has, in its unit."""
        gate = self.gates[name]
        return Fraction(number(gate.have, gate.unit))

    def prices(self, *names: str) -> list[str]:
        """What some gates have, as amounts with the digits that distinguish them."""
        return money.prices(self._build.currency, *map(self.number, names))

    def event(self, count: int = 1) -> str:
        """What so many of the goal's events are called."""
        return event_name(self.goal_key, count)

    def ad_set(self, name: str) -> str:
        """The ad set whose id the figure ``name`` is."""
        return self._names.ad_set(None, self.field(name).have, self.goal_key)


def _price(context: Context) -> str:
    cost, median = context.prices("cost", "median")
    against = "" if context.number("compared") == 1 else f" against a median of {median}"
    return f"a {context.event()} costs {cost}{against}"


def _change_of_cost(context: Context) -> str:
    before, now = context.prices("cost_day_before", "cost_yesterday")
    difference = context.number("cost_yesterday") - context.number("cost_day_before")
    if not difference:
        return f"held at {now}"
    rose = "rose only" if context.gates["cost_yesterday"].passed else "rose"
    return f"{rose if difference > 0 else 'fell'} from {before} to {now}"


def _division(context: Context) -> str:
    is_alone = context.number("sharing") == 1
    return "go to this one ad set" if is_alone else context.fill("among {sharing.have} is {share.have} each")


def _cut(context: Context) -> str:
    return (
        context.fill("; the cap of {cap.have} allows no whole step") if "full_step" in context.gates else ""
    )


def _left(context: Context) -> str:
    return context.field("raise").have if context.number("raise") > 0 else "nothing"


PHRASES: Mapping[str, Callable[[Context], str]] = {
    "goal": lambda context: goal_name(context.goal_key),
    "event": Context.event,
    "events": lambda context: context.event(2),
    "the_winner": lambda context: context.ad_set("winner"),
    "the_contradicting": lambda context: context.ad_set("contradicting"),
    "paused_because": lambda context: reason_text(context.field("paused_reason").have),
    "price": _price,  # a click costs $0.38 against a median of $0.42
    "change_of_cost": _change_of_cost,  # fell from $0.41 to $0.38
    "division": _division,  # among 2 ad sets is $5.00 each
    "cut": _cut,  # ; the cap of $50.00 allows no whole step
    "left": _left,  # $4.00
}
"""What a field says that is a noun, or needs more than one side of one gate."""
