"""The port: what an ads platform answers and what it takes, in neutral nouns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCampaign:
    """A campaign as Meta has it. ``daily_budget_minor`` is its CBO budget; None under ABO."""

    id: str
    name: str
    objective: str | None
    status: str
    effective_status: str
    daily_budget_minor: int | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAdGroup:
    """An ad set as Meta has it. ``daily_budget_minor`` is None under CBO."""

    id: str
    campaign_id: str
    name: str
    status: str
    effective_status: str
    daily_budget_minor: int | None
    optimization_goal: str | None
    created_at: datetime
    updated_at: datetime
    start_at: datetime | None
    source_adset_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """The ad account. ``account_status`` 1 is active; amounts in minor units of its currency."""

    id: str
    currency: str
    timezone: str
    account_status: int
    disable_reason: int
    amount_spent_minor: int
    minimum_daily_budget_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReading:
    """One user's account, read at one moment.

    ``lifetime_rows`` and ``daily_rows`` are Insights rows as Meta sent them. When
    ``insights_complete`` is False they are not all there, and ``insights_problem`` says why.
    """

    account: AccountState
    campaigns: tuple[RemoteCampaign, ...]
    ad_sets: tuple[RemoteAdGroup, ...]
    lifetime_rows: list[dict[str, Any]]
    daily_rows: list[dict[str, Any]]
    insights_complete: bool
    insights_problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An object found by listing: enough to adopt it.

    ``creative_id`` is an ad's. ``source_id`` is the ad or ad set that this one was copied from.
    ``updated_at`` is null where Meta tells none.
    """

    id: str
    name: str
    created_at: datetime
    status: str
    updated_at: datetime | None = None
    creative_id: str | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSpec:
    """A campaign to create. ``daily_budget_minor`` makes it CBO; None leaves budgets to its ad sets."""

    name: str
    goal_key: str
    daily_budget_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSetSpec:
    """An ad set to create. ``daily_budget_minor`` is None under CBO.

    ``targeting`` is Graph targeting with ``geo_locations``. ``dsa`` names the ``beneficiary`` and the
    ``payor``, sent when the targeting reaches the European Union; empty leaves them to the ad
    account's defaults.
    """

    name: str
    campaign_id: str
    goal_key: str
    daily_budget_minor: int | None
    targeting: Mapping[str, Any]
    promoted_object: Mapping[str, Any] | None
    dsa: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreativeSpec:
    """A creative to create, from exactly one of a new story, a Page post, an Instagram post."""

    name: str
    object_story_spec: Mapping[str, Any] | None = None
    object_story_id: str | None = None
    source_instagram_media_id: str | None = None
    url_tags: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSpec:
    """An ad to create. ``pixel_id`` is the pixel whose events it is tracked by, if any."""

    name: str
    ad_set_id: str
    creative_id: str
    pixel_id: str | None = None
