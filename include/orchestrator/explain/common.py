"""Why something is not done, in any step: by the reason, or by the gate that failed."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.wording_context import Context, Sentence


def _over_the_cap(context: Context) -> str:
    why = context.fill("with it {live_budget.have} could be spent a day, over the cap of {live_budget.need}")
    if context.has("some_goals"):
        return f"{why}: the run is for some goals only, and cuts nothing of the others"
    return why


def _stale(context: Context) -> str:
    if context.has("insights"):
        return "the figures could not be read whole, and none is not zero"
    return context.fill("the figures are {insights_age.have} old; they may be used for {insights_age.need}")


HOLDS: Mapping[str, Sentence] = {
    "stale_insights": _stale,
    "breaker_stale_insights": lambda context: f"breaker: {_stale(context)}, so nothing is raised",
    "breaker_overspend": (
        "breaker: {spent_today.have} were spent today, more than {spent_today.need}, so nothing is raised"
    ),
    "breaker_delivery_stopped": (
        "breaker: only {spent_yesterday.have} were spent yesterday though all reads active, so nothing is "
        "raised"
    ),
    "live_budget": _over_the_cap,
}
