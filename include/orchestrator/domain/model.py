"""The nouns: what is known about one user at one moment, and what is decided about it.

Frozen values. Money is an ``int`` in minor units of the ad account's
currency, times are UTC instants with a zone, a "day" is a calendar day in the account's
time zone. A list in a document is a tuple here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from orchestrator.domain.evidence import Evidence
from orchestrator.domain.steps import StepName

Role = Literal["testing", "scaling"]
ObjectStatus = Literal["ACTIVE", "PAUSED", "ARCHIVED", "DELETED"]
PausedBy = Literal["orchestrator", "creation", "user"]
ActionType = Literal[
    "create_campaign",
    "create_adset",
    "update_budget",
    "promote_winner",
    "pause_adset",
    "resume_adset",
    "pause_campaign",
    "resume_campaign",
]
Outcome = Literal["success", "failed", "unknown"]
Clause = Literal["beats_median", "best_with_volume"]
DeliveryStatus = Literal["ok", "in_review", "cannot", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The ad account.

    ``units_per_usd``: account currency per 1 USD, a decimal string. ``account_status``: the platform's
    number, 1 is active. ``spend_cap_left_minor``: what is left of the account's spending limit; null: it
    has none.
    """

    id: str
    currency: str
    units_per_usd: str | None
    timezone: str
    insights_read_at: datetime | None
    account_status: int = 1
    spend_cap_left_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSettings:
    """What the user set. A null amount means the policy's."""

    auto_scale_winners: bool
    auto_pause_losers: bool
    global_daily_budget_minor: int | None
    max_daily_budget_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One thing the user wants, priority 1 to 5, five first.

    ``missing``: what of the user's assets it still needs, for people to read.
    """

    goal_key: str
    is_active: bool
    priority: int
    budget_hint_minor: int | None
    learning_share_bp: int | None
    minimum_daily_budget_minor: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a learning campaign of a goal is built from. Audiences by position."""

    goal_key: str
    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Creative:
    """Something to show. Only ``approved`` may run, and only where ``usable``: it fits its goal."""

    id: str
    goal_key: str
    status: str
    created_at: datetime
    usable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign of ours. ``daily_budget_minor`` is its CBO budget; null under ABO.

    ``lifetime_daily_minor``: what is left of a lifetime budget over the days until its end; null: it has
    none.
    """

    id: str
    goal_key: str
    role: Role
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    daily_budget_minor: int | None
    created_at: datetime
    removed_at: datetime | None
    lifetime_daily_minor: int | None = None

    @property
    def own_budget_minor(self) -> int | None:
        """What it may spend a day by a budget of its own, of either kind; null: its ad sets have them."""
        return self.lifetime_daily_minor if self.daily_budget_minor is None else self.daily_budget_minor

    @property
    def is_moved(self) -> bool:
        """Whether a person moved its budget: learning is ABO, scaling has a daily budget of its own."""
        if self.role == "testing":
            return self.own_budget_minor is not None
        return self.daily_budget_minor is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """What an ad set did since it exists. ``events`` are core signals of its goal."""

    spend_minor: int
    impressions: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What an ad set did on one account day."""

    date: date
    spend_minor: int
    impressions: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSetCore:
    """An ad set in a campaign of ours without its insights, which are stored apart.

    ``daily_budget_minor`` is null under CBO; null elsewhere counts 0. ``lifetime_daily_minor``: what is left
    of a lifetime budget over the days until its end; null: it has none. ``ours``: false for one that a
    person made in our campaign. ``delivery``: whether its ads could be shown. ``known_events``: the most
    lifetime core events ever stored of it; null: none stored. ``retry``: its build was refused and may be
    tried again.
    """

    id: str
    campaign_id: str
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    daily_budget_minor: int | None
    created_at: datetime
    active_since: datetime | None
    audience: str
    creative_id: str | None
    source_adset_id: str | None
    lifetime_daily_minor: int | None = None
    ours: bool = True
    delivery: DeliveryStatus = "ok"
    known_events: int | None = None
    retry: bool = False

    @property
    def budget_minor(self) -> int:
        """What it may spend a day by a budget of its own, of either kind: 0 where it has none."""
        return self.daily_budget_minor or self.lifetime_daily_minor or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSet(AdSetCore):
    """An ad set of ours with its insights; null: they could not be read."""

    lifetime: Lifetime | None = None
    days: tuple[Day, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAction:
    """One settled row of the action log, as far back as the longest cooldown.

    Of failed rows only refusals of what would be sent now. ``audience``: of a ``create_adset``.
    """

    action_type: ActionType
    goal_key: str
    adset_id: str | None
    creative_id: str | None
    reason: str | None
    status: Outcome
    at: datetime
    audience: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything a plan depends on, besides the policy."""

    now: datetime
    user_id: str
    account: Account
    settings: UserSettings
    goals: tuple[Goal, ...]
    templates: tuple[Template, ...]
    creatives: tuple[Creative, ...]
    campaigns: tuple[Campaign, ...]
    ad_sets: tuple[AdSet, ...]
    history: tuple[PastAction, ...]


class Allocation(Struct, frozen=True, kw_only=True, gc=False):
    """What step allocate gave one active goal."""

    goal_key: str
    budget_minor: int
    learning_minor: int
    scaling_minor: int


class Winner(Struct, frozen=True, kw_only=True, gc=False):
    """An ad set that won, with the numbers that decided."""

    goal_key: str
    adset_id: str
    clause: Clause
    events: int
    spend_minor: int
    impressions: int
    active_hours: int
    cost_minor: str
    median_minor: str
    margin_bp: int


class Action(Struct, frozen=True, kw_only=True, gc=False):
    """One thing to do, as an absolute target.

    ``campaign_id`` and ``adset_id`` are the platform's ids or, for things this run creates,
    ``new:<role>:<goal_key>`` and ``new:<role>:<goal_key>:<audience>:<creative_id>``. ``step`` is null where
    no rule decided: in an emergency stop.
    ``evidence``: the gates that decided, all passed; empty in one read back from the action log.
    """

    step: StepName | None
    action_type: ActionType
    goal_key: str
    campaign_id: str | None
    adset_id: str | None
    before_minor: int | None
    after_minor: int | None
    reason: str
    evidence: Evidence = ()

    @property
    def decided_in(self) -> StepName:
        """The step of an action that a rule decided."""
        if self.step is None:
            raise RuntimeError(f"Bug! no rule decided this {self.action_type}: {self.reason}")
        return self.step


class Hold(Struct, frozen=True, kw_only=True, gc=False):
    """One thing not done, and the first reason why.

    ``evidence``: the gates up to the first that failed, which is the last.
    """

    step: StepName
    action_type: ActionType
    goal_key: str | None
    campaign_id: str | None
    adset_id: str | None
    reason: str
    evidence: Evidence = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalError:
    """A goal that cannot be worked on, and why."""

    step: StepName
    goal_key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one step makes of one state.

    Only ``allocate`` fills ``allocations``, only ``promote`` fills ``winners``.
    """

    actions: tuple[Action, ...] = ()
    holds: tuple[Hold, ...] = ()
    errors: tuple[GoalError, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    winners: tuple[Winner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All five steps' decisions from one snapshot, had every action succeeded."""

    policy_hash: str
    snapshot_hash: str
    allocations: tuple[Allocation, ...]
    winners: tuple[Winner, ...]
    actions: tuple[Action, ...]
    holds: tuple[Hold, ...]
    errors: tuple[GoalError, ...]
