"""The comparisons behind an action as the log keeps them: short, with raw numbers, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from orchestrator.domain.model import Decision
from orchestrator.explain.checks import Figures
from orchestrator.explain.context import Scene
from orchestrator.explain.explainer import action_story
from orchestrator.explain.model import Check
from orchestrator.rules import State

Compact = dict[str, int | str]


def of_decision(decided: Decision, state: State) -> list[list[Compact]]:
    """The comparisons behind each action of a decision, in its order, as ``details`` keep them."""
    scene = Scene(state, decided)
    return [[compact(check) for check in action_story(scene, action).checks] for action in decided.actions]


def compact(check: Check) -> Compact:
    """One comparison that passed: name, both sides in numbers, and their unit.

    Amounts are in minor units. A number that is not whole is a decimal as text.
    """
    return {
        "name": check.name,
        "have": check.have_raw,
        "word": check.word,
        "need": check.need_raw,
        **({"unit": check.unit} if check.unit else {}),
    }


def restored(checks: Iterable[Mapping[str, Any]], currency: str) -> tuple[Check, ...]:
    """Write kept comparisons for people again, in the account's currency."""
    say = Figures(currency)
    return tuple(_restored(say, each) for each in checks)


def _restored(say: Figures, kept: Mapping[str, Any]) -> Check:
    have, need, unit = kept["have"], kept["need"], kept.get("unit", "")
    if unit or isinstance(have, int):
        have, need = Fraction(have), Fraction(need)
    return say.told(kept["name"], (have, kept["word"], need), unit)
