"""Request bodies of the control API, except the seed: their fields and types."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from graph_simulator.serving.faults import KINDS

Part = Annotated[float, Field(ge=0, le=1)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class DeliveryForm(_Form):
    """Effects of delivery, on or off, and chances as parts of 1; what is not named stays."""

    flex: bool | None = None
    delays: bool | None = None
    fatigue: bool | None = None
    weekday: bool | None = None
    learning: bool | None = None
    rising: bool | None = None
    twins: bool | None = None
    late_reads: Part | None = None
    missing: Part | None = None
    taken_back: Part | None = None
    unsettled: Part | None = None
    issues: Part | None = None


class ResetForm(DeliveryForm):
    """A new world; what is not named is as the process was started."""

    seed: int | None = Field(None, ge=0, lt=2**63)
    accounts: int | None = Field(None, ge=0, le=100_000)
    now: dt.datetime | None = None
    clock_factor: float | None = Field(None, ge=0, le=1e6)
    tier: Literal["limited", "full"] | None = None
    lenient: bool | None = None
    require_proof: bool | None = None
    new_app: bool | None = None
    checks_assets: bool | None = None
    checks_fit: bool | None = None
    review_minutes: int | None = Field(None, ge=0, le=100_000)
    review_spread: bool | None = None
    rejections: Part | None = None
    later_rejections: Part | None = None


class ClockForm(_Form):
    """Where the clock goes, and how fast."""

    now: dt.datetime | None = None
    advance_hours: float = Field(0, ge=0, le=100_000)
    advance_seconds: float = Field(0, ge=0, le=1e9)
    factor: float | None = Field(None, ge=0, le=1e6)


class AccountChangeForm(_Form):
    """What changes about an account from outside."""

    ad_account_id: str
    account_status: int | None = None
    disable_reason: int | None = None
    spend_cap: int | None = Field(None, ge=0)
    has_payment: bool | None = None
    has_lead_terms: bool | None = None
    dsa_beneficiary: str | None = None
    dsa_payor: str | None = None


class AssetForm(_Form):
    """An asset that is deleted or no longer shared, or there again; a form or conversion that is archived.

    ``received``: events that a pixel receives now, beside those of ads. An interest is gone for everybody.
    """

    id: str
    is_gone: bool | None = None
    is_archived: bool | None = None
    received: dict[str, Annotated[int, Field(ge=1, le=10**9)]] = Field(default_factory=dict)


class ReviewForm(_Form):
    """The verdict on an ad."""

    ad_id: str
    verdict: Literal["APPROVED", "PREAPPROVED", "DISAPPROVED"]


class FiguresForm(_Form):
    """Figures that Meta withholds or corrects.

    ``missing``: the fields that the account's Insights leave out from now on. ``taken_back``: by figure, the
    part that is taken back of what an ad, ad set or campaign (``id``) has brought so far on one day.
    """

    ad_account_id: str | None = None
    missing: list[str] | None = Field(None, max_length=50)
    id: str | None = None
    date: dt.date | None = None
    days_ago: int | None = Field(None, ge=0, le=40_000)
    taken_back: dict[Literal["spend", "impressions", "clicks", "results"], Part] = Field(default_factory=dict)


class IssueForm(_Form):
    """One entry of ``issues_info``."""

    error_code: int = 2460003
    error_summary: str = "Delivery error"
    error_message: str = "There is an issue with this object."
    error_type: Literal["HARD_ERROR", "SOFT_ERROR"] = "HARD_ERROR"


class IssuesForm(_Form):
    """What Meta reports of a campaign, ad set or ad from here on; an empty list takes it back."""

    id: str
    issues: list[IssueForm] = Field(default_factory=list, max_length=20)


class TokenForm(_Form):
    """A token's new state: dead with a subcode of 190, alive again (null), or its expiry."""

    access_token: str
    dead: Literal[458, 459, 460, 463, 464, 467] | None = None
    expires: dt.datetime | None = None


class RefusalForm(_Form):
    """What a fault of the kind ``refusal`` answers: any code of Meta's, with its texts."""

    code: int
    subcode: int | None = None
    message: str | None = None
    title: str | None = None
    text: str | None = None
    blame: tuple[str, ...] = ()
    status: int = Field(400, ge=400, le=599)
    transient: bool | None = None


class FaultForm(_Form):
    """One rule of trouble: which calls it befalls, and how often."""

    kind: str
    method: str | None = None
    path: str | None = None
    account: str | None = None
    after: int = Field(0, ge=0)
    count: int | None = Field(None, ge=0)
    probability: float = Field(1, ge=0, le=1)
    seconds: float | None = Field(None, ge=0, le=86_400)
    edge: str | None = None
    body: dict[str, str] = Field(default_factory=dict)
    refusal: RefusalForm | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_flat(cls, given: Any) -> Any:
        """Take the parts of a refusal beside the others: a rule with a ``code`` is one."""
        if not isinstance(given, dict) or "code" not in given:
            return given
        parts = {name: value for name, value in given.items() if name in RefusalForm.model_fields}
        others = {name: value for name, value in given.items() if name not in parts}
        return {"kind": "refusal", **others, "refusal": parts}

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            msg = f"must be one of {', '.join(KINDS)}"
            raise ValueError(msg)
        return kind

    @model_validator(mode="after")
    def _refuses_with_something(self) -> Self:
        if (self.kind == "refusal") != (self.refusal is not None):
            msg = "kind refusal has a refusal to answer with, and no other kind has"
            raise ValueError(msg)
        return self
