"""Step ``promote`` told: why a winner was copied, what was opened and lowered for it, or why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from orchestrator import rules
from orchestrator.domain.model import Action, Hold
from orchestrator.domain.reasons import reason_text
from orchestrator.explain import winners
from orchestrator.explain.context import Scene, Story, Teller, made, to_the_first_failed
from orchestrator.explain.model import Check
from orchestrator.explain.titles import ad_sets, goal_name
from orchestrator.explain.winners import cost_text, judged_gates
from orchestrator.rules import State
from orchestrator.rules.learning import last_removed_at
from orchestrator.rules.promote import (
    Promotion,
    last_promoted_at,
    others_best_first,
    promoted,
    wanted_for,
)
from orchestrator.rules.state import (
    AdSetNow,
    GoalNow,
    active_ad_sets,
    active_campaigns,
    active_goals,
    campaigns_of,
    cbo_minimum,
    is_in_creation,
    is_paused_by_person,
    is_paused_by_us,
)


class Attempt(NamedTuple):
    """One winner, and the state in which its promotion was considered."""

    goal: GoalNow
    winner: AdSetNow
    before: State
    wanted: Promotion


def _attempts(scene: Scene) -> Iterator[Attempt]:
    """Every winner in turn, with the promotions before it made."""
    state = scene.state
    for goal in active_goals(state):
        for ad_set, _ in scene.judged(goal).winners:
            yield Attempt(goal, ad_set, state, wanted_for(state, goal, ad_set)[0])
            _, state, _ = promoted(state, goal, ad_set)


def _attempt(scene: Scene, thing: Action | Hold) -> Attempt:
    """The promotion that an action is part of, or that a hold is about."""
    for attempt in _attempts(scene):
        if thing.action_type == "promote_winner" and attempt.winner.id == thing.adset_id:
            return attempt
        if thing in (*attempt.wanted.reductions, *attempt.wanted.rises):
            return attempt
    raise LookupError(f"no winner behind {thing}")


def _promoted(scene: Scene, action: Action) -> Story:
    goal, winner, before, _ = _attempt(scene, action)
    checks = (*judged_gates(scene, winner, goal), *_permission(scene, before, goal, winner))
    return Story(cost_text(scene, winner, goal), (*checks, *scene.guardrail(action)))


def _opened(scene: Scene, action: Action) -> Story:
    """A campaign created, revived or activated for a winner."""
    goal, winner, before, _ = _attempt(scene, action)
    name = scene.titles.ad_set(None, winner.id, goal.key)
    checks = (*_permission(scene, before, goal, winner), *scene.guardrail(action))
    return Story(f"{name} won: {cost_text(scene, winner, goal)}", checks)


def _lowered(scene: Scene, action: Action) -> Story:
    goal, _, _, _ = _attempt(scene, action)
    say = scene.figures
    check = say.amount(
        "its share beside a scaling campaign", action.after_minor or 0, "less than", action.before_minor or 0
    )
    stays, whole = say.text(goal.learning_if_split), say.text(goal.budget_minor)
    why = f"a scaling campaign opens, and {stays} of the {whole} for {goal_name(goal.key)} stay for learning"
    return Story(why, (check,))


def _starved(scene: Scene, action: Action) -> Story:
    goal, winner, before, _ = _attempt(scene, action)
    say, fed = scene.figures, goal.learning_if_split // goal.minimum_minor
    order = [winner.id, *(a.id for a in others_best_first(before, goal, winner))]
    place = order.index(action.adset_id or "") + 1
    why = (
        f"beside a scaling campaign {say.text(goal.learning_if_split)} for learning feed {ad_sets(fed)} "
        f"at {say.text(goal.minimum_minor)} each, and it is number {place}"
    )
    return Story(why, (say.count("its place, the winner first", place, "more than", fed, "ad sets"),))


def _permission(scene: Scene, before: State, goal: GoalNow, winner: AdSetNow) -> tuple[Check, ...]:
    """What must be so before a winner is promoted, in the order of the rule, to the first that is not."""
    return to_the_first_failed(
        scene.figures.switch("Auto-Scale Winners", is_on=before.snapshot.settings.auto_scale_winners),
        *_cooldown(scene, before, winner),
        *(() if active_campaigns(before, goal.key, "scaling") else _standing(scene, before, goal)),
        *_budgets(scene, before, goal),
    )


def _cooldown(scene: Scene, before: State, winner: AdSetNow) -> Iterator[Check]:
    at = last_promoted_at(before, winner)
    if at is not None:
        cooldown = timedelta(hours=before.policy.promotion_cooldown_hours)
        name = "since it or its creative was promoted"
        yield scene.figures.hours(name, before.snapshot.now - at, "at least", cooldown)


def _standing(scene: Scene, before: State, goal: GoalNow) -> Iterator[Check]:
    """Whether a person or an unfinished creation stands in the way of a scaling campaign."""
    say, campaigns = scene.figures, campaigns_of(before, goal.key, "scaling")
    by_person = sum(is_paused_by_person(c) for c in campaigns)
    yield say.count("scaling campaigns that a person paused", by_person, "is", 0)
    yield say.count("scaling campaigns not finished yet", sum(map(is_in_creation, campaigns)), "is", 0)
    removed_at = last_removed_at(campaigns)
    if removed_at is not None and not any(c.status in {"ACTIVE", "PAUSED"} for c in campaigns):
        wait = timedelta(days=before.policy.recreate_after_days)
        name = "since a person removed the scaling campaign"
        yield say.days(name, before.snapshot.now - removed_at, "at least", wait)


def _budgets(scene: Scene, before: State, goal: GoalNow) -> Iterator[Check]:
    say, active = scene.figures, active_campaigns(before, goal.key, "scaling")
    if active:
        running = len(active_ad_sets(before, active[0].id)) + 1
        name = f"its campaign's budget, for {ad_sets(running)}"
        yield say.amount(name, active[0].budget_minor, "at least", cbo_minimum(goal, running))
        return
    yield say.amount(
        "the scaling part of the goal's budget", goal.scaling_if_split, "at least", goal.minimum_minor
    )
    yield say.amount(
        "the learning part of the goal's budget", goal.learning_if_split, "at least", goal.minimum_minor
    )


def _refused(scene: Scene, hold: Hold) -> Story:
    """A winner that the user, a person, time or a minimum keeps from being promoted."""
    goal, winner, before, _ = _attempt(scene, hold)
    checks = _permission(scene, before, goal, winner)
    numbers = {
        "cooldown": f"; that was {checks[-1].have} ago, {checks[-1].need} must lie between",
        "removed_by_user": f"; that was {checks[-1].have} ago, it is made again after {checks[-1].need}",
        "scaling_budget_below_minimum": f": {checks[-1].have} where Meta takes {checks[-1].need}",
        "budget_below_minimum": f": {checks[-1].have} would be left for learning, it takes {checks[-1].need}",
    }
    but = f"{_REFUSALS[hold.reason]}{numbers.get(hold.reason, '')}"
    why = f"it won ({cost_text(scene, winner, goal)}), but {but}"
    return Story(why, (*judged_gates(scene, winner, goal), *checks))


_REFUSALS = {
    "auto_scale_off": "Auto-Scale Winners is off",
    "cooldown": "it or its creative was promoted lately",
    "paused_by_user": "a person paused the scaling campaign",
    "unverified_copy": "the scaling campaign is not finished yet",
    "removed_by_user": "a person removed the scaling campaign",
    "scaling_budget_below_minimum": "the scaling budget is too small",
    "budget_below_minimum": "the goal's budget is too small to be split",
}


def _full(scene: Scene, hold: Hold) -> Story:
    goal, winner, before, wanted = _attempt(scene, hold)
    gates = (*judged_gates(scene, winner, goal), *_permission(scene, before, goal, winner))
    paused = [c for c in campaigns_of(before, goal.key, "scaling") if is_paused_by_us(c)]
    if not wanted.rises and paused:
        check = scene.figures.count("scaling campaigns that run or ran dry", 0, "at least", 1)
        because = reason_text(paused[0].paused_reason or "goal_inactive")
        why = f"it won, but the scaling campaign is paused: {because}"
        return Story(why, (*judged_gates(scene, winner, goal), check))
    check = scene.under_cap(rules.live_sum_minor(made(before, (*wanted.reductions, *wanted.rises))))
    over = f"with it {check.have} could be spent a day, over the cap of {check.need}"
    return Story(f"it won ({cost_text(scene, winner, goal)}), but {over}", (*gates, check))


ACTIONS: Mapping[str, Teller[Action]] = {
    "winner": lambda scene, action: (
        _promoted(scene, action) if action.action_type == "promote_winner" else _opened(scene, action)
    ),
    "make_room": _lowered,
    "below_minimum_budget": _starved,
}
HOLDS: Mapping[str, Teller[Hold]] = {
    **winners.HOLDS,
    **dict.fromkeys(_REFUSALS, _refused),
    "no_room": _full,
}
