"""Step ``allocate``: bring every budget that stands in line with the division of the day.

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

from orchestrator.domain.model import Action, Allocation, Decision, GoalError, Hold
from orchestrator.rules.actions import ActionFactory
from orchestrator.rules.fold import fold, is_increase
from orchestrator.rules.guardrail import admit
from orchestrator.rules.learning import Outline, outline
from orchestrator.rules.resumability import comes_back, runnable_ad_sets, unapproved_ad_sets
from orchestrator.rules.scaling_budgets import Scaling, scaling_budgets
from orchestrator.rules.state import (
    AdSetNow,
    CampaignNow,
    GoalNow,
    State,
    Taken,
    active_ad_sets,
    active_campaigns,
    best_first,
    campaigns_of,
    working_goals,
)


class Prospect(NamedTuple):
    """What becomes of the scaling campaigns, what is paused and resumed, and the world after that."""

    scaling: Scaling
    pauses: list[Action]
    resumes: list[Action]
    outlook: State


class Drift(NamedTuple):
    """The kept ad sets of a goal against their shares.

    ``near``: those within tolerance; ``present``: what all have together; ``excess``: by how much those
    near are together above their shares. Minor units a day.
    """

    near: set[str]
    present: int
    excess: int


def allocate(state: State) -> Taken:
    """Write what follows from the division of the day's budget."""
    scaling, pauses, resumes, outlook = prospect(state)
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


def prospect(state: State) -> Prospect:
    """What the step means to do before it writes a budget."""
    scaling = scaling_budgets(state)
    pauses = [action for goal in state.goals for action in _pauses(state, goal, scaling)]
    resumes = [action for goal in working_goals(state) for action in _resumes(state, goal, scaling)]
    return Prospect(scaling, pauses, resumes, _outlook(state, [*pauses, *resumes]))


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
        return [factory.hold("update_budget", "no_budget_left")]
    holds = [
        factory.hold("resume_campaign", "no_room", campaign.id)
        for campaign in campaigns_of(state, goal.key, "scaling")
        if campaign.id in scaling.refused
    ]
    if goal.is_active and goal.learning_minor < goal.minimum_minor:
        holds.append(factory.hold("update_budget", "budget_below_minimum"))
    return holds


def _pauses(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    if not goal.budget_minor:
        factory = ActionFactory("allocate", goal.key)
        reason = "no_budget_left" if goal.is_active else "goal_inactive"
        stopped = [
            *active_campaigns(state, goal.key, "testing"),
            *active_campaigns(state, goal.key, "scaling"),
        ]
        return [factory.pause_campaign(campaign, reason) for campaign in stopped]
    return [*_learning_pauses(state, goal), *_scaling_pauses(state, goal, scaling)]


def _learning_pauses(state: State, goal: GoalNow) -> list[Action]:
    """Pause what may not be shown and, of the rest, the worst that the budget cannot feed."""
    campaigns = _learning_campaigns(state, goal)
    active = [ad_set for campaign in campaigns for ad_set in active_ad_sets(state, campaign.id)]
    unapproved = {a.id for campaign in campaigns for a in unapproved_ad_sets(state, campaign)}
    starved = {a.id for a in learning_best_first(state, goal)[goal.learning_minor // goal.minimum_minor :]}
    factory = ActionFactory("allocate", goal.key)
    return [
        factory.pause_ad_set(a, "creative_not_approved" if a.id in unapproved else "below_minimum_budget")
        for a in active
        if a.id in unapproved or a.id in starved
    ]


def learning_best_first(state: State, goal: GoalNow) -> list[AdSetNow]:
    """The goal's learning ad sets that may run, in the order in which the budget feeds them."""
    return best_first(a for c in _learning_campaigns(state, goal) for a in runnable_ad_sets(state, c))


def _learning_campaigns(state: State, goal: GoalNow) -> list[CampaignNow]:
    return [c for c in campaigns_of(state, goal.key, "testing") if c.status == "ACTIVE" or comes_back(c)]


def _scaling_pauses(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    factory = ActionFactory("allocate", goal.key)
    pauses: list[Action] = []
    for campaign in campaigns_of(state, goal.key, "scaling"):
        pauses += [
            factory.pause_ad_set(ad_set, "creative_not_approved")
            for ad_set in unapproved_ad_sets(state, campaign)
        ]
        if campaign.status == "ACTIVE" and not runnable_ad_sets(state, campaign):
            pauses.append(factory.pause_campaign(campaign, "no_active_adset"))
        elif campaign.id in scaling.starved:
            pauses.append(factory.pause_campaign(campaign, "below_minimum_budget"))
    return pauses


def _resumes(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    factory = ActionFactory("allocate", goal.key)
    testing = [c for c in campaigns_of(state, goal.key, "testing") if comes_back(c)]
    back = [
        c
        for c in campaigns_of(state, goal.key, "scaling")
        if c.status == "PAUSED" and c.id in scaling.budgets
    ]
    return [factory.resume_campaign(campaign.id, "goal_active") for campaign in (*testing, *back)]


def _learning_writes(state: State, goal: GoalNow, plan: Outline) -> tuple[list[Action], list[Hold]]:
    """Set the kept ad sets to their shares, but for those near enough to be left alone."""
    factory = ActionFactory("allocate", goal.key)
    near, present, excess = drift(state, plan)
    left_alone = set() if excess > 0 or present > goal.learning_minor else near
    actions: list[Action] = []
    holds: list[Hold] = []
    for ad_set in plan.kept:
        share = plan.shares[ad_set.id]
        if ad_set.id in left_alone or share == ad_set.budget_minor:
            holds.append(factory.hold("update_budget", "within_tolerance", ad_set.campaign_id, ad_set.id))
        else:
            actions.append(factory.set_ad_set_budget(ad_set, share, "learning_share"))
    return actions, holds


def drift(state: State, plan: Outline) -> Drift:
    """How far the kept ad sets are from their shares; those within tolerance may be left alone.

    All shares add up to the learning budget, so what is left alone spends too much when it is
    together above its shares.
    """
    tolerance_bp = state.policy.budget_tolerance_bp
    near: set[str] = set()
    present = excess = 0
    for ad_set in plan.kept:
        off = ad_set.budget_minor - plan.shares[ad_set.id]
        present += ad_set.budget_minor
        if abs(off) * 10000 <= tolerance_bp * ad_set.budget_minor:
            near.add(ad_set.id)
            excess += off
    return Drift(near, present, excess)


def _scaling_writes(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    """Cut what runs on, and set what comes back to what it can have."""
    factory = ActionFactory("allocate", goal.key)
    return [
        factory.set_campaign_budget(campaign, budget, "cap" if campaign.status == "ACTIVE" else "goal_active")
        for campaign in campaigns_of(state, goal.key, "scaling")
        if (budget := scaling.budgets.get(campaign.id, campaign.budget_minor)) != campaign.budget_minor
    ]
