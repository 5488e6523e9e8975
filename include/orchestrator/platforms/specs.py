"""What is to be created on a platform, in neutral nouns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSpec:
    """A campaign to create. With ``daily_budget_minor`` it owns the budget; null leaves it to its ad sets."""

    name: str
    goal_key: str
    daily_budget_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSetSpec:
    """An ad set to create. ``daily_budget_minor`` is null when its campaign owns the budget.

    ``targeting`` is the template's, in the platform's words. What it promotes follows from the goal and
    the account's assets.
    """

    name: str
    campaign_id: str
    goal_key: str
    daily_budget_minor: int | None
    targeting: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreativeSpec:
    """A creative to create. ``parts`` is its row's ``spec`` over the template's defaults."""

    name: str
    creative_id: str
    goal_key: str
    parts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSpec:
    """An ad to create. ``creative_id`` is the platform's."""

    name: str
    ad_set_id: str
    creative_id: str
