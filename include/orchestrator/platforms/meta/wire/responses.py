"""What Meta answers, as values. Pure: Graph JSON in, frozen values out.

Meta sends budgets as text in minor units, a field without a value is absent, and the budget
that an object does not use reads ``"0"``. Times carry the ad account's offset; here they are
UTC. A field that must be there and is not makes the answer worthless: ``Transient``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from orchestrator.domain.money import MAX_MINOR
from orchestrator.errors import Transient
from orchestrator.platforms.base import AccountState, Found, RemoteAdGroup, RemoteCampaign

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


def account(node: Node) -> AccountState:
    """Read the ad account's node."""
    return AccountState(
        id=_text(node, "id"),
        currency=_text(node, "currency"),
        timezone=_text(node, "timezone_name"),
        is_active=_count(node, "account_status") == 1,
        minimum_daily_budget_minor=_budget(node, "min_daily_budget"),
    )


def campaign(node: Node) -> RemoteCampaign:
    """Read a campaign's node."""
    return RemoteCampaign(
        id=_text(node, "id"),
        name=_text(node, "name"),
        objective=node.get("objective"),
        status=_text(node, "status"),
        effective_status=_text(node, "effective_status"),
        daily_budget_minor=_budget(node, "daily_budget"),
        created_at=_instant(node, "created_time"),
        updated_at=_instant(node, "updated_time"),
    )


def ad_set(node: Node) -> RemoteAdGroup:
    """Read an ad set's node."""
    return RemoteAdGroup(
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
        count = int(value)
    except (TypeError, ValueError, OverflowError):
        raise _broken(node, field) from None
    if not 0 <= count <= MAX_MINOR:
        raise _broken(node, field)
    return count


def _budget(node: Node, field: str) -> int | None:
    return _count(node, field, absent=0) or None


def _instant(node: Node, field: str) -> datetime:
    try:
        instant = datetime.fromisoformat(str(node.get(field)))
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _broken(node, field)


def _broken(node: Node, field: str) -> Transient:
    return Transient(
        f"Meta's answer about {node.get('id', 'an object')} has no readable {field!r}. Read it again; "
        "if it stays, compare the answer with the API version in use.",
    )
