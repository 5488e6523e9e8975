"""Ad sets that a person made in a campaign of ours: what they spend counts, nothing else of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from orchestrator.domain.model import AdSet, ObjectStatus
from orchestrator.domain.records import UserRows
from orchestrator.platforms.base import RemoteAdSet
from orchestrator.snapshot.delivery import lifetime_daily_minor

_STATUSES: dict[str, ObjectStatus] = {"ACTIVE": "ACTIVE", "ARCHIVED": "ARCHIVED", "DELETED": "DELETED"}


def foreign_ad_sets(rows: UserRows, remote: Iterable[RemoteAdSet], now: datetime) -> tuple[AdSet, ...]:
    """The ad sets in our campaigns that no row of ours has, of any status, without insights."""
    campaigns, ours = {c.id for c in rows.campaigns}, {a.id for a in rows.ad_sets}
    return tuple(_foreign(a, now) for a in remote if a.campaign_id in campaigns and a.id not in ours)


def active_minor(campaign_id: str, foreign: Iterable[AdSet]) -> int:
    """What a campaign's foreign ad sets that are ACTIVE may spend a day, where they own budgets."""
    return sum(
        a.daily_budget_minor or a.lifetime_daily_minor or 0
        for a in foreign
        if a.campaign_id == campaign_id and a.status == "ACTIVE"
    )


def _foreign(remote: RemoteAdSet, now: datetime) -> AdSet:
    status = _STATUSES.get(remote.status, "PAUSED")
    return AdSet(
        id=remote.id,
        campaign_id=remote.campaign_id,
        status=status,
        paused_by="user" if status == "PAUSED" else None,
        paused_reason=None,
        daily_budget_minor=remote.daily_budget_minor,
        created_at=remote.created_at,
        active_since=None,
        audience="",
        creative_id=None,
        source_adset_id=remote.source_adset_id,
        lifetime_daily_minor=lifetime_daily_minor(remote.lifetime_left_minor, remote.end_at, now),
        ours=False,
    )
