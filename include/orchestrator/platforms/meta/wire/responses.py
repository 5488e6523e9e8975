"""What Meta answers, as values. Pure: Graph JSON in, frozen values out.

Meta sends budgets as text in minor units, a field without a value is absent, and the budget
that an object does not use reads ``"0"``. Times carry the ad account's offset; here they are
UTC. A field that must be there and is not makes the answer worthless: ``Transient``. What Meta says of an
ad is in ``effective_status``, and below something paused in ``issues_info`` alone: its own ``status``
only tells what people set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from orchestrator.domain.money import MAX_MINOR
from orchestrator.errors import Transient
from orchestrator.platforms.base import (
    AccountState,
    AdVerdict,
    Found,
    RemoteAd,
    RemoteAdSet,
    RemoteCampaign,
)

Node = Mapping[str, Any]

ACCOUNT_FIELDS = (
    "id",
    "name",
    "currency",
    "timezone_name",
    "account_status",
    "disable_reason",
    "amount_spent",
    "spend_cap",
    "min_daily_budget",
)
CAMPAIGN_FIELDS = (
    "id",
    "name",
    "objective",
    "status",
    "effective_status",
    "daily_budget",
    "lifetime_budget",
    "budget_remaining",
    "created_time",
    "updated_time",
    "stop_time",
)
AD_SET_FIELDS = (
    "id",
    "campaign_id",
    "name",
    "status",
    "effective_status",
    "daily_budget",
    "lifetime_budget",
    "budget_remaining",
    "optimization_goal",
    "created_time",
    "updated_time",
    "start_time",
    "end_time",
    "source_adset_id",
)
AD_FIELDS = ("id", "status", "effective_status", "issues_info")
_AGELESS = datetime.min.replace(tzinfo=UTC)
# Something without an end may read as one at the beginning of Unix time.
_NO_END = datetime(1970, 1, 2, tzinfo=UTC)
_VERDICTS: Mapping[Any, AdVerdict] = {
    "PENDING_REVIEW": "in_review",
    "IN_PROCESS": "in_review",
    "PREAPPROVED": "in_review",
    "PENDING_BILLING_INFO": "in_review",
    "DISAPPROVED": "rejected",
    "WITH_ISSUES": "issues",
}
_BELOW_PAUSED = frozenset({"ADSET_PAUSED", "CAMPAIGN_PAUSED"})
_MAX_ACCOUNT_NAME = 200
FOUND_FIELDS = ("id", "name", "status", "created_time", "updated_time")


def account(node: Node) -> AccountState:
    """Read the ad account's node."""
    return AccountState(
        id=_text(node, "id"),
        currency=_text(node, "currency"),
        timezone=_text(node, "timezone_name"),
        minimum_daily_budget_minor=_budget(node, "min_daily_budget"),
        status=_count(node, "account_status"),
        spend_cap_left_minor=_cap_left(node),
        name=_name(node),
    )


def _name(node: Node) -> str | None:
    """The name for people: nobody but a page reads it, and no odd one fails a user."""
    name = node.get("name")
    return name[:_MAX_ACCOUNT_NAME] if isinstance(name, str) and name else None


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
        lifetime_left_minor=_lifetime_left(node),
        end_at=_end(node, "stop_time"),
    )


def ad_set(node: Node, ads: Sequence[RemoteAd] | None = None) -> RemoteAdSet:
    """Read an ad set's node; its ads are read apart, or not at all."""
    return RemoteAdSet(
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
        lifetime_left_minor=_lifetime_left(node),
        end_at=_end(node, "end_time"),
        ads=None if ads is None else tuple(ads),
    )


def ad(node: Node) -> RemoteAd:
    """Read an ad's node."""
    return RemoteAd(id=_text(node, "id"), status=_text(node, "status"), verdict=_verdict(node))


def _verdict(node: Node) -> AdVerdict:
    effective = str(node.get("effective_status"))
    if effective in _BELOW_PAUSED and _has_hard_issue(node):
        return "issues"
    return _VERDICTS.get(effective, "clear")


def _has_hard_issue(node: Node) -> bool:
    issues = node.get("issues_info") or []
    if not isinstance(issues, list) or not all(isinstance(issue, Mapping) for issue in issues):
        raise _broken(node, "issues_info")
    return any(issue.get("error_type") != "SOFT_ERROR" for issue in issues)


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
        is_rejected=node.get("effective_status") == "DISAPPROVED",
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


def _count(node: Node, field: str, *, absent: int | None = None, least: int = 0) -> int:
    value = node.get(field, absent)
    try:
        count = int(value)
    except (TypeError, ValueError, OverflowError):
        raise _broken(node, field) from None
    if not least <= count <= MAX_MINOR:
        raise _broken(node, field)
    return count


def _budget(node: Node, field: str) -> int | None:
    return _count(node, field, absent=0) or None


def _cap_left(node: Node) -> int | None:
    cap = _budget(node, "spend_cap")
    return None if cap is None else cap - _count(node, "amount_spent", absent=0)


def _lifetime_left(node: Node) -> int | None:
    """What is left of a lifetime budget; all of it where Meta does not say."""
    lifetime = _budget(node, "lifetime_budget")
    if lifetime is None or _budget(node, "daily_budget") is not None:
        return None
    # Below zero where Meta delivered more than the budget.
    return max(0, _count(node, "budget_remaining", absent=lifetime, least=-MAX_MINOR))


def _end(node: Node, field: str) -> datetime | None:
    end = _instant(node, field) if node.get(field) not in (None, "", "0", 0) else None
    return None if end is None or end < _NO_END else end


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
