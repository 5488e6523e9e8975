"""The world of one user as this run has left it so far: the snapshot, folded with what was done.

A ``State`` is never changed in place; ``fold`` makes the next one. Its mappings keep object order
(``created_at``, then ``id``); things created in this run come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import lcm
from operator import attrgetter
from typing import NamedTuple

from msgspec import Struct

from orchestrator.domain.model import Day, Decision, ObjectStatus, PausedBy, Role, Snapshot
from orchestrator.domain.policy import Policy


class CampaignNow(Struct, frozen=True, gc=False):
    """A campaign now. ``budget_minor`` is its CBO budget; ``in_snapshot``: it is in the snapshot."""

    id: str
    goal_key: str
    role: Role
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    budget_minor: int
    removed_at: datetime | None
    in_snapshot: bool


class AdSetNow(Struct, frozen=True, gc=False):
    """An ad set now. ``age`` is its place in object order; ``in_snapshot``: it is in the snapshot."""

    id: str
    campaign_id: str
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    budget_minor: int
    active_since: datetime
    audience: str
    creative_id: str | None
    source_adset_id: str | None
    spend_minor: int
    impressions: int
    events: int
    days: tuple[Day, ...]
    age: int
    in_snapshot: bool


class GoalNow(Struct, frozen=True, gc=False):
    """A registered goal and what the division gave it, fixed for the run.

    ``learning_minor`` and ``scaling_minor`` are what it has, ``learning_if_split`` and
    ``scaling_if_split`` what it would have beside a scaling campaign. An inactive goal has nothing.
    """

    key: str
    is_active: bool
    minimum_minor: int
    budget_minor: int
    learning_minor: int
    scaling_minor: int
    learning_if_split: int
    scaling_if_split: int
    n_max: int
    min_events: int
    best_min_events: int


class UserLimits(Struct, frozen=True, gc=False):
    """The user's and the policy's amounts, in minor units of the account's currency, and ages."""

    total: int
    cap: int
    winner_min_spend: int
    loser_min_spend: int
    loser_min_total_budget: int
    blind_spend_limit: int
    winner_min_active: timedelta
    loser_min_active: timedelta


class State(Struct, frozen=True, gc=False):
    """Everything a step decides from. Opaque to the shell: made by ``initial_state``, moved by ``fold``.

    ``audiences`` are by goal and position, ``approved`` creatives by goal, newest first, ``unapproved``
    the status of every other by id. Campaigns and ad sets are there twice, by id and by what they belong
    to; ``fold`` updates both.
    """

    snapshot: Snapshot
    policy: Policy
    limits: UserLimits
    goals: tuple[GoalNow, ...]
    unknown_goals: tuple[str, ...]
    audiences: Mapping[str, tuple[str, ...]]
    approved: Mapping[str, tuple[str, ...]]
    unapproved: Mapping[str, str]
    campaigns: Mapping[str, CampaignNow]
    ad_sets: Mapping[str, AdSetNow]
    campaigns_of: Mapping[tuple[str, Role], tuple[CampaignNow, ...]]
    ad_sets_of: Mapping[str, tuple[AdSetNow, ...]]
    active_of: Mapping[str, tuple[AdSetNow, ...]]
    live_minor: int
    promoted: tuple[tuple[str, str | None], ...] = ()
    scaled: frozenset[str] = frozenset()
    reduction_failed: bool = False


class Taken(NamedTuple):
    """A step as decided, and the state once every action of it succeeded."""

    decision: Decision
    after: State


def active_goals(state: State) -> list[GoalNow]:
    """The active goals, in goal order."""
    return [goal for goal in state.goals if goal.is_active]


def working_goals(state: State) -> list[GoalNow]:
    """The active goals with a budget, in goal order."""
    return [goal for goal in state.goals if goal.budget_minor]


_age = attrgetter("age")


def campaigns_of(state: State, goal_key: str, role: Role) -> tuple[CampaignNow, ...]:
    """A goal's campaigns of one role and any status, by age."""
    return state.campaigns_of.get((goal_key, role), ())


def active_campaigns(state: State, goal_key: str, role: Role) -> list[CampaignNow]:
    """A goal's ACTIVE campaigns of one role, by age."""
    return [c for c in state.campaigns_of.get((goal_key, role), ()) if c.status == "ACTIVE"]


def ad_sets_of(state: State, campaign_id: str) -> tuple[AdSetNow, ...]:
    """A campaign's ad sets of any status, by age."""
    return state.ad_sets_of.get(campaign_id, ())


def active_ad_sets(state: State, campaign_id: str) -> tuple[AdSetNow, ...]:
    """A campaign's ACTIVE ad sets, by age, whatever the campaign itself is."""
    return state.active_of.get(campaign_id, ())


def learning_ad_sets(state: State, goal_key: str) -> list[AdSetNow]:
    """A goal's ACTIVE ad sets in its ACTIVE testing campaigns, campaign by age, ad set by age."""
    found: list[AdSetNow] = []
    for campaign in active_campaigns(state, goal_key, "testing"):
        found += active_ad_sets(state, campaign.id)
    return found


def goal_ad_sets(state: State, goal_key: str) -> list[AdSetNow]:
    """A goal's ad sets in whatever campaign and state."""
    found: list[AdSetNow] = []
    for role in ("testing", "scaling"):
        for campaign in campaigns_of(state, goal_key, role):
            found += ad_sets_of(state, campaign.id)
    return found


def by_age(ad_sets: Iterable[AdSetNow]) -> list[AdSetNow]:
    """Object order."""
    return sorted(ad_sets, key=_age)


def best_first(ad_sets: Iterable[AdSetNow]) -> list[AdSetNow]:
    """Retention order: those with events before those without, then cost an event, then age.

    Costs are compared exactly, as integers over the common multiple of all event counts.
    """
    ad_sets = by_age(ad_sets)
    proven = [a for a in ad_sets if a.events]
    common = lcm(*[a.events for a in proven])
    proven.sort(key=lambda a: a.spend_minor * (common // a.events))
    return [*proven, *[a for a in ad_sets if not a.events]]


def is_paused_by_us(thing: CampaignNow | AdSetNow) -> bool:
    """It was active and the orchestrator paused it; ``paused_reason`` says why."""
    return thing.status == "PAUSED" and thing.paused_by == "orchestrator"


def is_in_creation(thing: CampaignNow | AdSetNow) -> bool:
    """The orchestrator created it and never activated it."""
    return thing.status == "PAUSED" and thing.paused_by == "creation"


def is_paused_by_person(thing: CampaignNow | AdSetNow) -> bool:
    """A person paused it: nothing of it is touched."""
    return thing.status == "PAUSED" and thing.paused_by in {None, "user"}


def cbo_minimum(goal: GoalNow, active_ad_sets: int) -> int:
    """The smallest budget of its own that a campaign with so many ACTIVE ad sets may have."""
    return goal.minimum_minor * max(1, active_ad_sets)
