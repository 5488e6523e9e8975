"""Step ``scale``: why a scaling campaign was raised, or stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.domain.goals import event_name
from orchestrator.explain.wording_context import Context, Sentence


def _raised(context: Context) -> str:
    why = _growth(context)
    if context.has("full_step"):
        return f"{why}; the cap of {context.check('cap').have} allows no whole step"
    return why


def _growth(context: Context) -> str:
    """What the cost of an event did from the day before to yesterday."""
    if not context.has("cost_yesterday"):
        noun = event_name(context.decided.goal_key, int(context.number("events_yesterday")))
        count = f"{{events_yesterday.have}} {noun} for {{spent_yesterday.have}} yesterday"
        return context.fill(f"{count}, none the day before")
    before, now = context.prices("cost_day_before", "cost_yesterday")
    cost, cost_before = context.number("cost_yesterday"), context.number("cost_day_before")
    if cost == cost_before:
        return f"cost per {context['event']} held at {now}"
    moved = "fell" if cost < cost_before else "rose only"
    return f"cost per {context['event']} {moved} from {before} to {now}"


def _dear(context: Context) -> str:
    before, now = context.prices("cost_day_before", "cost_yesterday")
    return f"cost per {context['event']} rose from {before} to {now}"


def _full(context: Context) -> str:
    left = context.check("raise").have if context.number("raise") > 0 else "nothing"
    return context.fill(f"the cap of {{cap.have}} leaves it {left} more; the least raise is {{raise.need}}")


ACTIONS: Mapping[str, Sentence] = {"scale_up": _raised}
HOLDS: Mapping[str, Sentence] = {
    "auto_scale_off": "Auto-Scale Winners is off",
    "cooldown": "{goal} was raised {since_raise.have} ago; {since_raise.need} lie between two raises",
    "too_early_in_day": (
        "it is {hour.have} in the account's zone; yesterday's figures are settled at {hour.need}"
    ),
    "too_few_events": "{events_yesterday.have} {events} yesterday; a raise takes {events_yesterday.need}",
    "too_little_history": "it spent nothing the day before yesterday to compare with",
    "cost_rising": _dear,
    "budget_below_minimum": (
        "{next_budget.have} is all that is left for it; the least it may have is {next_budget.need}"
    ),
    "raise": _full,
}
