"""The snapshot file: every key, its type and its range, and what must hold between them.

Structure is pydantic's; the facts between lists (unique ids, a campaign's goal, an ad set's
campaign) are checked here. What is wrong is named by its JSON path.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import UTC, date, datetime
from typing import Annotated, NotRequired
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    with_config,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from orchestrator.domain import money
from orchestrator.domain.model import ActionType, DeliveryStatus, ObjectStatus, Outcome, PausedBy, Role
from orchestrator.errors import ConfigError, InvalidDocument


def _instant(value: object) -> datetime:
    """An ISO 8601 time with a zone, as an instant of UTC."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
        if read is not None and read.tzinfo is not None:
            return read.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError("instant", "must be an ISO 8601 time with a zone, like 2026-11-23T12:00:00Z")


def _day(value: object) -> date:
    try:
        read = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        read = None
    if read is None or read.isoformat() != value:
        raise PydanticCustomError("day", "must be a date like 2026-11-22")
    return read


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("zone", "unknown time zone") from None
    return name


def _currency(code: str) -> str:
    if code not in money.CURRENCIES:
        raise PydanticCustomError("currency", "unknown currency")
    return code


_Instant = Annotated[datetime, PlainValidator(_instant)]
_Date = Annotated[date, PlainValidator(_day)]
_Count = Annotated[int, Field(ge=0)]
_Minor = Annotated[int, Field(ge=0)]
_CLOSED = ConfigDict(extra="forbid", strict=True)


@with_config(_CLOSED)
class _Account(TypedDict):
    id: str
    currency: Annotated[str, AfterValidator(_currency)]
    units_per_usd: str | None
    timezone: Annotated[str, AfterValidator(_zone)]
    insights_read_at: _Instant | None
    account_status: NotRequired[int]
    spend_cap_left_minor: NotRequired[int | None]


@with_config(_CLOSED)
class _Settings(TypedDict):
    auto_scale_winners: bool
    auto_pause_losers: bool
    global_daily_budget_minor: _Minor | None
    max_daily_budget_minor: _Minor | None


@with_config(_CLOSED)
class _Goal(TypedDict):
    goal_key: str
    is_active: bool
    priority: Annotated[int, Field(ge=1, le=5)]
    budget_hint_minor: _Minor | None
    learning_share_bp: Annotated[int, Field(ge=0, le=10_000)] | None
    minimum_daily_budget_minor: Annotated[int, Field(ge=1)]
    missing: NotRequired[list[str]]


@with_config(_CLOSED)
class _Template(TypedDict):
    goal_key: str
    audiences: list[str]


@with_config(_CLOSED)
class _Creative(TypedDict):
    id: str
    goal_key: str
    status: str
    created_at: _Instant
    usable: NotRequired[bool]


@with_config(_CLOSED)
class _Campaign(TypedDict):
    id: str
    goal_key: str
    role: Role
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    daily_budget_minor: _Minor | None
    created_at: _Instant
    removed_at: _Instant | None
    lifetime_daily_minor: NotRequired[_Minor | None]


@with_config(_CLOSED)
class _Lifetime(TypedDict):
    spend_minor: _Minor
    impressions: _Count
    events: _Count


@with_config(_CLOSED)
class _Day(TypedDict):
    date: _Date
    spend_minor: _Minor
    impressions: _Count
    events: _Count


@with_config(_CLOSED)
class _AdSet(TypedDict):
    id: str
    campaign_id: str
    status: ObjectStatus
    paused_by: PausedBy | None
    paused_reason: str | None
    daily_budget_minor: _Minor | None
    created_at: _Instant
    active_since: _Instant | None
    audience: str
    creative_id: str | None
    source_adset_id: str | None
    lifetime_daily_minor: NotRequired[_Minor | None]
    ours: NotRequired[bool]
    delivery: NotRequired[DeliveryStatus]
    known_events: NotRequired[_Count | None]
    retry: NotRequired[bool]
    lifetime: NotRequired[_Lifetime | None]
    days: NotRequired[list[_Day] | None]


@with_config(_CLOSED)
class _PastAction(TypedDict):
    action_type: ActionType
    goal_key: str
    adset_id: str | None
    creative_id: str | None
    reason: str | None
    status: Outcome
    at: _Instant
    audience: NotRequired[str | None]


@with_config(_CLOSED)
class SnapshotRows(TypedDict):
    """A snapshot document whose structure is checked: rows by list, times and dates read."""

    now: _Instant
    user_id: str
    account: _Account
    settings: _Settings
    goals: list[_Goal]
    templates: list[_Template]
    creatives: list[_Creative]
    campaigns: list[_Campaign]
    ad_sets: list[_AdSet]
    history: list[_PastAction]


_ROWS: TypeAdapter[SnapshotRows] = TypeAdapter(SnapshotRows)
_WORDS = {"missing": "missing", "extra_forbidden": "unknown key"}


def checked(document: object) -> SnapshotRows:
    """Check a snapshot document wholly.

    Raises:
        InvalidDocument: with the path of the first thing that is wrong.
    """
    try:
        rows = _ROWS.validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InvalidDocument(_path(first["loc"]), _WORDS.get(first["type"], first["msg"])) from None
    _check_account(rows)
    _check_unique(rows)
    _check_references(rows)
    _check_budgets(rows)
    return rows


def _path(location: Iterable[str | int]) -> str:
    """``$.goals[1].priority``; a key that would break the line is escaped."""
    parts = (
        f"[{p}]" if isinstance(p, int) else f".{p if p.isprintable() else ascii(p)[1:-1]}" for p in location
    )
    return "$" + "".join(parts)


def _check_account(rows: SnapshotRows) -> None:
    account = rows["account"]
    try:
        money.rate(account["currency"], account["units_per_usd"])
    except ConfigError as problem:
        raise InvalidDocument("$.account.units_per_usd", str(problem)) from None
    try:
        rows["now"].astimezone(ZoneInfo(account["timezone"]))
    except OverflowError:
        raise InvalidDocument("$.now", "is outside the calendar of the account's time zone") from None


def _check_unique(rows: SnapshotRows) -> None:
    _unique("$.goals[{}].goal_key", (goal["goal_key"] for goal in rows["goals"]))
    _unique("$.templates[{}].goal_key", (template["goal_key"] for template in rows["templates"]))
    for i, template in enumerate(rows["templates"]):
        _unique(f"$.templates[{i}].audiences[{{}}]", template["audiences"])
    _unique("$.creatives[{}].id", (creative["id"] for creative in rows["creatives"]))
    _unique("$.campaigns[{}].id", (campaign["id"] for campaign in rows["campaigns"]))
    _unique("$.ad_sets[{}].id", (ad_set["id"] for ad_set in rows["ad_sets"]))


def _unique(path: str, keys: Iterable[Hashable]) -> None:
    seen: set[Hashable] = set()
    for i, key in enumerate(keys):
        if key in seen:
            raise InvalidDocument(path.format(i), "is there twice")
        seen.add(key)


def _check_references(rows: SnapshotRows) -> None:
    goal_keys = {goal["goal_key"] for goal in rows["goals"]}
    for i, campaign in enumerate(rows["campaigns"]):
        if campaign["goal_key"] not in goal_keys:
            raise InvalidDocument(f"$.campaigns[{i}].goal_key", "no such goal in $.goals")
        if campaign["status"] in {"ARCHIVED", "DELETED"} and campaign["removed_at"] is None:
            raise InvalidDocument(f"$.campaigns[{i}].removed_at", "missing on a removed campaign")
    campaign_ids = {campaign["id"] for campaign in rows["campaigns"]}
    for i, ad_set in enumerate(rows["ad_sets"]):
        if ad_set["campaign_id"] not in campaign_ids:
            raise InvalidDocument(f"$.ad_sets[{i}].campaign_id", "no such campaign in $.campaigns")


def _check_budgets(rows: SnapshotRows) -> None:
    """One object has a daily budget, a lifetime budget or none."""
    for i, campaign in enumerate(rows["campaigns"]):
        _one_budget(f"$.campaigns[{i}]", campaign)
    for i, ad_set in enumerate(rows["ad_sets"]):
        _one_budget(f"$.ad_sets[{i}]", ad_set)


def _one_budget(path: str, row: _Campaign | _AdSet) -> None:
    if row["daily_budget_minor"] is not None and row.get("lifetime_daily_minor") is not None:
        raise InvalidDocument(f"{path}.lifetime_daily_minor", "beside a daily budget; only one can be")
