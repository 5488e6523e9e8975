"""The winner interface: which of a goal's learning ad sets won, and why every other one did not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from orchestrator.domain.evidence import Evidence
from orchestrator.domain.model import Winner
from orchestrator.rules.state import AdSetNow, GoalNow, State


class Field(NamedTuple):
    """A goal's learning ad sets that are compared, by age: ACTIVE in an ACTIVE learning campaign.

    Only ``candidates`` can win. Those ``promoted`` have a copy that runs: they stay the measure for the rest.
    """

    candidates: Sequence[AdSetNow]
    promoted: Sequence[AdSetNow] = ()


class Selection(NamedTuple):
    """A goal's winners, best first, and every other candidate with the reason that holds it."""

    winners: list[tuple[AdSetNow, Winner, Evidence]]
    held: list[tuple[AdSetNow, str, Evidence]]


class WinnerRule(Protocol):
    """Decides which learning ad sets of one goal won. Pure: no clock, no randomness, no I/O.

    Args:
        state: As the earlier steps left it, with the policy and the moment of the run.
        goal: An active goal.
        field: The ad sets to compare, all in the snapshot. May be empty.

    Returns:
        Each candidate once: among the winners, at most ``max_winners`` of them, with the gates that it
        passed; or held, with a reason of ``domain`` and the gates up to the first that failed.
    """

    def __call__(self, state: State, goal: GoalNow, field: Field) -> Selection:
        """Compare the field."""
