"""Why a goal gets nothing of the day."""

from __future__ import annotations

from orchestrator.domain.evidence import Comparison, Evidence, Gate, figure
from orchestrator.rules.division.apportionment import last_offer
from orchestrator.rules.state import GoalNow, State


def share_of_day(state: State, goal: GoalNow, *, is_wanted: bool) -> Evidence:
    """Why a goal gets nothing of the day: its hint, or a share by priority below its minimum.

    ``is_wanted``: the gate is that of a hold, which fails; else that of a pause, which passes.
    """
    by_key = {each.goal_key: each for each in state.snapshot.goals}
    mine = by_key[goal.key]
    if mine.budget_hint_minor is not None:
        hint = figure("budget_hint", mine.budget_hint_minor, "minor")
        return hint, Gate("hint_part", goal.budget_minor, "more than" if is_wanted else "at most", 0, "minor")
    active = [by_key[each.key] for each in state.goals if each.is_active and not each.is_idle]
    total = state.limits.total
    offer = last_offer(active, total, active.index(mine))
    word: Comparison = "at least" if is_wanted else "less than"
    return (
        figure("day", total, "minor"),
        figure("priority", mine.priority),
        Gate("priority_part", offer, word, goal.minimum_minor, "minor"),
    )
