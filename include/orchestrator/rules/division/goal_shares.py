"""What each goal gets of the day, once those that can run nothing have left their money to the others."""

from __future__ import annotations

from msgspec.structs import replace

from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import Goal
from orchestrator.rules.division.apportionment import goal_budgets, split
from orchestrator.rules.division.learning_outline import has_nothing_to_start
from orchestrator.rules.resumability import (
    comes_back,
    is_resumable,
    is_split,
    revivable,
    runnable_ad_sets,
)
from orchestrator.rules.state import (
    CampaignNow,
    GoalNow,
    State,
    active_ad_sets,
    campaigns_of,
    is_paused_by_person,
)


def goals_of(state: State) -> tuple[GoalNow, ...]:
    """The registered goals in goal order, the active ones with their budgets."""
    registered = [goal for goal in state.snapshot.goals if goal.goal_key in REGISTRY]
    in_order = sorted(registered, key=lambda goal: (-goal.priority, goal.goal_key))
    idle = {goal.goal_key for goal in in_order if goal.is_active and _is_idle(state, goal)}
    dividing = [goal for goal in in_order if goal.is_active and goal.goal_key not in idle]
    budgets = goal_budgets(dividing, state.limits.total)
    given = {goal.goal_key: budget for goal, budget in zip(dividing, budgets, strict=True)}
    return tuple(
        [_goal(state, goal, given.get(goal.goal_key, 0), is_idle=goal.goal_key in idle) for goal in in_order]
    )


def _goal(state: State, goal: Goal, budget: int, *, is_idle: bool) -> GoalNow:
    policy = state.policy
    bp = policy.learning_share_bp if goal.learning_share_bp is None else goal.learning_share_bp
    learning, scaling = split(budget, bp)
    whole = GoalNow(
        key=goal.goal_key,
        is_active=goal.is_active,
        minimum_minor=goal.minimum_daily_budget_minor,
        budget_minor=budget,
        learning_minor=budget,
        scaling_minor=0,
        learning_if_split=learning,
        scaling_if_split=scaling,
        n_max=min(policy.max_learning_adsets, max(1, learning // goal.minimum_daily_budget_minor)),
        min_events=policy.min_events[goal.goal_key],
        best_min_events=policy.best_min_events[goal.goal_key],
        missing=goal.missing,
        is_idle=is_idle,
    )
    return _with_parts(state, whole) if budget else whole


def _with_parts(state: State, goal: GoalNow) -> GoalNow:
    """Split the budget where something scales; what has nothing to learn leaves its part to that."""
    learning, scaling = goal.learning_if_split, goal.scaling_if_split
    divided = is_split(state, goal)
    if not divided and goal.budget_minor >= goal.minimum_minor:
        return goal
    has_learning = not _has_nothing_to_learn(state, goal)
    if not divided:
        return replace(goal, has_learning=has_learning)
    if not has_learning:
        learning, scaling = 0, goal.budget_minor
    return replace(
        goal, learning_minor=learning, scaling_minor=scaling, is_split=True, has_learning=has_learning
    )


def _is_idle(state: State, goal: Goal) -> bool:
    """Nothing of the goal runs or would run with a budget, and there is nothing that could be started."""
    key = goal.goal_key
    if _learns(state, key) or _scales(state, key) or _has_testing_paused_by_person(state, key):
        return False
    return has_nothing_to_start(state, key, goal.missing)


def _has_nothing_to_learn(state: State, goal: GoalNow) -> bool:
    """No test of the goal runs or would run, and none could be started."""
    if _learns(state, goal.key) or _has_testing_paused_by_person(state, goal.key):
        return False
    return has_nothing_to_start(state, goal.key, goal.missing)


def _learns(state: State, goal_key: str) -> bool:
    """An ad set of ours runs in a learning campaign that runs or comes back."""
    return any(
        runnable_ad_sets(state, campaign)
        for campaign in campaigns_of(state, goal_key, "testing")
        if campaign.status == "ACTIVE" or comes_back(campaign)
    )


def _scales(state: State, goal_key: str) -> bool:
    """An ad set of ours runs in a scaling campaign, or would, or a person stopped that."""
    campaigns = campaigns_of(state, goal_key, "scaling")
    return any(_runs(state, c) for c in campaigns) or revivable(state, goal_key) is not None


def _runs(state: State, campaign: CampaignNow) -> bool:
    if is_paused_by_person(campaign):
        return bool(active_ad_sets(state, campaign.id))
    is_coming = is_resumable(campaign) and not campaign.is_moved
    return (campaign.status == "ACTIVE" or is_coming) and bool(runnable_ad_sets(state, campaign))


def _has_testing_paused_by_person(state: State, goal_key: str) -> bool:
    return any(is_paused_by_person(c) for c in campaigns_of(state, goal_key, "testing"))
