"""What Meta answers, as values. Pure: Graph JSON in, frozen values out.

Meta sends budgets as text in minor units, a field without a value is absent, and the budget
that an object does not use reads ``"0"``. Times carry the ad account's offset; here they are
UTC. A field that must be there and is not makes the answer worthless: ``Transient``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from orchestrator.errors import Transient

Node = Mapping[str, Any]

ACCOUNT_FIELDS = (
    "id",
    "currency",
    "timezone_name",
    "account_status",
    "disable_reason",
    "amount_spent",
    "min_daily_budget",
)
CAMPAIGN_FIELDS = (
    "id",
    "name",
    "objective",
    "status",
    "effective_status",
    "daily_budget",
    "created_time",
    "updated_time",
)
AD_SET_FIELDS = (
    "id",
    "campaign_id",
    "name",
    "status",
    "effective_status",
    "daily_budget",
    "optimization_goal",
    "created_time",
    "updated_time",
    "start_time",
    "source_adset_id",
)
_AGELESS = datetime.min.replace(tzinfo=UTC)
FOUND_FIELDS = ("id", "name", "status", "created_time", "updated_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaCampaign:
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
class MetaAdSet:
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
    campaigns: tuple[MetaCampaign, ...]
    ad_sets: tuple[MetaAdSet, ...]
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


def account(node: Node) -> AccountState:
    """Read the ad account's node."""
    return AccountState(
        id=_text(node, "id"),
        currency=_text(node, "currency"),
        timezone=_text(node, "timezone_name"),
        account_status=_count(node, "account_status"),
        disable_reason=_count(node, "disable_reason", absent=0),
        amount_spent_minor=_count(node, "amount_spent", absent=0),
        minimum_daily_budget_minor=_budget(node, "min_daily_budget"),
    )


def campaign(node: Node) -> MetaCampaign:
    """Read a campaign's node."""
    return MetaCampaign(
        id=_text(node, "id"),
        name=_text(node, "name"),
        objective=node.get("objective"),
        status=_text(node, "status"),
        effective_status=_text(node, "effective_status"),
        daily_budget_minor=_budget(node, "daily_budget"),
        created_at=_instant(node, "created_time"),
        updated_at=_instant(node, "updated_time"),
    )


def ad_set(node: Node) -> MetaAdSet:
    """Read an ad set's node."""
    return MetaAdSet(
        id=_text(node, "id"),
        campaign_id=_text(node, "campaign_id"),
        name=_text(node, "name"),
        status=_text(node, "status"),
        effective_status=_text(node, "effective_status"),
        daily_budget_minor=_budget(node, "daily_budget"),
        optimization_goal=node.get("optimization_goal"),
        created_at=_instant(node, "created_time"),
        updated_at=_instant(node, "updated_time"),
        start_at=_instant(node, "start_time") if node.get("start_time") else None,
        source_adset_id=_source(node.get("source_adset_id")),
    )


def found(node: Node) -> Found:
    """Read what a listing says of an object. A creative has no creation time: it counts as ageless."""
    created = _instant(node, "created_time") if "created_time" in node else _AGELESS
    return Found(
        id=_text(node, "id"),
        name=str(node.get("name", "")),
        created_at=created,
        status=str(node.get("status", "")),
        updated_at=_instant(node, "updated_time") if "updated_time" in node else None,
        creative_id=(node.get("creative") or {}).get("id"),
        source_id=_source(node.get("source_ad_id") or node.get("source_adset_id")),
    )


def oldest_first(listed: list[Found]) -> list[Found]:
    """Order what was found: the first is the one to adopt. Ids break ties, shorter ones being older."""
    return sorted(listed, key=lambda each: (each.created_at, len(each.id), each.id))


def _source(value: object) -> str | None:
    return None if value in {None, "", "0"} else str(value)


def _text(node: Node, field: str) -> str:
    value = node.get(field)
    if value is None or value == "":
        raise _broken(node, field)
    return str(value)


def _count(node: Node, field: str, *, absent: int | None = None) -> int:
    value = node.get(field, absent)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise _broken(node, field) from None


def _budget(node: Node, field: str) -> int | None:
    return _count(node, field, absent=0) or None


def _instant(node: Node, field: str) -> datetime:
    try:
        instant = datetime.fromisoformat(str(node.get(field)))
    except ValueError:
        raise _broken(node, field) from None
    if instant.tzinfo is None:
        raise _broken(node, field)
    return instant.astimezone(UTC)


def _broken(node: Node, field: str) -> Transient:
    return Transient(
        f"Meta's answer about {node.get('id', 'an object')} has no readable {field!r}. Read it again; "
        "if it stays, compare the answer with the API version in use.",
    )
