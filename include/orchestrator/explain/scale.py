"""Step ``scale`` told: why a scaling campaign was raised, or stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from fractions import Fraction

from orchestrator import rules
from orchestrator.domain.model import Action, Hold
from orchestrator.explain.context import Scene, Story, Teller, to_the_first_failed
from orchestrator.explain.model import Check
from orchestrator.explain.titles import ad_sets, events, goal_name
from orchestrator.rules import State
from orchestrator.rules.scale import (
    cost_and_most,
    full_step,
    last_raised_at,
    last_two_days,
    least_raise,
    local_time,
    looks,
    new_budget,
)
from orchestrator.rules.state import active_ad_sets, cbo_minimum


def _gates(scene: Scene, thing: Action | Hold) -> tuple[Check, ...]:
    """What must be so before a raise, in the order of the rule, to the first that is not."""
    state = _when(scene, thing)
    return to_the_first_failed(
        *_permission(scene, state, thing), *_evidence(scene, thing), *_room(scene, state, thing)
    )


def _when(scene: Scene, thing: Action | Hold) -> State:
    """The state in which the rule looked at the campaign: with the raises before it."""
    found = (look.before for look in looks(scene.state) if look.campaign.id == thing.campaign_id)
    return next(found, scene.state)


def _permission(scene: Scene, state: State, thing: Action | Hold) -> Iterator[Check]:
    policy = state.policy
    yield scene.figures.switch("Auto-Scale Winners", is_on=state.snapshot.settings.auto_scale_winners)
    raised_at = last_raised_at(state, scene.goal(thing))
    if raised_at is not None:
        since, cooldown = state.snapshot.now - raised_at, timedelta(hours=policy.scale_cooldown_hours)
        yield scene.figures.hours("since the last raise for the goal", since, "at least", cooldown)
    local = local_time(state)
    yield scene.figures.hour("hour in the account's zone", local.hour, "at least", policy.settle_hours)


def _evidence(scene: Scene, thing: Action | Hold) -> Iterator[Check]:
    say, noun = scene.figures, events(thing.goal_key)
    d1, d2 = last_two_days(scene.state, scene.campaign(thing))
    yield say.count(f"{noun} yesterday", d1.events, "at least", scene.goal(thing).min_events, "events")
    yield say.amount("spent the day before", d2.spend_minor, "more than", 0)
    costs = cost_and_most(scene.state, d1, d2)
    if costs is not None:
        share = say.number(100 + Fraction(scene.state.policy.scale_tolerance_bp, 100))
        name = f"cost per {events(thing.goal_key, 1)} yesterday (limit: {share} % of the day before)"
        yield say.amount(name, costs[0], "at most", costs[1])


def _room(scene: Scene, state: State, thing: Action | Hold) -> Iterator[Check]:
    say, campaign = scene.figures, scene.campaign(thing)
    new = new_budget(state, campaign)
    running = len(active_ad_sets(state, campaign.id))
    least = cbo_minimum(scene.goal(thing), running)
    yield say.amount(f"its next budget, for {ad_sets(running)}", new, "at least", least)
    yield say.amount("the raise", new - campaign.budget_minor, "at least", least_raise(state, campaign))


def _raised(scene: Scene, action: Action) -> Story:
    d1, d2 = last_two_days(scene.state, scene.campaign(action))
    noun = events(action.goal_key, 1)
    if not d2.events:
        spent = scene.figures.text(d1.spend_minor)
        why = f"{d1.events:,} {events(action.goal_key, d1.events)} for {spent} yesterday, none the day before"
    else:
        costs = (Fraction(d2.spend_minor, d2.events), Fraction(d1.spend_minor, d1.events))
        before, now = scene.figures.prices(*costs)
        moved = {True: f"fell from {before} to {now}", False: f"rose only from {before} to {now}"}
        why = f"cost per {noun} " + (f"held at {now}" if costs[0] == costs[1] else moved[costs[1] < costs[0]])
    if (action.after_minor or 0) < full_step(scene.state, scene.campaign(action)):
        why += f"; the cap of {scene.figures.text(rules.cap_minor(scene.state))} allows no whole step"
    return Story(why, (*_gates(scene, action), *scene.guardrail(action)))


def _off(scene: Scene, hold: Hold) -> Story:
    return Story("Auto-Scale Winners is off", _gates(scene, hold))


def _cooling(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    wait = f"{checks[-1].need} lie between two raises"
    why = f"{goal_name(hold.goal_key or '')} was raised {checks[-1].have} ago; {wait}"
    return Story(why, checks)


def _early(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    why = (
        f"it is {checks[-1].have} in the account's zone; yesterday's figures are settled at {checks[-1].need}"
    )
    return Story(why, checks)


def _few(scene: Scene, hold: Hold) -> Story:
    last, noun = _gates(scene, hold)[-1], events(hold.goal_key)
    return Story(f"{last.have} {noun} yesterday; a raise takes {last.need}", _gates(scene, hold))


def _short(scene: Scene, hold: Hold) -> Story:
    return Story("it spent nothing the day before yesterday to compare with", _gates(scene, hold))


def _dear(scene: Scene, hold: Hold) -> Story:
    d1, d2 = last_two_days(scene.state, scene.campaign(hold))
    costs = (Fraction(d2.spend_minor, d2.events), Fraction(d1.spend_minor, d1.events))
    before, now = scene.figures.prices(*costs)
    return Story(f"cost per {events(hold.goal_key, 1)} rose from {before} to {now}", _gates(scene, hold))


def _thin(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    why = f"{checks[-1].have} is all that is left for it; Meta takes no less than {checks[-1].need}"
    return Story(why, checks)


def _full(scene: Scene, hold: Hold) -> Story:
    checks = _gates(scene, hold)
    if checks[-1].passed:  # a run for some goals only, whose cuts were not all made
        return Story("", ())
    cap = scene.figures.text(rules.cap_minor(scene.state))
    left = "nothing" if checks[-1].have.startswith("-") or checks[-1].have_raw == 0 else checks[-1].have
    return Story(f"the cap of {cap} leaves it {left} more; the least raise is {checks[-1].need}", checks)


ACTIONS: Mapping[str, Teller[Action]] = {"scale_up": _raised}
HOLDS: Mapping[str, Teller[Hold]] = {
    "auto_scale_off": _off,
    "cooldown": _cooling,
    "too_early_in_day": _early,
    "too_few_events": _few,
    "too_little_history": _short,
    "cost_rising": _dear,
    "budget_below_minimum": _thin,
    "no_room": _full,
}
