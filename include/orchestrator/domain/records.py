"""The rows of our own database that a run works with, as values.

Field names are column names. Amounts set by a user are ``Decimal`` major units, all others ``int``
minor units, both of the account's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import SecretStr

from orchestrator.domain.action_log import ActionDraft
from orchestrator.domain.model import AdSetCore, Campaign, Creative, Day, PastAction

PartEvents = Mapping[tuple[str, date], Decimal]
"""Events that are not whole, by ad set id and account day: a platform attributes parts of one."""


def whole_events(exact: Decimal) -> int:
    """Events as a rule counts them: rounded half up, at least 0."""
    whole = int(exact)
    return whole if whole == exact else int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """A run requested by the scheduler, an operator or a user."""

    run_key: str
    trigger: Literal["cron", "user", "dryrun"]
    now: datetime
    dry_run: bool
    user_ids: tuple[UUID, ...] | None = None
    goal_keys: tuple[str, ...] | None = None
    users_per_batch: int = 0
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRun:
    """One user's part of a run."""

    run_id: UUID
    user_id: UUID
    batch: int | None
    now: datetime
    dry_run: bool
    goal_keys: tuple[str, ...] | None
    trigger: str
    status: str
    error: str | None
    fencing_token: int | None = None
    """The fencing token with which this try holds the user; none in a dry run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceRow:
    """One audience of a template: its name and Graph targeting.

    ``usable``: every interest that it names can be targeted.
    """

    name: str
    targeting: Mapping[str, Any]
    usable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """What a goal's learning campaign is built from."""

    goal_key: str
    audiences: tuple[AudienceRow, ...]
    story: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreativeRow(Creative):
    """A creative with its spec; ``remote_id`` once the platform has it."""

    spec: Mapping[str, Any]
    remote_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow(Campaign):
    """A row of ``ads_campaigns``: a campaign in its last known state.

    ``paused_by`` is ``creation`` until it was active once; ``active_since`` is null until then.
    ``foreign_daily_minor``: what ad sets in it that people made, and that are ACTIVE, may spend a day.
    """

    user_id: UUID
    active_since: datetime | None
    platform: str = "meta"
    foreign_daily_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdSetRow(AdSetCore):
    """A row of ``ads_ad_sets``: an ad set in its last known state.

    ``active_since`` is its own, whenever its campaign began.
    """

    user_id: UUID
    goal_key: str
    removed_at: datetime | None
    platform: str = "meta"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRow:
    """One goal as the user set it. ``budget_hint`` is in major units; 0 is a hint.

    ``missing``: what of the user's assets it still needs, once that was looked for.
    """

    goal_key: str
    is_active: bool
    priority: int
    budget_hint: Decimal | None
    learning_share_bp: int | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetCheck:
    """When the user's assets were last looked for on the platform, which, and those that were not there.

    ``absent``: of each its name and, on a second line, what the platform said of it.
    """

    at: datetime
    fingerprint: str
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetsRow:
    """The user's account at a platform and what its ads promote. The token is secret and prints as stars."""

    ad_account_id: str
    page_id: str | None
    instagram_user_id: str | None
    pixel_id: str | None
    conversions: Mapping[str, Mapping[str, str]]
    currency: str
    timezone: str
    access_token: SecretStr
    dsa_beneficiary: str | None = None
    dsa_payor: str | None = None
    insights_restated_at: datetime | None = None
    """When all days that the platform may restate were last read."""
    platform: str = "meta"
    checked: AssetCheck | None = None
    is_unlisted: bool = False
    """The account was not looked through for objects of ours since the database was started or restored."""
    rises_held_run: UUID | None = None
    """The run in which nothing rises, since the database did not know what the account has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRefusal:
    """An action that the platform refused, with the fingerprint of what it was built from.

    ``half_made_id``: the ad set that was left half made by it.
    """

    action: PastAction
    built_from: str | None
    half_made_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRows:
    """Everything we keep about one user that a run needs.

    ``history`` has what was done or may have been, ``refusals`` what was refused: which is still valid
    depends on what would be sent now.
    """

    user_id: UUID
    auto_scale_winners: bool
    auto_pause_losers: bool
    global_daily_budget: Decimal | None
    max_daily_budget: Decimal | None
    goals: tuple[GoalRow, ...]
    assets: AssetsRow
    templates: tuple[TemplateRow, ...]
    creatives: tuple[CreativeRow, ...]
    campaigns: tuple[CampaignRow, ...]
    ad_sets: tuple[AdSetRow, ...]
    history: tuple[PastAction, ...]
    units_per_usd: str | None
    refusals: tuple[PastRefusal, ...] = ()

    def parts_of(self, creative: CreativeRow) -> dict[str, Any]:
        """What a creative shows: its own parts over those of its goal's template."""
        story = next((t.story for t in self.templates if t.goal_key == creative.goal_key), {})
        own: object = creative.spec  # the host application wrote it: it may be anything
        return {**story, **(own if isinstance(own, Mapping) else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetsRow:
    """A user's daily budget and cap, in major units of the account's currency. Null: the policy's."""

    global_daily_budget: Decimal | None
    max_daily_budget: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A few users of a run, small enough to hand around: the users stay in Postgres."""

    batch: int
    of: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedUser:
    """A user requested by id but excluded, with the reason: ``paused_by_operator``."""

    user_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRun:
    """A run with its users in batches. The same run opened again gives the same."""

    run_key: str
    users: int
    batches: tuple[Batch, ...]
    refused: tuple[RefusedUser, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """What one step decided in one run: the document, and its actions in order."""

    run_id: UUID
    step: str
    decision: Mapping[str, Any]
    actions: tuple[ActionDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRow:
    """What one ad set did on one account day. ``part_events``: its events where they are not whole."""

    user_id: UUID
    ad_set_id: str
    day: Day
    part_events: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntFigures:
    """What is known of an ad set after a reading, and the reading where it contradicts; else null."""

    ad_set_id: str
    user_id: UUID
    known_events: int | None
    contradicting_events: int | None = None
    contradicting_impressions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnd:
    """How a run ended for one user.

    ``errors_count``: errors that are no action's. ``armed``: what it decided was meant to be made.
    """

    run_id: UUID
    status: Literal["success", "failed", "throttled"]
    error: str | None = None
    errors_count: int = 0
    armed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTotals:
    """What a whole run came to. A dry run counts what would have been."""

    run_key: str
    dry_run: bool
    pending: int
    running: int
    success: int
    failed: int
    throttled: int
    refused: int
    campaigns_created: int
    campaigns_updated: int
    winners_promoted: int
    budgets_scaled: int
    adsets_paused: int
    errors_count: int
