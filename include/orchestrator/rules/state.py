"""The world of one user as this run has left it so far: the snapshot, folded with what was done.

A ``State`` is never changed in place; ``fold`` makes the next one. Its mappings keep object order
(``created_at``, then ``id``); things created in this run come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import lcm
from operator import attrgetter
from typing import NamedTuple, get_args

from msgspec import Struct

from orchestrator.domain.evidence import Evidence, Gate
from orchestrator.domain.model import Day, Decision, DeliveryStatus, ObjectStatus, PausedBy, Role, Snapshot
from orchestrator.domain.policy import Policy
from orchestrator.rules.breakers import Breakers
from orchestrator.rules.past_refusals import Refusals


class CampaignNow(Struct, frozen=True, gc=False):
    """A campaign now.

    ``own_budget_minor`` is its own budget a day; null: its ad sets have the budgets. ``is_moved``: a person
    moved its budget. ``in_snapshot``: it is in the snapshot.
    """

    id: str
    goal_key: str
    role: Role
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    own_budget_minor: int | None
    is_moved: bool
    removed_at: datetime | None
    in_snapshot: bool

    @property
    def budget_minor(self) -> int:
        """Its own budget as an amount: 0 where it has none."""
        return self.own_budget_minor or 0


class AdSetNow(Struct, frozen=True, gc=False):
    """An ad set now.

    ``budget_minor`` is its own budget a day, ``has_lifetime_budget`` whether that is what is left of a
    lifetime budget. ``ours``: false for one that a person made. ``proven_events`` are those read or, where
    they contradict what is known, those known. ``age`` is its place in object order; ``in_snapshot``: it is
    in the snapshot.
    """

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
    has_lifetime_budget: bool = False
    ours: bool = True
    delivery: DeliveryStatus = "ok"
    known_events: int | None = None
    retry: bool = False
    proven_events: int = 0


class GoalNow(Struct, frozen=True, gc=False):
    """A registered goal and what the division gave it, fixed for the run.

    ``learning_minor`` and ``scaling_minor`` are what it has, ``learning_if_split`` and
    ``scaling_if_split`` what it would have beside a scaling campaign. An inactive goal has nothing, and so
    has one that ``is_idle``: it can run nothing. ``missing``: what of the user's assets it still needs.
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
    missing: tuple[str, ...] = ()
    is_idle: bool = False
    is_split: bool = False
    has_learning: bool = True


class Cell(Struct, frozen=True, gc=False):
    """One thing to test: an audience with a creative.

    ``begun`` are the ad sets of it that were refused while they were built and may be tried again, by age.
    ``refused``: how long ago the platform refused a new one, where that is too lately to try again.
    """

    audience: str
    creative_id: str
    begun: tuple[AdSetNow, ...] = ()
    refused: Gate | None = None


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

    ``audiences`` are by goal and position, ``usable`` creatives, approved and fit for their goal, by goal,
    newest first, ``unapproved`` the status of every one that is not approved by id. ``untried``: the test
    cells of a goal that were not tried. Campaigns and ad sets are there twice, by id and by what they belong
    to; ``fold`` updates both.

    Of the snapshot, whatever was done since: ``changed_by_people`` are the campaigns in which a person moved
    a budget, or made an ad set, ``barred`` the ad sets that may not run, with the reason,
    ``arrived`` the losers whose events came late, ``contradicting`` the ad set of a goal whose figures
    contradict what is known, ``breakers`` what refuses every rise.
    """

    snapshot: Snapshot
    policy: Policy
    limits: UserLimits
    goals: tuple[GoalNow, ...]
    unknown_goals: tuple[str, ...]
    audiences: Mapping[str, tuple[str, ...]]
    usable: Mapping[str, tuple[str, ...]]
    unapproved: Mapping[str, str]
    refusals: Refusals
    campaigns: Mapping[str, CampaignNow]
    ad_sets: Mapping[str, AdSetNow]
    campaigns_of: Mapping[tuple[str, Role], tuple[CampaignNow, ...]]
    ad_sets_of: Mapping[str, tuple[AdSetNow, ...]]
    active_of: Mapping[str, tuple[AdSetNow, ...]]
    live_minor: int
    changed_by_people: frozenset[str]
    barred: Mapping[str, str]
    contradicting: Mapping[str, str]
    untried: Mapping[str, tuple[Cell, ...]]
    arrived: Mapping[str, Evidence]
    breakers: Breakers
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
_ROLES: tuple[Role, ...] = get_args(Role)


def campaigns_of(state: State, goal_key: str, role: Role) -> tuple[CampaignNow, ...]:
    """A goal's campaigns of one role and any status, by age."""
    return state.campaigns_of.get((goal_key, role), ())


def active_campaigns(state: State, goal_key: str, role: Role) -> list[CampaignNow]:
    """A goal's ACTIVE campaigns of one role, by age."""
    return [c for c in state.campaigns_of.get((goal_key, role), ()) if c.status == "ACTIVE"]


def ad_sets_of(state: State, campaign_id: str) -> tuple[AdSetNow, ...]:
    """A campaign's ad sets of any status, by age."""
    return state.ad_sets_of.get(campaign_id, ())


def active_ad_sets(state: State, campaign_id: str) -> Sequence[AdSetNow]:
    """A campaign's ACTIVE ad sets of ours, by age, whatever the campaign itself is."""
    found = state.active_of.get(campaign_id, ())
    return [a for a in found if a.ours] if campaign_id in state.changed_by_people else found


def active_count(state: State, campaign_id: str) -> int:
    """How many ad sets are ACTIVE in a campaign, also those that a person made: its budget feeds them all."""
    return len(state.active_of.get(campaign_id, ()))


def learning_ad_sets(state: State, goal_key: str) -> list[AdSetNow]:
    """The ACTIVE ad sets that share a goal's learning budget, campaign by age, ad set by age.

    They are ours, with a daily budget of their own, in an ACTIVE learning campaign.
    """
    found: list[AdSetNow] = []
    for campaign in active_campaigns(state, goal_key, "testing"):
        if campaign.id not in state.changed_by_people:
            found += active_ad_sets(state, campaign.id)
        elif not campaign.is_moved:
            found += [a for a in active_ad_sets(state, campaign.id) if not a.has_lifetime_budget]
    return found


def goal_ad_sets(state: State, goal_key: str) -> list[AdSetNow]:
    """A goal's ad sets of ours in whatever campaign and state."""
    return [
        ad_set
        for role in _ROLES
        for campaign in campaigns_of(state, goal_key, role)
        for ad_set in ad_sets_of(state, campaign.id)
        if ad_set.ours
    ]


def by_age(ad_sets: Iterable[AdSetNow]) -> list[AdSetNow]:
    """Object order."""
    return sorted(ad_sets, key=_age)


def best_first(ad_sets: Iterable[AdSetNow]) -> list[AdSetNow]:
    """Retention order: those with events before those without, then cost an event, then age.

    Costs are compared exactly, as integers over the common multiple of all event counts.
    """
    ad_sets = by_age(ad_sets)
    proven = [a for a in ad_sets if a.proven_events]
    common = lcm(*[a.proven_events for a in proven])
    proven.sort(key=lambda a: a.spend_minor * (common // a.proven_events))
    return [*proven, *[a for a in ad_sets if not a.proven_events]]


def is_paused_by_us(thing: CampaignNow | AdSetNow) -> bool:
    """It was active and the orchestrator paused it; ``paused_reason`` says why."""
    return thing.status == "PAUSED" and thing.paused_by == "orchestrator"


def is_in_creation(thing: CampaignNow | AdSetNow) -> bool:
    """The orchestrator created it and never activated it."""
    return thing.status == "PAUSED" and thing.paused_by == "creation"


def would_deliver(state: State, ad_set: AdSetNow) -> bool:
    """Whether an ad set is ours and could run: its ads are not held back, its creative is not refused."""
    return ad_set.ours and ad_set.delivery == "ok" and ad_set.creative_id not in state.unapproved


def is_paused_by_person(thing: CampaignNow | AdSetNow) -> bool:
    """A person paused it: nothing of it is touched."""
    return thing.status == "PAUSED" and thing.paused_by in {None, "user"}


def cbo_minimum(goal: GoalNow, active_ad_sets: int) -> int:
    """The smallest budget of its own that a campaign with so many ACTIVE ad sets may have."""
    return goal.minimum_minor * max(1, active_ad_sets)
