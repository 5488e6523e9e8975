"""Step ``allocate``: bring every live budget in line with the division of the day.

**Division.** ``min(daily budget, most)`` goes to the active goals: hints first (in proportion when they
exceed it), the rest by priority; the last goal in goal order whose share is below its minimum gets
nothing, until all have theirs. Goal order is priority, then key. A goal with a scaling campaign that
runs, or could come back, is split: ``learning_share_bp`` of its budget stays in learning.

**Pauses.** Campaigns of goals that are inactive (``goal_inactive``) or have no budget
(``no_budget_left``); ad sets whose creative is known not to be approved (``creative_not_approved``);
learning ad sets beyond ``learning budget // minimum``, the worst first (``below_minimum_budget``);
scaling campaigns with nothing to run (``no_active_adset``) or cut below their minimum
(``below_minimum_budget``).

**Budgets.** Learning is shared equally among the ad sets the goal will have after step ``learning``;
one that is off by at most ``budget_tolerance_bp`` is left (``within_tolerance``), unless that would
spend too much. Scaling budgets are not reset, but cut in proportion when they exceed what the learning
shares leave of the cap.

**Resumes** (``goal_active``). What was paused for want of its goal or a budget comes back; a scaling
campaign with the least of its own budget, its goal's scaling part and what is left, or not at all
(``no_room``).

Order: pauses, decreases, increases, resumes; inside each goal order, learning before scaling, campaigns
and ad sets by age. Nothing that a person paused is touched.
"""

from __future__ import annotations

from typing import NamedTuple

from orchestrator.domain.evidence import Comparison, Evidence, Gate, figure
from orchestrator.domain.model import Action, Allocation, Decision, GoalError, Hold
from orchestrator.rules.actions import ActionFactory
from orchestrator.rules.apportionment import last_offer
from orchestrator.rules.fold import fold, is_increase
from orchestrator.rules.guardrail import admit
from orchestrator.rules.learning import Outline, learning_budget, outline
from orchestrator.rules.resumability import comes_back, runnable_ad_sets, unapproved_ad_sets
from orchestrator.rules.scaling_budgets import Scaling, scaling_budgets
from orchestrator.rules.state import (
    AdSetNow,
    GoalNow,
    State,
    Taken,
    active_ad_sets,
    active_campaigns,
    best_first,
    campaigns_of,
    working_goals,
)


class _Drift(NamedTuple):
    """The retained ad sets of a goal against their shares.

    ``near``: those within tolerance; ``present``: what all have together; ``excess``: by how much those
    near are together above their shares. Minor units a day.
    """

    near: set[str]
    present: int
    excess: int


def allocate(state: State) -> Taken:
    """Write what follows from the division of the day's budget."""
    scaling = scaling_budgets(state)
    pauses = [action for goal in state.goals for action in _pauses(state, goal, scaling)]
    resumes = [action for goal in working_goals(state) for action in _resumes(state, goal, scaling)]
    outlook = _outlook(state, [*pauses, *resumes])
    writes: list[Action] = []
    holds = [hold for goal in state.goals for hold in _goal_holds(state, goal, scaling)]
    for goal in working_goals(state):
        written, left = _learning_writes(state, goal, outline(outlook, goal))
        writes += [*written, *_scaling_writes(state, goal, scaling)]
        holds += left
    decreases = [action for action in writes if not is_increase(action)]
    increases = [action for action in writes if is_increase(action)]
    made, refused, after = admit(state, [*pauses, *decreases, *increases, *resumes])
    decision = Decision(
        actions=made,
        holds=(*holds, *refused),
        errors=tuple(
            GoalError(step="allocate", goal_key=k, reason="unknown_goal") for k in state.unknown_goals
        ),
        allocations=tuple(_allocation(goal) for goal in state.goals if goal.is_active),
    )
    return Taken(decision, after)


def _outlook(state: State, actions: list[Action]) -> State:
    """The world as this step means to leave it, whatever the guardrail then refuses.

    What learning will be is outlined on it, so that step ``learning`` later finds the shares it needs.
    """
    return fold(state, ((action, "success") for action in actions)) if actions else state


def _allocation(goal: GoalNow) -> Allocation:
    return Allocation(
        goal_key=goal.key,
        budget_minor=goal.budget_minor,
        learning_minor=goal.learning_minor,
        scaling_minor=goal.scaling_minor,
    )


def _goal_holds(state: State, goal: GoalNow, scaling: Scaling) -> list[Hold]:
    factory = ActionFactory("allocate", goal.key)
    if goal.is_active and not goal.budget_minor:
        return [factory.hold("update_budget", "no_budget_left", _share_of_day(state, goal, is_wanted=True))]
    holds = [
        factory.hold("resume_campaign", "no_room", (scaling.offer(campaign.id),), campaign.id)
        for campaign in campaigns_of(state, goal.key, "scaling")
        if campaign.id in scaling.refused
    ]
    if goal.is_active and goal.learning_minor < goal.minimum_minor:
        holds.append(factory.hold("update_budget", "budget_below_minimum", (learning_budget(goal),)))
    return holds


def _share_of_day(state: State, goal: GoalNow, *, is_wanted: bool) -> Evidence:
    """Why a goal gets nothing of the day: its hint, or a share by priority below its minimum.

    ``is_wanted``: the gate is that of a hold, which fails; else that of a pause, which passes.
    """
    by_key = {each.goal_key: each for each in state.snapshot.goals}
    mine = by_key[goal.key]
    if mine.budget_hint_minor is not None:
        hint = figure("budget_hint", mine.budget_hint_minor, "minor")
        return hint, Gate("hint_part", goal.budget_minor, "more than" if is_wanted else "at most", 0, "minor")
    active = [by_key[each.key] for each in state.goals if each.is_active]
    total = state.limits.total
    offer = last_offer(active, total, active.index(mine))
    word: Comparison = "at least" if is_wanted else "less than"
    return (
        figure("day", total, "minor"),
        figure("priority", mine.priority),
        Gate("priority_part", offer, word, goal.minimum_minor, "minor"),
    )


def _pauses(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    if goal.budget_minor:
        return [*_learning_pauses(state, goal), *_scaling_pauses(state, goal, scaling)]
    stopped = [
        *active_campaigns(state, goal.key, "testing"),
        *active_campaigns(state, goal.key, "scaling"),
    ]
    if not stopped:
        return []
    factory = ActionFactory("allocate", goal.key)
    if not goal.is_active:
        return [factory.pause_campaign(campaign, "goal_inactive", _GOAL_OFF) for campaign in stopped]
    why = _share_of_day(state, goal, is_wanted=False)
    return [factory.pause_campaign(campaign, "no_budget_left", why) for campaign in stopped]


_GOAL_OFF: Evidence = (Gate("goal_switch", "switched off", "is", "switched off"),)
_EMPTY: Evidence = (Gate("runnable_ad_sets", 0, "less than", 1, "ad sets"),)


def _learning_pauses(state: State, goal: GoalNow) -> list[Action]:
    """Pause what may not be shown and, of the rest, the worst that the budget cannot feed."""
    campaigns = [c for c in campaigns_of(state, goal.key, "testing") if c.status == "ACTIVE" or comes_back(c)]
    fed = goal.learning_minor // goal.minimum_minor
    runnable = [a for c in campaigns for a in runnable_ad_sets(state, c)]
    starved = best_first(runnable)[fed:] if len(runnable) > fed else []
    place = {a.id: n for n, a in enumerate(starved, fed + 1)}
    factory = ActionFactory("allocate", goal.key)
    pauses: list[Action] = []
    for campaign in campaigns:
        unapproved = unapproved_ad_sets(state, campaign)
        for ad_set in active_ad_sets(state, campaign.id) if unapproved or place else ():
            if ad_set in unapproved:
                pauses.append(_pause_unapproved(state, goal, ad_set))
            elif ad_set.id in place:
                why = _starved(goal, place[ad_set.id], fed)
                pauses.append(factory.pause_ad_set(ad_set, "below_minimum_budget", why))
    return pauses


def _pause_unapproved(state: State, goal: GoalNow, ad_set: AdSetNow) -> Action:
    creative_id = ad_set.creative_id or ""
    status = Gate("creative_status", state.unapproved[creative_id], "is not", "approved")
    why = (figure("creative", creative_id), status)
    return ActionFactory("allocate", goal.key).pause_ad_set(ad_set, "creative_not_approved", why)


def _starved(goal: GoalNow, place: int, fed: int) -> Evidence:
    """An ad set's place among those that the learning budget feeds at the minimum each."""
    return (
        figure("learning_budget", goal.learning_minor, "minor"),
        figure("minimum", goal.minimum_minor, "minor"),
        figure("fed", fed, "ad sets"),
        Gate("place", place, "more than", fed, "ad sets"),
    )


def _scaling_pauses(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    factory = ActionFactory("allocate", goal.key)
    pauses: list[Action] = []
    for campaign in campaigns_of(state, goal.key, "scaling"):
        pauses += [_pause_unapproved(state, goal, ad_set) for ad_set in unapproved_ad_sets(state, campaign)]
        if campaign.status == "ACTIVE" and not runnable_ad_sets(state, campaign):
            pauses.append(factory.pause_campaign(campaign, "no_active_adset", _EMPTY))
        elif campaign.id in scaling.starved:
            why = (*scaling.crowded(state.limits.cap), scaling.cut(campaign.id, "less than"))
            pauses.append(factory.pause_campaign(campaign, "below_minimum_budget", why))
    return pauses


def _resumes(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    factory = ActionFactory("allocate", goal.key)
    resumes = [
        factory.resume_campaign(campaign.id, "goal_active", (_goal_budget(goal),))
        for campaign in campaigns_of(state, goal.key, "testing")
        if comes_back(campaign)
    ]
    for campaign in campaigns_of(state, goal.key, "scaling"):
        if campaign.status == "PAUSED" and campaign.id in scaling.budgets:
            why = (_goal_budget(goal), scaling.offer(campaign.id))
            resumes.append(factory.resume_campaign(campaign.id, "goal_active", why))
    return resumes


def _goal_budget(goal: GoalNow) -> Gate:
    return Gate("goal_budget", goal.budget_minor, "more than", 0, "minor")


def _learning_writes(state: State, goal: GoalNow, plan: Outline) -> tuple[list[Action], list[Hold]]:
    """Set the retained ad sets to their shares, but for those near enough to be left alone."""
    factory = ActionFactory("allocate", goal.key)
    drift = _drift(state, plan)
    is_too_much = drift.excess > 0 or drift.present > goal.learning_minor
    divided = (
        figure("learning_budget", goal.learning_minor, "minor"),
        figure("sharing", len(plan.shares) + len(plan.cell_shares), "ad sets"),
    )
    actions: list[Action] = []
    holds: list[Hold] = []
    for ad_set in plan.retained:
        share = plan.shares[ad_set.id]
        off = _off(state, ad_set.budget_minor, share)
        is_near = ad_set.id in drift.near
        if share == ad_set.budget_minor or (is_near and not is_too_much):
            holds.append(
                factory.hold("update_budget", "within_tolerance", off, ad_set.campaign_id, ad_set.id)
            )
        else:
            why = (_too_much(goal, drift),) if is_near else off
            why = (*divided, figure("share", share, "minor"), *why)
            actions.append(factory.set_ad_set_budget(ad_set, share, "learning_share", why))
    return actions, holds


def _off(state: State, budget: int, share: int) -> Evidence:
    """How far a budget is from its share, against the tolerance."""
    if not budget or budget == share:
        return (Gate("budget", budget, "is not", share, "minor"),)
    tolerance = (state.policy.budget_tolerance_bp, 100)
    return (
        figure("share", share, "minor"),
        figure("budget", budget, "minor"),
        Gate("off_share", (100 * abs(budget - share), budget), "more than", tolerance, "percent"),
    )


def _too_much(goal: GoalNow, drift: _Drift) -> Gate:
    """Why those near their shares are not left alone."""
    if drift.present > goal.learning_minor:
        return Gate("kept_together", drift.present, "more than", goal.learning_minor, "minor")
    return Gate("near_excess", drift.excess, "more than", 0, "minor")


def _drift(state: State, plan: Outline) -> _Drift:
    """How far the retained ad sets are from their shares; those within tolerance may be left alone.

    All shares add up to the learning budget, so what is left alone spends too much when it is
    together above its shares.
    """
    tolerance_bp = state.policy.budget_tolerance_bp
    near: set[str] = set()
    present = excess = 0
    for ad_set in plan.retained:
        off = ad_set.budget_minor - plan.shares[ad_set.id]
        present += ad_set.budget_minor
        if abs(off) * 10000 <= tolerance_bp * ad_set.budget_minor:
            near.add(ad_set.id)
            excess += off
    return _Drift(near, present, excess)


def _scaling_writes(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    """Cut what runs on, and set what comes back to what it can have."""
    factory = ActionFactory("allocate", goal.key)
    actions: list[Action] = []
    for campaign in campaigns_of(state, goal.key, "scaling"):
        budget = scaling.budgets.get(campaign.id, campaign.budget_minor)
        if budget == campaign.budget_minor:
            continue
        if campaign.status == "ACTIVE":
            why = (*scaling.crowded(state.limits.cap), scaling.cut(campaign.id, "at least"))
            actions.append(factory.set_campaign_budget(campaign, budget, "cap", why))
        else:
            back = (_goal_budget(goal), scaling.offer(campaign.id))
            actions.append(factory.set_campaign_budget(campaign, budget, "goal_active", back))
    return actions
