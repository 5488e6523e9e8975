"""Whether an ad set's ads could be shown, and what is left of a lifetime budget a day. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from orchestrator.domain.model import DeliveryStatus
from orchestrator.platforms.base import RemoteAdSet

UNLISTED = timedelta(hours=1)
"""How long the ads of a new ad set may be missing from a listing."""
_DAY = timedelta(days=1)


def delivery_of(ad_set: RemoteAdSet, now: datetime) -> DeliveryStatus:
    """What the platform says of an ad set's delivery, whatever is paused: the ad set or its campaign.

    Returns:
        ``ended``: its end is at or before ``now``. ``ok``: one of its ads could be shown, or its ads were
        not read. ``in_review``: none could, but one that is ACTIVE is being looked at, or the ad set is too
        new for its ads to be listed. ``cannot``: none of these.
    """
    if ad_set.end_at is not None and ad_set.end_at <= now:
        return "ended"
    if ad_set.ads is None:
        return "ok"
    verdicts = {ad.verdict for ad in ad_set.ads if ad.status == "ACTIVE"}
    if "clear" in verdicts:
        return "ok"
    is_unlisted = not ad_set.ads and now - ad_set.created_at < UNLISTED
    return "in_review" if is_unlisted or "in_review" in verdicts else "cannot"


def lifetime_daily_minor(left_minor: int | None, end_at: datetime | None, now: datetime) -> int | None:
    """What is left of a lifetime budget over the days until its end, each begun day counted, rounded up.

    Without an end it may all be spent at once. Null: there is no lifetime budget.
    """
    if left_minor is None:
        return None
    days = 1 if end_at is None else max(1, -((now - end_at) // _DAY))
    return -(-left_minor // days)
