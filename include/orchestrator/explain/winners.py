"""The judging of learning ad sets told: the gates on the way to winning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from orchestrator.domain.model import Action, Hold
from orchestrator.explain.context import Scene, Story, Teller, to_the_first_failed
from orchestrator.explain.model import Check
from orchestrator.explain.titles import events, goal_name
from orchestrator.rules.state import AdSetNow, GoalNow
from orchestrator.rules.winners.thresholds import Ranking, cost_to_beat


def judged_gates(scene: Scene, ad_set: AdSetNow, goal: GoalNow) -> tuple[Check, ...]:
    """All that makes a winner, in the order of the rule, to the first that is not so."""
    gates = _candidate_gates(scene, ad_set, goal)
    field = scene.judged(goal).field
    if field is None or ad_set not in field.ranked:
        return gates
    rank = field.ranked.index(ad_set)
    place = scene.figures.count(
        "its place by cost", rank + 1, "at most", scene.state.policy.max_winners, "ad sets"
    )
    return to_the_first_failed(*gates, *_comparison(scene, goal, field, rank), place)


def cost_text(scene: Scene, ad_set: AdSetNow, goal: GoalNow) -> str:
    """``a click costs $0.38 against a median of $0.42``."""
    field = scene.judged(goal).field
    if field is None:
        return f"{ad_set.events} {events(goal.key)}"
    cost, median = scene.figures.prices(Fraction(ad_set.spend_minor, ad_set.events), field.median())
    if len(field.ranked) == 1:
        return f"a {events(goal.key, 1)} costs {cost}"
    return f"a {events(goal.key, 1)} costs {cost} against a median of {median}"


def _candidate_gates(scene: Scene, ad_set: AdSetNow, goal: GoalNow) -> tuple[Check, ...]:
    """What an ad set must have before it is compared."""
    say = scene.figures
    age = scene.state.snapshot.now - ad_set.active_since
    copies = int(ad_set.id in scene.copied)
    return to_the_first_failed(
        say.count("its copies that scale", copies, "is", 0, "ad sets"),
        say.hours("running for", age, "at least", scene.state.limits.winner_min_active),
        _volume(scene, ad_set),
        say.count(f"{events(goal.key)} so far", ad_set.events, "at least", goal.min_events, "events"),
    )


def _volume(scene: Scene, ad_set: AdSetNow) -> Check:
    """Enough money or enough impressions; where neither, the money, and both in words."""
    say, least = scene.figures, scene.state.limits.winner_min_spend
    shown = scene.state.policy.winner_min_impressions
    if not ad_set.spend_minor:
        return say.amount("spent so far", 0, "more than", 0)
    if ad_set.spend_minor >= least:
        return say.amount("spent so far", ad_set.spend_minor, "at least", least)
    if ad_set.impressions >= shown:
        return say.count("impressions so far", ad_set.impressions, "at least", shown, "impressions")
    name = f"spent so far (with {ad_set.impressions:,} of {shown:,} impressions)"
    return say.amount(name, ad_set.spend_minor, "at least", least)


def _comparison(scene: Scene, goal: GoalNow, field: Ranking, rank: int) -> Iterator[Check]:
    """The clause by which it wins; when by none, why it does not beat the median."""
    say, policy = scene.figures, scene.state.policy
    least = policy.median_min_adsets
    compared = say.count("ad sets to compare with", len(field.ranked), "at least", least, "ad sets")
    share = say.number(100 - Fraction(policy.winner_margin_bp, 100))
    name = f"cost per {events(goal.key, 1)} (limit: {share} % of the median)"
    cost = say.amount(name, field.cost(rank), "at most", cost_to_beat(scene.state, field))
    if compared.passed and cost.passed:
        yield from (compared, cost)
        return
    events_of = field.ranked[rank].events
    volume = say.count(
        f"{events(goal.key)} of the cheapest", events_of, "at least", goal.best_min_events, "events"
    )
    if rank == 0 and volume.passed:
        yield volume
    else:
        yield from (compared, cost)


def _copied(scene: Scene, hold: Hold) -> Story:
    return Story("a copy of it scales already", _gates(scene, hold))


def _young(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    return Story(f"it has run for {checks[-1].have} of the {checks[-1].need} it takes to judge it", checks)


def _cheap(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    shown = scene.state.policy.winner_min_impressions
    seen = scene.ad_set(hold).impressions
    if not scene.ad_set(hold).spend_minor:
        return Story("it has spent nothing", checks)
    has, takes = f"{checks[-1].have} and was shown {seen:,} times", f"{checks[-1].need} or {shown:,} times"
    return Story(f"it spent {has}; it takes {takes}", checks)


def _few(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    return Story(f"{checks[-1].have} {events(hold.goal_key)} so far; it takes {checks[-1].need}", checks)


def _ordinary(scene: Scene, hold: Hold) -> Story:
    checks, goal, ad_set = _gates(scene, hold), scene.goal(hold), scene.ad_set(hold)
    if checks[-1].unit == "ad sets":
        why = (
            f"tests of {goal_name(goal.key)} with enough figures: {checks[-1].have}; a median takes "
            f"{checks[-1].need}, the cheapest alone {goal.best_min_events} {events(goal.key)}"
        )
    else:
        why = f"{cost_text(scene, ad_set, goal)}; it takes {checks[-1].need}"
    return Story(why, checks)


def _beyond(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    return Story(f"it is number {checks[-1].have}; at most {checks[-1].need} win in one run", checks)


def _gates(scene: Scene, thing: Action | Hold) -> tuple[Check, ...]:
    return judged_gates(scene, scene.ad_set(thing), scene.goal(thing))


HOLDS: Mapping[str, Teller[Hold]] = {
    "already_scaling": _copied,
    "too_young": _young,
    "too_little_spend": _cheap,
    "too_few_events": _few,
    "not_better_than_median": _ordinary,
    "beyond_top": _beyond,
}
