"""What is effectively going on: a thing's own status under the statuses of its parents."""

from __future__ import annotations

from graph_simulator.state.objects import Ad, AdSet, Campaign, Node

GONE = ("DELETED", "ARCHIVED")


def effective(node: Node, now: int) -> str:
    """The ``effective_status`` of a campaign, ad set or ad; a creative's or image's own status."""
    if isinstance(node, Campaign):
        return node.status
    if isinstance(node, AdSet):
        return _of_ad_set(node)
    if isinstance(node, Ad):
        return _of_ad(node, now)
    return getattr(node, "status", "ACTIVE")


def _of_ad_set(ad_set: AdSet) -> str:
    gone = _gone(ad_set.status, ad_set.campaign.status)
    if gone:
        return gone
    if ad_set.status == "PAUSED":
        return "PAUSED"
    return "CAMPAIGN_PAUSED" if ad_set.campaign.status == "PAUSED" else "ACTIVE"


def _of_ad(ad: Ad, now: int) -> str:
    gone = _gone(ad.status, ad.ad_set.status, ad.campaign.status)
    if gone:
        return gone
    if now < ad.reviewed_at:
        return "PENDING_REVIEW"
    if ad.disapproved:
        return "DISAPPROVED"
    if ad.status == "PAUSED":
        return "PAUSED"
    if ad.campaign.status == "PAUSED":
        return "CAMPAIGN_PAUSED"
    return "ADSET_PAUSED" if ad.ad_set.status == "PAUSED" else "ACTIVE"


def _gone(*statuses: str) -> str | None:
    for gone in GONE:
        if gone in statuses:
            return gone
    return None


def can_run(ad_set: AdSet) -> bool:
    """True when no status set by a person prevents the ad set's delivery."""
    return _of_ad_set(ad_set) == "ACTIVE" and ad_set.account.account_status in {1, 9}
