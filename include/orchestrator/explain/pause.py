"""Step ``pause`` told: why an ad set was stopped, or runs on."""

from __future__ import annotations

from collections.abc import Mapping

from orchestrator.domain.model import Action, Hold
from orchestrator.explain.context import Scene, Story, Teller, to_the_first_failed
from orchestrator.explain.model import Check
from orchestrator.explain.titles import events, goal_name
from orchestrator.rules.pause import goal_spend_minor
from orchestrator.rules.state import active_ad_sets, goal_ad_sets


def _gates(scene: Scene, thing: Action | Hold) -> tuple[Check, ...]:
    """What must be so before an ad set is paused, in the order of the rule, to the first that is not."""
    say, limits, ad_set = scene.figures, scene.state.limits, scene.ad_set(thing)
    return to_the_first_failed(
        say.switch("Auto-Pause Losers", is_on=scene.state.snapshot.settings.auto_pause_losers),
        say.hours(
            "running for",
            scene.state.snapshot.now - ad_set.active_since,
            "at least",
            limits.loser_min_active,
        ),
        say.amount("spent so far", ad_set.spend_minor, "more than", limits.loser_min_spend),
        say.count(f"{events(thing.goal_key)} so far", ad_set.events, "is", 0, "events"),
        say.amount("daily budget", limits.total, "at least", limits.loser_min_total_budget),
    )


def _loser(scene: Scene, action: Action) -> Story:
    ad_set, checks = scene.ad_set(action), _gates(scene, action)
    spent = scene.figures.text(ad_set.spend_minor)
    return Story(f"it spent {spent} in {checks[1].have} without one {events(action.goal_key, 1)}", checks)


def _blind_goal(scene: Scene, action: Action) -> Story:
    goal, noun = scene.goal(action), events(action.goal_key)
    spent, limit = goal_spend_minor(scene.state, goal), scene.state.limits.blind_spend_limit
    fruitless = f"{scene.figures.text(spent)} without one {events(goal.key, 1)} in any ad set"
    return Story(
        f"{goal_name(goal.key)} cost {fruitless}: the tracking is suspect",
        (
            scene.figures.count(
                f"{noun} of all its ad sets", _all_events(scene, goal.key), "is", 0, "events"
            ),
            scene.figures.amount("spent by all of them", spent, "more than", limit),
        ),
    )


def _emptied(scene: Scene, action: Action) -> Story:
    left = len(active_ad_sets(scene.after, action.campaign_id or ""))
    return Story(
        "none of its ad sets is active any more",
        (scene.figures.count("active ad sets in it", left, "less than", 1, "ad sets"),),
    )


def _off(scene: Scene, hold: Hold) -> Story:
    return Story("Auto-Pause Losers is off", _gates(scene, hold))


def _young(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    return Story(f"it has run for {checks[-1].have} of the {checks[-1].need} it gets", checks)


def _cheap(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    return Story(f"it spent {checks[-1].have}; it is judged above {checks[-1].need}", checks)


def _fruitful(scene: Scene, hold: Hold) -> Story:
    count = scene.ad_set(hold).events
    spent = scene.figures.text(scene.ad_set(hold).spend_minor)
    return Story(f"it brought {count:,} {events(hold.goal_key, count)} for {spent}", _gates(scene, hold))


def _poor(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    return Story(
        f"a daily budget of {checks[-1].have} is too low to judge by; it takes {checks[-1].need}", checks
    )


def _blind(scene: Scene, hold: Hold) -> Story:
    noun, goal = events(hold.goal_key, 1), scene.goal(hold)
    found = scene.figures.count(
        f"{events(hold.goal_key)} of all ad sets of {goal_name(goal.key)}",
        _all_events(scene, goal.key),
        "at least",
        1,
        "events",
    )
    limit = scene.figures.text(scene.state.limits.blind_spend_limit)
    why = (
        f"no ad set of {goal_name(goal.key)} ever had one {noun}: the tracking is suspect, look at it; "
        f"the goal is stopped once it has cost more than {limit}"
    )
    return Story(why, (*_gates(scene, hold), found))


def _all_events(scene: Scene, goal_key: str) -> int:
    return sum(ad_set.events for ad_set in goal_ad_sets(scene.state, goal_key))


ACTIONS: Mapping[str, Teller[Action]] = {
    "loser": _loser,
    "no_events_anywhere": _blind_goal,
    "no_active_adset": _emptied,
}
HOLDS: Mapping[str, Teller[Hold]] = {
    "auto_pause_off": _off,
    "too_young": _young,
    "too_little_spend": _cheap,
    "has_events": _fruitful,
    "budget_too_low": _poor,
    "no_events_anywhere": _blind,
}
