"""The state a run begins with: the snapshot in order, its amounts converted, its budget divided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TypeVar

from msgspec.structs import replace

from orchestrator.domain import money
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import AdSet, Campaign, Goal, Lifetime, Snapshot
from orchestrator.domain.policy import Policy
from orchestrator.errors import ConfigError, InvalidDocument
from orchestrator.rules.apportionment import goal_budgets, split
from orchestrator.rules.live_budget import live_minor
from orchestrator.rules.resumability import is_split
from orchestrator.rules.state import AdSetNow, CampaignNow, GoalNow, State, UserLimits

_NOTHING = Lifetime(spend_minor=0, impressions=0, events=0)
_parent = attrgetter("campaign_id")
_Thing = TypeVar("_Thing")
_Key = TypeVar("_Key")


def initial_state(snapshot: Snapshot, policy: Policy) -> State:
    """Set out from one snapshot.

    Raises:
        InvalidDocument: the account's currency has no exchange rate.
    """
    campaigns = {c.id: _campaign(c) for c in sorted(snapshot.campaigns, key=_age)}
    ad_sets = {a.id: _ad_set(a, age) for age, a in enumerate(sorted(snapshot.ad_sets, key=_age))}
    state = State(
        snapshot=snapshot,
        policy=policy,
        limits=limits(snapshot, policy),
        goals=(),
        unknown_goals=tuple(sorted(g.goal_key for g in snapshot.goals if g.goal_key not in REGISTRY)),
        audiences={t.goal_key: t.audiences for t in snapshot.templates},
        approved=_approved(snapshot),
        unapproved={c.id: c.status for c in snapshot.creatives if c.status != "approved"},
        campaigns=campaigns,
        ad_sets=ad_sets,
        campaigns_of=_grouped(campaigns.values(), attrgetter("goal_key", "role")),
        ad_sets_of=_grouped(ad_sets.values(), _parent),
        active_of=_grouped((a for a in ad_sets.values() if a.status == "ACTIVE"), _parent),
        live_minor=0,
    )
    return replace(state, goals=_goals(state), live_minor=live_minor(state))


def _age(thing: Campaign | AdSet) -> tuple[datetime, str]:
    return thing.created_at, thing.id


def _campaign(campaign: Campaign) -> CampaignNow:
    return CampaignNow(
        campaign.id,
        campaign.goal_key,
        campaign.role,
        campaign.status,
        campaign.paused_by,
        campaign.paused_reason,
        campaign.daily_budget_minor or 0,
        campaign.removed_at,
        in_snapshot=True,
    )


def _ad_set(ad_set: AdSet, age: int) -> AdSetNow:
    """What Insights does not list had no delivery: null counts as zeros."""
    lifetime = ad_set.lifetime or _NOTHING
    return AdSetNow(
        ad_set.id,
        ad_set.campaign_id,
        ad_set.status,
        ad_set.paused_by,
        ad_set.paused_reason,
        ad_set.daily_budget_minor or 0,
        ad_set.active_since or ad_set.created_at,
        ad_set.audience,
        ad_set.creative_id,
        ad_set.source_adset_id,
        lifetime.spend_minor,
        lifetime.impressions,
        lifetime.events,
        ad_set.days or (),
        age,
        in_snapshot=True,
    )


def _grouped(things: Iterable[_Thing], key: Callable[[_Thing], _Key]) -> dict[_Key, tuple[_Thing, ...]]:
    groups: dict[_Key, list[_Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return {name: tuple(group) for name, group in groups.items()}


def _approved(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """Each goal's approved creatives, newest first, then by id."""
    creatives = sorted((c for c in snapshot.creatives if c.status == "approved"), key=lambda c: c.id)
    creatives.sort(key=lambda c: c.created_at, reverse=True)
    by_goal = _grouped(creatives, lambda c: c.goal_key)
    return {goal_key: tuple(c.id for c in group) for goal_key, group in by_goal.items()}


def limits(snapshot: Snapshot, policy: Policy) -> UserLimits:
    """A user's own amounts are in their currency already, the policy's are US cents."""
    currency = snapshot.account.currency
    try:
        minor_per_usd = money.rate(currency, snapshot.account.units_per_usd) * money.offset(currency)
    except ConfigError as problem:
        raise InvalidDocument("$.account.units_per_usd", str(problem)) from None

    def minor(typed: int | None, cents: int) -> int:
        return money.converted(cents, minor_per_usd) if typed is None else typed

    daily = minor(snapshot.settings.global_daily_budget_minor, policy.global_daily_budget)
    most = minor(snapshot.settings.max_daily_budget_minor, policy.max_daily_budget)
    return UserLimits(
        total=min(daily, most),
        cap=min(most, policy.max_growth * daily),
        winner_min_spend=minor(None, policy.winner_min_spend),
        loser_min_spend=minor(None, policy.loser_min_spend),
        loser_min_total_budget=minor(None, policy.loser_min_total_budget),
        blind_spend_limit=minor(None, policy.blind_spend_limit),
        winner_min_active=timedelta(hours=policy.winner_min_active_hours),
        loser_min_active=timedelta(hours=policy.loser_min_active_hours),
    )


def _goals(state: State) -> tuple[GoalNow, ...]:
    registered = [goal for goal in state.snapshot.goals if goal.goal_key in REGISTRY]
    in_order = sorted(registered, key=lambda goal: (-goal.priority, goal.goal_key))
    active = [goal for goal in in_order if goal.is_active]
    budgets = goal_budgets(active, state.limits.total)
    given = {goal.goal_key: budget for goal, budget in zip(active, budgets, strict=True)}
    return tuple(_goal(state, goal, given.get(goal.goal_key, 0)) for goal in in_order)


def _goal(state: State, goal: Goal, budget: int) -> GoalNow:
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
    )
    if is_split(state, whole):
        return replace(whole, learning_minor=learning, scaling_minor=scaling)
    return whole
