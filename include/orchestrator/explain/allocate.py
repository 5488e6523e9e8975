"""Step ``allocate`` told: why a budget was written, a campaign paused or resumed, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from orchestrator import rules
from orchestrator.domain.model import Action, Hold
from orchestrator.explain.context import Scene, Story, Teller
from orchestrator.explain.model import Check, Word
from orchestrator.explain.titles import ad_sets, goal_name
from orchestrator.rules.allocate import drift, learning_best_first
from orchestrator.rules.apportionment import last_offer
from orchestrator.rules.learning import Outline, outline
from orchestrator.rules.live_budget import campaign_minor
from orchestrator.rules.resumability import runnable_ad_sets
from orchestrator.rules.scaling_budgets import Scaling
from orchestrator.rules.state import GoalNow, active_goals


def _goal_off(scene: Scene, action: Action) -> Story:
    check = scene.figures.fact("the goal", "switched off", "is", "switched off")
    return Story(f"the goal {goal_name(action.goal_key)} is switched off", (check,))


def _no_share(scene: Scene, action: Action) -> Story:
    return Story(*_share_of_day(scene, scene.goal(action), is_wanted=False))


def _no_share_held(scene: Scene, hold: Hold) -> Story:
    return Story(*_share_of_day(scene, scene.goal(hold), is_wanted=True))


def _share_of_day(scene: Scene, goal: GoalNow, *, is_wanted: bool) -> tuple[str, tuple[Check, ...]]:
    """Why a goal gets nothing of the day: its hint, or a share by priority below its minimum."""
    say, total = scene.figures, scene.state.limits.total
    by_key = {each.goal_key: each for each in scene.state.snapshot.goals}
    active = [by_key[each.key] for each in active_goals(scene.state)]
    mine = by_key[goal.key]
    if mine.budget_hint_minor is not None:
        name = "the goal's part of the day by its budget hint"
        check = say.amount(name, goal.budget_minor, "more than" if is_wanted else "at most", 0)
        return f"the budget hint of {say.text(mine.budget_hint_minor)} leaves it nothing of the day", (check,)
    offer = last_offer(active, total, active.index(mine))
    check = say.amount(
        f"its part of the day's {say.text(total)} by priority {mine.priority}",
        offer,
        "at least" if is_wanted else "less than",
        goal.minimum_minor,
    )
    return f"its part of the day would be {check.have}, less than the {check.need} that Meta takes", (check,)


def _unapproved(scene: Scene, action: Action) -> Story:
    creative_id = scene.ad_set(action).creative_id
    status = next(c.status for c in scene.state.snapshot.creatives if c.id == creative_id)
    check = scene.figures.fact(f"its creative {creative_id}", status, "is not", "approved")
    return Story(f"its creative {creative_id} is {status}, not approved", (check,))


def _starved(scene: Scene, action: Action) -> Story:
    """An ad set that the learning budget cannot feed, or a campaign cut too small."""
    say, goal = scene.figures, scene.goal(action)
    if action.adset_id is None:
        scaling = scene.scaling
        check = _offer(scene, scaling, action.campaign_id or "", "its budget after the cut", is_wanted=False)
        return Story(
            f"{_crowded(scene, scaling)}; {check.have} would be left for it, Meta takes {check.need}",
            (check,),
        )
    fed = goal.learning_minor // goal.minimum_minor
    order = [a.id for a in learning_best_first(scene.state, goal)]
    place = order.index(action.adset_id) + 1
    whole, each = say.text(goal.learning_minor), say.text(goal.minimum_minor)
    why = f"{whole} for learning feed {ad_sets(fed)} at {each} each, and it is number {place}"
    return Story(why, (say.count("its place, the best first", place, "more than", fed, "ad sets"),))


def _emptied(scene: Scene, action: Action) -> Story:
    left = len(runnable_ad_sets(scene.state, scene.campaign(action)))
    check = scene.figures.count("ad sets in it that may run", left, "less than", 1, "ad sets")
    return Story("none of its ad sets may run", (check,))


def _share(scene: Scene, action: Action) -> Story:
    """An ad set's equal share of the learning budget."""
    goal = scene.goal(action)
    plan = outline(scene.outlook, goal)
    n = len(plan.kept) + len(plan.resumed) + len(plan.cells)
    whole = scene.figures.text(goal.learning_minor)
    share = scene.figures.text(plan.shares[action.adset_id or ""])
    why = f"{whole} for learning among {n} ad sets is {share} each"
    if n == 1:
        why = f"{whole} for learning go to this one ad set"
    return Story(why, (_why_written(scene, action, plan), *scene.guardrail(action)))


def _why_written(scene: Scene, action: Action, plan: Outline) -> Check:
    """Off by more than the tolerance; or near, but all together would be too much."""
    say, goal = scene.figures, scene.goal(action)
    near, present, excess = drift(scene.state, plan)
    if action.adset_id not in near:
        return _off_by(scene, action.before_minor or 0, plan.shares[action.adset_id or ""])
    if present > goal.learning_minor:
        return say.amount("the kept ad sets together, as they are", present, "more than", goal.learning_minor)
    return say.amount("left alone, the near ones are over their shares by", excess, "more than", 0)


def _off_by(scene: Scene, budget: int, share: int) -> Check:
    """How far a budget is from its share, against the tolerance."""
    if not budget or budget == share:
        return scene.figures.amount("its budget", budget, "is not", share)
    tolerance = Fraction(scene.state.policy.budget_tolerance_bp, 10000)
    off = Fraction(abs(budget - share), budget)
    return scene.figures.percent("its budget is off from its share by", off, "more than", tolerance)


def _cut(scene: Scene, action: Action) -> Story:
    scaling = scene.scaling
    check = scene.figures.amount("scaling budgets together", scaling.running, "more than", scaling.room)
    least = _offer(scene, scaling, action.campaign_id or "", "its budget after the cut", is_wanted=True)
    return Story(f"{_crowded(scene, scaling)}, so they are cut in proportion", (check, least))


def _crowded(scene: Scene, scaling: Scaling) -> str:
    say, cap = scene.figures, rules.cap_minor(scene.state)
    left = f"{say.text(scaling.room)} of the cap of {say.text(cap)}"
    return f"scaling budgets add up to {say.text(scaling.running)}, but learning leaves {left}"


def _offer(scene: Scene, scaling: Scaling, campaign_id: str, name: str, *, is_wanted: bool) -> Check:
    """What a scaling campaign could have, against its minimum."""
    word: Word = "at least" if is_wanted else "less than"
    return scene.figures.amount(name, scaling.offers[campaign_id], word, scaling.minimums[campaign_id])


def _back(scene: Scene, action: Action) -> Story:
    """A campaign resumed, or set to the budget with which it comes back."""
    say, goal, campaign = scene.figures, scene.goal(action), scene.campaign(action)
    checks = [say.amount("the goal's budget", goal.budget_minor, "more than", 0)]
    if campaign.role == "scaling":
        scaling = scene.scaling
        checks.append(_offer(scene, scaling, campaign.id, "the budget it can have", is_wanted=True))
    why = f"{goal_name(goal.key)} is on and has {say.text(goal.budget_minor)} a day"
    return Story(why, (*checks, *scene.guardrail(action)))


def _near(scene: Scene, hold: Hold) -> Story:
    plan = outline(scene.outlook, scene.goal(hold))
    budget, share = scene.ad_set(hold).budget_minor, plan.shares[hold.adset_id or ""]
    check, text = _off_by(scene, budget, share), scene.figures.text
    if budget == share:
        return Story(f"{text(budget)} is its share", (check,))
    return Story(
        f"{text(budget)} is off from its share of {text(share)} by {check.have}, no more than {check.need}",
        (check,),
    )


def _full(scene: Scene, hold: Hold) -> Story:
    """No room under the cap to raise an ad set or to resume a campaign."""
    scaling = scene.scaling
    if hold.adset_id is None and hold.campaign_id in scaling.refused:
        check = _offer(scene, scaling, hold.campaign_id, "the budget it could have", is_wanted=True)
        return Story(
            f"{check.have} is all that is left for it; Meta takes no less than {check.need}", (check,)
        )
    check = scene.under_cap(rules.live_sum_minor(scene.full("allocate")) + _rise(scene, hold))
    return Story(f"with it {check.have} could be spent a day, over the cap of {check.need}", (check,))


def _rise(scene: Scene, hold: Hold) -> int:
    """What the live sum would have risen by."""
    if hold.adset_id is None:
        return campaign_minor(scene.after.campaigns[hold.campaign_id or ""], scene.after.active_of)
    plan = outline(scene.outlook, scene.goal(hold))
    return plan.shares[hold.adset_id] - scene.ad_set(hold).budget_minor


def _too_little(scene: Scene, hold: Hold) -> Story:
    goal = scene.goal(hold)
    check = scene.figures.amount("its learning budget", goal.learning_minor, "at least", goal.minimum_minor)
    return Story(f"{check.have} for learning is less than Meta takes for one ad set, {check.need}", (check,))


ACTIONS: Mapping[str, Teller[Action]] = {
    "goal_inactive": _goal_off,
    "no_budget_left": _no_share,
    "creative_not_approved": _unapproved,
    "below_minimum_budget": _starved,
    "no_active_adset": _emptied,
    "learning_share": _share,
    "cap": _cut,
    "goal_active": _back,
}
HOLDS: Mapping[str, Teller[Hold]] = {
    "within_tolerance": _near,
    "no_room": _full,
    "budget_below_minimum": _too_little,
    "no_budget_left": _no_share_held,
}
