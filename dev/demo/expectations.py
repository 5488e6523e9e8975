"""What must come out for a person, compared with what did. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from demo.personas import Outcome
from orchestrator.domain.model import Action, GoalError, Hold


def unmet(
    expected: Iterable[Outcome],
    actions: Sequence[Action],
    holds: Sequence[Hold],
    errors: Sequence[GoalError],
    *,
    failure: str | None,
) -> list[Outcome]:
    """The outcomes that did not come about. ``failure``: the error that ended the user's run, if one did."""
    found: dict[str, Sequence[Action | Hold | GoalError]] = {
        "action": actions,
        "hold": holds,
        "error": errors,
    }

    def is_met(outcome: Outcome) -> bool:
        if outcome.kind == "failure":
            return failure is not None and failure.startswith(outcome.reason)
        count = sum(_fits(outcome, thing) for thing in found[outcome.kind])
        return count >= outcome.count if outcome.count else count == 0

    return [outcome for outcome in expected if not is_met(outcome)]


def _fits(outcome: Outcome, thing: Action | Hold | GoalError) -> bool:
    return (
        thing.reason == outcome.reason
        and outcome.goal_key in (None, thing.goal_key)
        and outcome.action_type in (None, getattr(thing, "action_type", None))
    )
