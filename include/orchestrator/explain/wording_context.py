"""What one decision is worded from: its evidence by name, in the words of its goal and currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from orchestrator.domain import money
from orchestrator.domain.evidence import Gate
from orchestrator.domain.goals import event_name, goal_name
from orchestrator.domain.model import Action, Hold
from orchestrator.explain.checks import CheckBuilder, number
from orchestrator.explain.items import Check
from orchestrator.explain.titles import Titles


class MissingGate(LookupError):
    """The evidence lacks a gate that a sentence needs: another version of the rule gave it."""


class Context:
    """The fields of a sentence.

    ``{goal}``, ``{event}`` and ``{events}`` are nouns; every other field is the name of a gate, with
    ``{name.have}`` and ``{name.need}`` as text.
    """

    def __init__(self, titles: Titles, decided: Action | Hold) -> None:
        self.titles = titles
        self.decided = decided
        self._build = CheckBuilder(titles.currency)
        self._gates = {gate.name: gate for gate in decided.evidence}
        goal = decided.goal_key or ""
        self._nouns = {"goal": goal_name(goal), "event": event_name(goal, 1), "events": event_name(goal)}

    def __getitem__(self, field: str) -> str | Check:
        return self._nouns[field] if field in self._nouns else self.check(field)

    def has(self, name: str) -> bool:
        """Whether there is such a gate or figure."""
        return name in self._gates

    def _gate(self, name: str) -> Gate:
        if name not in self._gates:
            raise MissingGate(name)
        return self._gates[name]

    def check(self, name: str) -> Check:
        """The gate or figure ``name`` in text."""
        gate = self._gate(name)
        return self._build.check(name, gate) if gate.operator else self._build.figure(gate)

    def fill(self, sentence: Sentence) -> str:
        """Fill in a sentence.

        Raises:
            MissingGate: the evidence lacks what it needs.
        """
        return sentence.format_map(self) if isinstance(sentence, str) else sentence(self)

    def number(self, name: str) -> Fraction:
        """What the gate ``name`` has, in its unit."""
        gate = self._gate(name)
        return Fraction(number(gate.have, gate.unit))

    def prices(self, *names: str) -> list[str]:
        """What some gates have, as amounts with the digits that distinguish them."""
        return money.prices(self.titles.currency, *map(self.number, names))


Sentence: TypeAlias = str | Callable[[Context], str]
"""A template for ``str.format_map``, or a function for what depends on more than one side."""


class Sentences(NamedTuple):
    """The sentences of one step: for actions by reason, for holds by reason or the gate that failed."""

    actions: Mapping[str, Sentence]
    holds: Mapping[str, Sentence]
