"""What one decision is worded from: its evidence by name, in the words of its goal and currency."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from orchestrator.domain.evidence import Gate
from orchestrator.domain.model import Action, Hold
from orchestrator.explain.checks import CheckBuilder, Number, number, rounded
from orchestrator.explain.model import Check
from orchestrator.explain.titles import Titles, ad_sets, events, goal_name


class MissingGate(LookupError):
    """The evidence lacks a gate that a sentence needs: another version of the rule gave it."""


class Context(Mapping[str, object]):
    """The values of a sentence's fields.

    ``{goal}``, ``{event}`` and ``{events}`` are nouns; every other field is the name of a gate, with
    ``{name.have}`` and ``{name.need}`` as text.
    """

    def __init__(self, titles: Titles, decided: Action | Hold) -> None:
        self.titles = titles
        self.decided = decided
        self.say = CheckBuilder(titles.currency)
        self._gates = {gate.name: gate for gate in decided.evidence}
        goal_key = decided.goal_key or ""
        self._nouns = {"goal": goal_name(goal_key), "event": events(goal_key, 1), "events": events(goal_key)}

    def __getitem__(self, field: str) -> object:
        return self._nouns[field] if field in self._nouns else self.check(field)

    def __iter__(self) -> Iterator[str]:
        return iter([*self._nouns, *self._gates])

    def __len__(self) -> int:
        return len(self._nouns) + len(self._gates)

    @property
    def after_minor(self) -> int:
        """The budget that an action sets, in minor units; 0 where it sets none."""
        return (isinstance(self.decided, Action) and self.decided.after_minor) or 0

    def has(self, name: str) -> bool:
        """Whether there is such a gate or figure."""
        return name in self._gates

    def gate(self, name: str) -> Gate:
        """The gate or figure ``name``.

        Raises:
            MissingGate: there is none.
        """
        if name not in self._gates:
            raise MissingGate(name)
        return self._gates[name]

    def check(self, name: str) -> Check:
        """The gate ``name`` in text."""
        return self.say.check(name, self.gate(name))

    def number(self, name: str) -> Number:
        """What the gate ``name`` has, in its unit."""
        gate = self.gate(name)
        return Fraction(number(gate.have, gate.unit))

    def count(self, name: str) -> int:
        """What the gate ``name`` has, where it is whole."""
        return int(self.number(name))

    def ad_sets(self, name: str) -> str:
        """What the gate ``name`` needs, as ``1 ad set`` or ``3 ad sets``."""
        return ad_sets(int(Fraction(number(self.gate(name).need, "ad sets"))))

    def percent(self, name: str) -> str:
        """A share with two digits after the point at most: ``85 %``."""
        return f"{rounded(Fraction(self.number(name)), 2)} %"


Sentence: TypeAlias = str | Callable[[Context], str]
"""A template for ``str.format_map``, or a function for what depends on more than one side."""


def written(sentence: Sentence, context: Context) -> str:
    """Fill in a sentence.

    Raises:
        MissingGate: the evidence lacks what it needs.
    """
    return sentence.format_map(context) if isinstance(sentence, str) else sentence(context)
