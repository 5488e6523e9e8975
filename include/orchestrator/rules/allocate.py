"""Step ``allocate``: bring every live budget in line with the division of the day.

**Division.** ``min(daily budget, most)`` goes to the active goals that can run: hints first (in proportion
when they exceed it), the rest by priority; the last goal in goal order whose share is below its minimum gets
nothing, until all have theirs. Goal order is priority, then key. A goal that runs nothing and can start
nothing is idle: it has no share, and its campaigns are left. A goal with a scaling campaign that runs, or
could come back, is split: ``learning_share_bp`` of its budget stays in learning, nothing of it where there is
nothing to learn.

**Pauses.** Campaigns of goals that are inactive (``goal_inactive``) or have no budget
(``no_budget_left``); ad sets whose creative is known not to be approved (``creative_not_approved``), of
whose ads none can be delivered (``cannot_deliver``), or whose end has passed (``ended``); learning ad sets
beyond ``learning budget // minimum``, the worst first (``below_minimum_budget``); scaling campaigns with
nothing to run (``no_active_adset``) or cut below their minimum (``below_minimum_budget``).

**Budgets.** Learning is shared equally among the ad sets the goal will have after step ``learning``;
one that is off by at most ``budget_tolerance_bp`` is left (``within_tolerance``), unless that would
spend too much. Scaling budgets are not reset, but cut in proportion when they exceed what the learning
shares leave of the cap.

**Resumes.** What was paused for want of its goal or a budget comes back (``goal_active``); a scaling
campaign with the least of its own budget, its goal's scaling part and what is left, or not at all
(``no_room``). A scaling ad set that could not run and now could returns (``delivers_again``), as far as its
campaign's budget feeds it, but not within ``refused_retry_hours`` of a pause for ``cannot_deliver``. A
campaign paused for ``no_events_anywhere`` stays paused until a person resets it.

**What people changed.** Where a person moved a budget to the campaign, or to a lifetime budget, none is
written, and nothing is opened, resumed or copied into it (``budget_moved``). An ad set that a person made
in a campaign of ours is counted and never touched (``not_ours``).

Order: pauses, decreases, increases, resumes; inside each goal order, learning before scaling, campaigns
and ad sets by age. Nothing that a person paused is touched.
"""

from __future__ import annotations

from orchestrator.domain.evidence import Gate
from orchestrator.domain.model import Action, Allocation, Decision, GoalError, Hold
from orchestrator.rules.actions import DELIVERS, ActionFactory
from orchestrator.rules.division.learning_budgets import learning_writes
from orchestrator.rules.division.learning_outline import BLIND, learning_budget, outline
from orchestrator.rules.division.pauses import pauses_of
from orchestrator.rules.division.peoples_changes import holds_on_changes
from orchestrator.rules.division.priority_shares import share_of_day
from orchestrator.rules.division.scaling_budgets import Scaling, scaling_budgets
from orchestrator.rules.fold import fold, is_increase
from orchestrator.rules.guardrail import admit
from orchestrator.rules.resumability import comes_back, is_blind
from orchestrator.rules.state import CampaignNow, GoalNow, State, Taken, campaigns_of, working_goals


def allocate(state: State) -> Taken:
    """Write what follows from the division of the day's budget."""
    scaling = scaling_budgets(state)
    pauses = [action for goal in state.goals for action in pauses_of(state, goal, scaling)]
    resumes = [action for goal in working_goals(state) for action in _resumes(state, goal, scaling)]
    outlook = _outlook(state, [*pauses, *resumes])
    writes: list[Action] = []
    holds = [hold for goal in state.goals for hold in _goal_holds(state, goal, scaling)]
    for goal in working_goals(state):
        written, left = learning_writes(state, goal, outline(outlook, goal))
        writes += [*written, *_scaling_writes(state, goal, scaling)]
        holds += left
    writes.sort(key=is_increase)
    made, refused, after = admit(state, [*pauses, *writes, *resumes], _companions(state, scaling))
    decision = Decision(
        actions=made,
        holds=(*holds, *holds_on_changes(state, made), *refused),
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
    if not goal.is_active:
        return []
    if not goal.budget_minor and not goal.is_idle:
        return [factory.hold("update_budget", "no_budget_left", share_of_day(state, goal, is_wanted=True))]
    holds = [
        factory.hold("resume_campaign", "no_events_anywhere", BLIND, campaign.id)
        for role in ("testing", "scaling")
        for campaign in campaigns_of(state, goal.key, role)
        if is_blind(campaign)
    ]
    holds += [
        factory.hold("resume_campaign", "no_room", (scaling.offer(campaign.id),), campaign.id)
        for campaign in campaigns_of(state, goal.key, "scaling")
        if campaign.id in scaling.refused
    ]
    if goal.budget_minor and goal.has_learning and goal.learning_minor < goal.minimum_minor:
        holds.append(factory.hold("update_budget", "budget_below_minimum", (learning_budget(goal),)))
    return holds


def _resumes(state: State, goal: GoalNow, scaling: Scaling) -> list[Action]:
    factory = ActionFactory("allocate", goal.key)
    resumes = [
        factory.resume_campaign(campaign.id, "goal_active", (_goal_budget(goal),))
        for campaign in campaigns_of(state, goal.key, "testing")
        if comes_back(campaign)
    ]
    for campaign in campaigns_of(state, goal.key, "scaling"):
        if campaign.status == "ACTIVE":
            resumes += _refill(campaign, scaling)
        elif campaign.id in scaling.budgets:
            why = (_goal_budget(goal), scaling.offer(campaign.id))
            resumes.append(factory.resume_campaign(campaign.id, "goal_active", why))
    return resumes


def _companions(state: State, scaling: Scaling) -> dict[str, list[Action]]:
    """The ad sets that return with a paused scaling campaign: resumed right before it, or not at all."""
    paused = [state.campaigns[id_] for id_ in scaling.refills if state.campaigns[id_].status != "ACTIVE"]
    return {campaign.id: _refill(campaign, scaling) for campaign in paused}


def _refill(campaign: CampaignNow, scaling: Scaling) -> list[Action]:
    factory = ActionFactory("allocate", campaign.goal_key)
    returning = scaling.refills.get(campaign.id, ())
    return [factory.resume_ad_set(ad_set, "delivers_again", (DELIVERS,)) for ad_set in returning]


def _goal_budget(goal: GoalNow) -> Gate:
    return Gate("goal_budget", goal.budget_minor, "more than", 0, "minor")


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
