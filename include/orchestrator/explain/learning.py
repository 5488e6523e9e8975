"""Step ``learning`` told: why a test was started or resumed, or why no more are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from orchestrator import rules
from orchestrator.domain.model import Action, Hold
from orchestrator.explain.context import Scene, Story, Teller
from orchestrator.explain.model import Check
from orchestrator.explain.titles import goal_name
from orchestrator.rules.learning import (
    Outline,
    as_planned,
    feasible,
    last_removed_at,
    outline,
    rise_minor,
    untried,
)
from orchestrator.rules.state import GoalNow, active_campaigns, campaigns_of, is_paused_by_person


def _plan(scene: Scene, goal: GoalNow) -> Outline:
    """What the goal's learning will be, of which the guardrail then allows all or nothing."""
    return feasible(scene.state, goal, outline(as_planned(scene.state), goal))


def _campaign(scene: Scene, action: Action) -> Story:
    active = len(active_campaigns(scene.state, action.goal_key, "testing"))
    check = scene.figures.count("learning campaigns that run", active, "less than", 1)
    return Story(f"{goal_name(action.goal_key)} has no learning campaign", (check,))


def _cell(scene: Scene, action: Action) -> Story:
    goal = scene.goal(action)
    plan = _plan(scene, goal)
    names = [f"new:testing:{goal.key}:{cell.audience}:{cell.creative_id}" for cell in plan.cells]
    before = len(plan.kept) + len(plan.resumed) + names.index(action.adset_id or "")
    why = (
        f"{before} of at most {goal.n_max} tests run, and this audience with this creative was not tried yet"
    )
    return Story(why, _fits(scene, action, before))


def _resumed(scene: Scene, action: Action) -> Story:
    goal = scene.goal(action)
    plan = _plan(scene, goal)
    before = len(plan.kept) + [a.id for a in plan.resumed].index(action.adset_id or "")
    share = scene.figures.text(plan.shares[action.adset_id or ""])
    why = f"{scene.figures.text(goal.learning_minor)} for learning feed it again, with {share} a day"
    return Story(why, _fits(scene, action, before))


def _fits(scene: Scene, action: Action, before: int) -> tuple[Check, ...]:
    """Room among the goal's ad sets, for the minimum, and under the cap."""
    say, goal = scene.figures, scene.goal(action)
    plan = _plan(scene, goal)
    share = action.after_minor if action.after_minor is not None else plan.shares[action.adset_id or ""]
    return (
        say.count("the goal's learning ad sets before it", before, "less than", goal.n_max, "ad sets"),
        say.amount("its daily budget", share, "at least", goal.minimum_minor),
        *scene.guardrail(action),
    )


def _by_person(scene: Scene, hold: Hold) -> Story:
    campaigns = campaigns_of(scene.state, hold.goal_key or "", "testing")
    paused = sum(is_paused_by_person(c) for c in campaigns)
    check = scene.figures.count("learning campaigns that a person paused", paused, "is", 0)
    return Story("a person paused it in Ads Manager; resume it there to go on", (check,))


def _removed(scene: Scene, hold: Hold) -> Story:
    wait = timedelta(days=scene.state.policy.recreate_after_days)
    at = last_removed_at(campaigns_of(scene.state, hold.goal_key or "", "testing"))
    since = scene.state.snapshot.now - (at or scene.state.snapshot.now)
    check = scene.figures.days("since a person removed the last one", since, "at least", wait)
    return Story(
        f"a person removed the last one {check.have} ago; it is made again after {check.need}", (check,)
    )


def _no_creative(scene: Scene, hold: Hold) -> Story:
    found = len(scene.state.approved.get(hold.goal_key or "", ()))
    check = scene.figures.count("approved creatives", found, "at least", 1)
    return Story(f"{goal_name(hold.goal_key or '')} has no approved creative; add one", (check,))


def _too_little(scene: Scene, hold: Hold) -> Story:
    goal = scene.goal(hold)
    check = scene.figures.amount(
        "the goal's learning budget", goal.learning_minor, "at least", goal.minimum_minor
    )
    return Story(f"{check.have} a day is less than Meta takes for one ad set, {check.need}", (check,))


def _all_tried(scene: Scene, hold: Hold) -> Story:
    goal = scene.goal(hold)
    left = len(untried(scene.state, goal))
    check = scene.figures.count("audiences with creatives not tried yet", left, "at least", 1)
    why = f"every audience of {goal_name(goal.key)} was tried with every approved creative; add a creative"
    return Story(why, (check,))


def _full(scene: Scene, hold: Hold) -> Story:
    goal = scene.goal(hold)
    plan = _plan(scene, goal)
    if plan.hold == "no_room":
        check = scene.figures.count("running campaigns it could be started in", 0, "at least", 1)
        return Story("the goal's learning campaign is paused and could not be resumed", (check,))
    together = rules.live_sum_minor(scene.full("learning")) + rise_minor(plan)
    check = scene.under_cap(together)
    return Story(f"with it {check.have} could be spent a day, over the cap of {check.need}", (check,))


ACTIONS: Mapping[str, Teller[Action]] = {
    "no_learning_campaign": _campaign,
    "new_test_cell": _cell,
    "budget_fits_again": _resumed,
}
HOLDS: Mapping[str, Teller[Hold]] = {
    "paused_by_user": _by_person,
    "removed_by_user": _removed,
    "no_creative": _no_creative,
    "budget_below_minimum": _too_little,
    "no_untested_cell": _all_tried,
    "no_room": _full,
}
