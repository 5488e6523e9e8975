"""Step ``learning``: why a test was started or resumed, or why no more are."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.explain.sentences import Sentence

ACTIONS: Mapping[str, Sentence] = {
    "no_learning_campaign": "{goal} has no learning campaign",
    "new_test_cell": (
        "{learning_ad_sets.have} of at most {learning_ad_sets.need} tests run, and this audience with this "
        "creative was not tried yet"
    ),
    "budget_fits_again": (
        "{learning_budget.have} for learning feed it again, with {ad_set_budget.have} a day"
    ),
    "delivers_again": "its ads can be delivered again, with {ad_set_budget.have} a day",
    "events_arrived": (
        "its conversions came late: {core_events.counted} by now at {cost_by_now.have} each, against a "
        "median of {cost_by_now.need}"
    ),
}
HOLDS: Mapping[str, Sentence] = {
    "not_ready": "{goal} still needs: {missing.have}",
    "paused_by_user": "a person paused it in Ads Manager; resume it there to go on",
    "removed_by_user": (
        "a person removed the last one {since_learning_removed.have} ago; it is made again after "
        "{since_learning_removed.need}"
    ),
    "no_creative": "{goal} has no approved creative; add one",
    "no_untested_cell": "every audience of {goal} was tried with every approved creative; add a creative",
    "learning_open": "the goal's learning campaign is paused and could not be resumed",
}
