"""The winner rule ``thresholds``: why a learning ad set did not win. Why one won is its ``{price}``."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.sentences import Sentence

HOLDS: Mapping[str, Sentence] = {
    "too_young": "it has run for {age.have} of the {age.need} it takes to judge it",
    "too_little_spend": {
        "spent_or_shown": (
            "it spent {spent_or_shown.have} and was shown {shown.have} times; it takes "
            "{spent_or_shown.need} or {least_shown.have} times"
        ),
        "spent": "it has spent nothing",
    },
    "too_few_events": "{core_events.counted} so far; it takes {core_events.need}",
    "not_better_than_median": {
        "cost": "{price}; it takes {cost.need}",
        "compared": (
            "tests of {goal} with enough figures: {compared.have}; a median takes {compared.need}, the "
            "cheapest alone {best_min_events.have} {events}"
        ),
    },
    "beyond_top": "it is number {rank.have}; at most {rank.need} win in one run",
}
