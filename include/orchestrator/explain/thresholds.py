"""The winner rule ``thresholds``: why a learning ad set won, or did not."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.wording_context import Context, Sentence


def cost_text(context: Context) -> str:
    """``a click costs $0.38 against a median of $0.42``."""
    cost, median = context.prices("cost", "median")
    against = "" if context.number("compared") == 1 else f" against a median of {median}"
    return f"a {context['event']} costs {cost}{against}"


def _too_little(context: Context) -> str:
    if not context.has("spent_or_shown"):
        return "it has spent nothing"
    did = "it spent {spent_or_shown.have} and was shown {shown.have} times; "
    return context.fill(did + "it takes {spent_or_shown.need} or {least_shown.have} times")


def _ordinary(context: Context) -> str:
    if context.has("cost"):
        return f"{cost_text(context)}; it takes {context.check('cost').need}"
    tests = "tests of {goal} with enough figures: {compared.have}; a median takes {compared.need}, "
    return context.fill(tests + "the cheapest alone {best_min_events.have} {events}")


HOLDS: Mapping[str, Sentence] = {
    "already_scaling": "a copy of it scales already",
    "too_young": "it has run for {age.have} of the {age.need} it takes to judge it",
    "too_little_spend": _too_little,
    "too_few_events": "{core_events.have} {events} so far; it takes {core_events.need}",
    "not_better_than_median": _ordinary,
    "beyond_top": "it is number {rank.have}; at most {rank.need} win in one run",
}
