"""The form of ``POST /_sim/seed``: accounts with campaigns, ad sets, ads and history.

Times are ISO 8601 (``created``) or hours before the clock (``hours_ago``); money is in minor
units of the account's currency (``…_minor``); what is left out has a sensible default.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from graph_simulator.state.clock import zone

# Of a count, an amount, a rate: between them, nothing that is reckoned with them overflows.
_LEAST, _MOST = 1e-9, 10**15
_DAYS = 40_000  # a century ago
Status = Literal["ACTIVE", "PAUSED", "ARCHIVED", "DELETED"]


def _sent(value: dict[str, Any]) -> dict[str, Any]:
    """What Meta was once sent: JSON, which has no NaN and no infinity."""
    json.dumps(value, allow_nan=False)
    return value


Spec = Annotated[dict[str, Any], AfterValidator(_sent)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class HistoryForm(_Form):
    """Delivered figures: of one day (``date`` or ``days_ago``), or of the last ``days`` up to yesterday."""

    date: dt.date | None = None
    days_ago: int | None = Field(None, ge=0, le=_DAYS)
    days: int | None = Field(None, ge=1, le=1000)
    spend_minor: int = Field(0, ge=0, le=_MOST)
    impressions: int = Field(0, ge=0, le=_MOST)
    clicks: int = Field(0, ge=0, le=_MOST)
    link_clicks: int | None = Field(None, ge=0, le=_MOST)
    conversions: int = Field(0, ge=0, le=_MOST)

    @model_validator(mode="after")
    def _one_time(self) -> HistoryForm:
        if sum(value is not None for value in (self.date, self.days_ago, self.days)) != 1:
            msg = "history needs exactly one of date, days_ago and days"
            raise ValueError(msg)
        return self


class RatesForm(_Form):
    """The hidden truth of an ad set; what is left out is drawn from the account's market."""

    cpm_minor: float | None = Field(None, ge=_LEAST, le=_MOST)
    click_rate: float | None = Field(None, ge=_LEAST, le=1)
    cost_per_result_minor: float | None = Field(None, ge=_LEAST, le=_MOST)


class MarketForm(_Form):
    """Medians of an account's market, for ad sets that are created later."""

    cpm_minor: float | None = Field(None, ge=_LEAST, le=_MOST)
    click_rate: float | None = Field(None, ge=_LEAST, le=1)
    results_per_click: float | None = Field(None, ge=_LEAST, le=_MOST)
    cost_per_result_minor: float | None = Field(None, ge=_LEAST, le=_MOST)
    result_sigma: float | None = Field(None, ge=0, le=10)


class _Aged(_Form):
    id: str | None = Field(None, pattern=r"^\d{6,18}$")
    name: str = "Seeded"
    status: Status = "ACTIVE"
    created: dt.datetime | None = None
    hours_ago: float | None = Field(None, ge=0, le=24 * _DAYS)


class AdForm(_Aged):
    """One ad; without ``creative_id`` it gets a creative of its own. A PENDING one enters review now."""

    creative_id: str | None = None
    review: Literal["APPROVED", "PENDING", "DISAPPROVED"] = "APPROVED"
    object_story_spec: Spec | None = None
    history: list[HistoryForm] = Field(default_factory=list)


class AdSetForm(_Aged):
    """One ad set; without ``ads`` it has one ad, which gets the ad set's ``history``."""

    daily_budget_minor: int | None = Field(None, ge=1, le=_MOST)
    lifetime_budget_minor: int | None = Field(None, ge=1, le=_MOST)
    end: dt.datetime | None = None
    optimization_goal: str = "OFFSITE_CONVERSIONS"
    billing_event: str = "IMPRESSIONS"
    destination_type: str | None = None
    promoted_object: Spec | None = None
    targeting: Spec | None = None
    source_adset_id: str = "0"
    rates: RatesForm | None = None
    history: list[HistoryForm] = Field(default_factory=list)
    ads: list[AdForm] = Field(default_factory=list)


class CampaignForm(_Aged):
    """One campaign; with a budget it is CBO."""

    objective: str = "OUTCOME_SALES"
    daily_budget_minor: int | None = Field(None, ge=1, le=_MOST)
    lifetime_budget_minor: int | None = Field(None, ge=1, le=_MOST)
    end: dt.datetime | None = None
    ad_sets: list[AdSetForm] = Field(default_factory=list)


class RowForm(_Form):
    """One ad of an export: totals over ``row_defaults.days``, spend in units of the currency."""

    campaign: str
    ad_set: str
    ad: str | None = None
    impressions: int = Field(0, ge=0, le=_MOST)
    clicks: int = Field(0, ge=0, le=_MOST)
    spend: float = Field(0, ge=0, le=1e12)
    conversions: int = Field(0, ge=0, le=_MOST)


class RowDefaultsForm(_Form):
    """What the rows of an export do not say."""

    days: int = Field(30, ge=1, le=1000)
    objective: str = "OUTCOME_SALES"
    optimization_goal: str = "OFFSITE_CONVERSIONS"
    promoted_object: Spec | None = None
    daily_budget_minor: int | None = Field(None, ge=1, le=_MOST)
    status: Status = "ACTIVE"


class AccountForm(_Form):
    """One account: a known ``ad_account_id`` is filled, an unknown one is made, none is drawn."""

    ad_account_id: str | None = Field(None, pattern=r"^act_\d{6,18}$")
    name: str | None = None
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    timezone: str | None = None
    access_token: str | None = None
    dead: Literal[458, 459, 460, 463, 464, 467] | None = None
    page_id: str | None = None
    pixel_id: str | None = None
    instagram_user_id: str | None = None
    video_id: str | None = None
    account_status: int | None = None
    spend_cap_minor: int | None = Field(None, ge=0, le=_MOST)
    has_payment: bool | None = None
    dsa_beneficiary: str | None = None
    dsa_payor: str | None = None
    market: MarketForm | None = None
    images: list[str] = Field(default_factory=list)
    custom_conversions: list[str] = Field(default_factory=list)
    custom_audiences: list[str] = Field(default_factory=list)
    lead_forms: list[str] = Field(default_factory=list)
    campaigns: list[CampaignForm] = Field(default_factory=list)
    rows: list[RowForm] = Field(default_factory=list)
    row_defaults: RowDefaultsForm = Field(default_factory=RowDefaultsForm)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        try:
            zone(name or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            msg = f"there is no time zone {name}"
            raise ValueError(msg) from None
        return name


class SeedForm(_Form):
    """The whole body."""

    accounts: list[AccountForm]
