"""The demo's personas and their history, as values.

Money is in minor units of the account's currency except what users type, which is text in
major units as on a form. Times count back from the run: days and hours ago.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal
from uuid import UUID, uuid5

NAMESPACE = UUID("6f9c2a1e-0000-4000-8000-00000000ad50")
GoalSetting = Mapping[str, object]
Review = Literal["APPROVED", "PENDING", "DISAPPROVED"]


@dataclass(frozen=True, slots=True)
class AdDay:
    """What one ad did on one account day. ``events`` are core signals of its goal."""

    spend_minor: int
    impressions: int
    events: int
    clicks: int = 0


Days = tuple[AdDay, ...]
"""Consecutive account days, the last of them yesterday."""


@dataclass(frozen=True, slots=True)
class PastAd:
    """One ad that ran before the demo, with what the platform's review made of it."""

    name: str
    days: Days
    review: Review = "APPROVED"


@dataclass(frozen=True, kw_only=True)
class PastAdSet:
    """One ad set that ran before the demo. ``copy_of`` names the one it was promoted from.

    ``name`` is unique within its person. ``daily_budget_minor`` is null under CBO. ``paused_by_hand``: in
    Ads Manager, so that only Meta knows.
    """

    name: str
    audience: str
    creative: str | None
    daily_budget_minor: int | None
    ads: tuple[PastAd, ...]
    age_days: int
    copy_of: str | None = None
    paused_by_hand: bool = False

    @cached_property
    def days(self) -> Days:
        """The sum of its ads, day by day."""
        return summed(ad.days for ad in self.ads)


@dataclass(frozen=True, kw_only=True)
class PastCampaign:
    """One campaign that ran before the demo: testing is ABO, scaling is CBO.

    ``paused_by_hand``: in Ads Manager, so that only Meta knows.
    """

    name: str
    goal_key: str
    role: Literal["testing", "scaling"]
    ad_sets: tuple[PastAdSet, ...]
    daily_budget_minor: int | None = None
    paused_by_hand: bool = False

    @property
    def age_days(self) -> int:
        """As old as its oldest ad set."""
        return max(ad_set.age_days for ad_set in self.ad_sets)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPromotion:
    """A promotion in the action log: the winner, by name, and when."""

    goal_key: str
    ad_set: str
    hours_ago: int


@dataclass(frozen=True, slots=True)
class HandEdit:
    """An edit by hand in Ads Manager, right before the first run, so that only Meta knows of it.

    ``of`` names a campaign or ad set; empty, it is the account. ``details`` are those of ``/_sim/people``.
    """

    act: str
    of: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaCreative:
    """One creative a user made. Only ``approved`` ones may run."""

    name: str
    goal_key: str
    status: str = "approved"
    age_days: int = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that must come out of a run for a person, in words and checkable.

    ``kind``: what to look among. ``reason``: its reason, or for ``failure`` the error's name.
    ``count``: how many at least; 0 means none at all.
    """

    words: str
    kind: Literal["action", "hold", "error", "failure"]
    reason: str
    action_type: str | None = None
    goal_key: str | None = None
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Persona:
    """One user of the demo, with a reason to be there.

    ``missing``: fields that Insights leave out until days have passed.
    """

    name: str
    why: str
    goals: Mapping[str, GoalSetting]
    daily_budget: str = "20.00"
    max_daily_budget: str = "100.00"
    auto_scale: bool = True
    auto_pause: bool = True
    currency: str = "USD"
    timezone: str = "America/New_York"
    audiences: tuple[str, ...] = ("broad", "lookalike")
    creatives: tuple[PersonaCreative, ...] = ()
    campaigns: tuple[PastCampaign, ...] = ()
    promotions: tuple[PastPromotion, ...] = ()
    token_is_dead: bool = False
    edits: tuple[HandEdit, ...] = ()
    missing: tuple[str, ...] = ()
    first: tuple[Outcome, ...] = ()
    after_days: tuple[Outcome, ...] = ()
    after_hours: tuple[Outcome, ...] = ()

    @property
    def daily_budget_amount(self) -> Decimal:
        """What the user wants to spend a day, major units."""
        return Decimal(self.daily_budget)

    @property
    def max_daily_budget_amount(self) -> Decimal:
        """The user's cap, major units a day."""
        return Decimal(self.max_daily_budget)

    @property
    def user_id(self) -> UUID:
        """The same in every demo."""
        return user_id_of(self.name)

    def creative_id(self, idea: str) -> UUID:
        """The row id of one of the person's creatives."""
        return uuid5(self.user_id, idea)


def user_id_of(name: str) -> UUID:
    """The user id of the persona of this name, the same in every demo."""
    return uuid5(NAMESPACE, name)


def summed(parts: Iterable[Days]) -> Days:
    """Day by day the sum of histories that end on the same day."""
    histories = list(parts)
    length = max((len(days) for days in histories), default=0)
    padded = [(AdDay(0, 0, 0),) * (length - len(days)) + days for days in histories]
    return tuple(
        AdDay(
            sum(figures.spend_minor for figures in day),
            sum(figures.impressions for figures in day),
            sum(figures.events for figures in day),
            sum(figures.clicks for figures in day),
        )
        for day in zip(*padded, strict=True)
    )
