"""The nouns of the simulated world: accounts and what hangs under them.

Money is an ``int`` in minor units of the account's currency, an instant is Unix seconds.
``extra`` holds parameters that are stored and read back but mean nothing to the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from graph_simulator.state.assets import (
    CustomAudience,
    CustomConversion,
    Image,
    InstagramUser,
    Label,
    LeadForm,
    Page,
    Pixel,
    User,
    Video,
)
from graph_simulator.state.jobs import AsyncRequest, ReportRun, RequestSet, Session

if TYPE_CHECKING:
    from graph_simulator.delivery.ledger import AdLedger

LIVE = ("ACTIVE", "PAUSED")


@dataclass(slots=True, frozen=True)
class Market:
    """What advertising costs in one account: medians in minor units, deviations of logarithms."""

    cpm_minor: float
    click_rate: float
    results_per_click: float
    cpm_sigma: float
    click_sigma: float
    result_sigma: float


@dataclass(slots=True, frozen=True)
class Rates:
    """The truth about one ad set that nobody sees: what its impressions cost and what they lead to."""

    cpm_minor: float
    click_rate: float
    results_per_minor: float


@dataclass(slots=True, frozen=True)
class Issue:
    """What Meta reports of an object in ``issues_info``. A HARD_ERROR stops its delivery."""

    level: str
    error_code: int
    error_summary: str
    error_message: str
    error_type: str = "HARD_ERROR"


@dataclass(slots=True, eq=False)
class Account:
    """One ad account with everything a user's assets hold.

    ``is_in_arrears``: a payment failed by chance; ``has_failing_ads``: so may its ads. ``missing``: fields
    that its Insights leave out. ``gone``: ids of assets that were deleted or are no longer its own.
    ``retired``: ids of interests that nobody can target any more.
    ``has_lead_terms``: its Page accepted the terms of lead ads. ``checks_assets``, ``checks_fit``: how strict
    Meta is with it.
    """

    node: ClassVar[str] = "AdAccount"
    number: str
    index: int
    name: str
    currency: str
    timezone: str
    created: int
    token: str
    page_id: str
    pixel_id: str
    instagram_user_id: str
    business_id: str
    video_id: str
    market: Market
    account_status: int = 1
    disable_reason: int = 0
    has_payment: bool = True
    is_in_arrears: bool = False
    has_failing_ads: bool = False
    missing: tuple[str, ...] = ()
    spend_cap: int = 0
    dsa_beneficiary: str | None = None
    dsa_payor: str | None = None
    campaigns: list[Campaign] = field(default_factory=list)
    creatives: list[Creative] = field(default_factory=list)
    labels: dict[str, Label] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    conversions: list[CustomConversion] = field(default_factory=list)
    pixels: list[Pixel] = field(default_factory=list)
    lead_forms: list[LeadForm] = field(default_factory=list)
    audiences: list[CustomAudience] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    retired: set[str] = field(default_factory=set)
    has_lead_terms: bool = True
    checks_assets: bool = True
    checks_fit: bool = True
    activities: list[Activity] = field(default_factory=list)
    request_sets: list[RequestSet] = field(default_factory=list)
    cap_edits: tuple[int, ...] = ()
    active_ads: int | None = None
    settled_until: int = 0

    @property
    def id(self) -> str:
        """``act_`` and the number."""
        return f"act_{self.number}"

    def has(self, wanted: Any, asset_id: str) -> bool:
        """Whether a call names this asset, and it is still there."""
        return str(wanted) == asset_id and asset_id not in self.gone

    @property
    def account(self) -> Account:
        """Itself, so that every node has its account."""
        return self


@dataclass(slots=True, eq=False)
class Campaign:
    """One campaign. A daily or lifetime budget makes it CBO, else it is ABO."""

    node: ClassVar[str] = "Campaign"
    id: str
    account: Account
    name: str
    objective: str
    created: int
    updated: int
    status: str = "PAUSED"
    buying_type: str = "AUCTION"
    bid_strategy: str | None = None
    daily_budget: int | None = None
    lifetime_budget: int | None = None
    spend_cap: int | None = None
    budget_sharing: bool | None = None
    special_ad_categories: tuple[str, ...] = ()
    special_ad_category_country: tuple[str, ...] = ()
    start: int | None = None
    stop: int | None = None
    source_id: str = "0"
    labels: tuple[str, ...] = ()
    promoted_object: dict[str, Any] | None = None
    ad_sets: list[AdSet] = field(default_factory=list)
    issues: tuple[Issue, ...] = ()
    extra: dict[str, Any] | None = None

    @property
    def is_cbo(self) -> bool:
        """True when the campaign holds the budget."""
        return self.daily_budget is not None or self.lifetime_budget is not None


@dataclass(slots=True, eq=False)
class AdSet:
    """One ad set. Under CBO it has no budget of its own."""

    node: ClassVar[str] = "AdSet"
    id: str
    campaign: Campaign
    name: str
    optimization_goal: str
    billing_event: str
    targeting: dict[str, Any]
    created: int
    updated: int
    rates: Rates
    status: str = "PAUSED"
    daily_budget: int | None = None
    lifetime_budget: int | None = None
    bid_strategy: str | None = None
    bid_amount: int | None = None
    promoted_object: dict[str, Any] | None = None
    destination_type: str | None = None
    attribution_spec: list[dict[str, Any]] | None = None
    start: int | None = None
    end: int | None = None
    dsa_beneficiary: str | None = None
    dsa_payor: str | None = None
    source_id: str = "0"
    labels: tuple[str, ...] = ()
    ads: list[Ad] = field(default_factory=list)
    last_edit: int = 0
    paused_at: int | None = None
    budget_edits: tuple[int, ...] = ()
    issues: tuple[Issue, ...] = ()
    extra: dict[str, Any] | None = None

    @property
    def account(self) -> Account:
        """The account of its campaign."""
        return self.campaign.account


@dataclass(slots=True, eq=False)
class Ad:
    """One ad: what is delivered.

    ``processed_at`` and ``reviewed_at`` are when Meta has taken it in and looked at it. ``rejected_at`` is
    when a later look rejects it; null when none will. ``preapproved``: passed, and not shown yet.
    """

    node: ClassVar[str] = "Ad"
    id: str
    ad_set: AdSet
    name: str
    creative: Creative
    created: int
    updated: int
    reviewed_at: int
    status: str = "PAUSED"
    disapproved: bool = False
    preapproved: bool = False
    source_id: str = "0"
    tracking_specs: list[dict[str, Any]] | None = None
    labels: tuple[str, ...] = ()
    ledger: AdLedger | None = None
    issues: tuple[Issue, ...] = ()
    processed_at: int = 0
    rejected_at: int | None = None
    extra: dict[str, Any] | None = None

    @property
    def campaign(self) -> Campaign:
        """The campaign of its ad set."""
        return self.ad_set.campaign

    @property
    def account(self) -> Account:
        """The account of its campaign."""
        return self.ad_set.campaign.account


@dataclass(slots=True, eq=False)
class Creative:
    """One ad creative; ``spec`` holds what it was created with, by parameter."""

    node: ClassVar[str] = "AdCreative"
    id: str
    account: Account
    name: str
    spec: dict[str, Any]
    status: str = "ACTIVE"
    labels: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class Activity:
    """One line of an account's audit log; ``extra`` is Meta's ``extra_data``.

    ``by_person``: made in Ads Manager, by no application.
    """

    at: int
    event: str
    object_id: str
    object_name: str
    object_type: str
    extra: dict[str, Any]
    by_person: bool = False


Node = (
    Account
    | Campaign
    | AdSet
    | Ad
    | Creative
    | Label
    | Image
    | Pixel
    | CustomConversion
    | Page
    | InstagramUser
    | LeadForm
    | CustomAudience
    | Video
    | User
    | ReportRun
    | RequestSet
    | AsyncRequest
    | Session
)
