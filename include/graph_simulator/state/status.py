"""What is effectively going on: a thing's own status under the statuses of its parents."""

from __future__ import annotations

from graph_simulator.state.objects import Ad, AdSet, Campaign, Node

GONE = ("DELETED", "ARCHIVED")


def effective(node: Node, now: int) -> str:
    """The ``effective_status`` of a campaign, ad set or ad; a creative's or image's own status."""
    if isinstance(node, Campaign):
        return "WITH_ISSUES" if node.status == "ACTIVE" and has_hard_issue(node) else node.status
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
    if ad_set.campaign.status == "PAUSED":
        return "CAMPAIGN_PAUSED"
    return "WITH_ISSUES" if has_hard_issue(ad_set) else "ACTIVE"


def _of_ad(ad: Ad, now: int) -> str:
    gone = _gone(ad.status, ad.ad_set.status, ad.campaign.status)
    if gone:
        return gone
    verdict = _verdict(ad, now)
    if verdict:
        return verdict
    if ad.status == "PAUSED":
        return "PAUSED"
    if ad.campaign.status == "PAUSED":
        return "CAMPAIGN_PAUSED"
    if ad.ad_set.status == "PAUSED":
        return "ADSET_PAUSED"
    return "WITH_ISSUES" if any(has_hard_issue(each) for each in (ad, ad.ad_set, ad.campaign)) else "ACTIVE"


def _verdict(ad: Ad, now: int) -> str | None:
    """What stands in the way of an ad at Meta, whatever people set."""
    if not ad.account.has_payment:
        return "PENDING_BILLING_INFO"
    if now < ad.processed_at:
        return "IN_PROCESS"
    if now < ad.reviewed_at:
        return "PENDING_REVIEW"
    if is_rejected(ad, now):
        return "DISAPPROVED"
    return "PREAPPROVED" if ad.preapproved else None


def is_rejected(ad: Ad, now: int) -> bool:
    """Whether review, or a later look, has rejected an ad."""
    return ad.disapproved or (ad.rejected_at is not None and ad.rejected_at <= now)


def has_hard_issue(node: Campaign | AdSet | Ad) -> bool:
    """Whether an issue of the object's own stops its delivery."""
    return any(issue.error_type == "HARD_ERROR" for issue in node.issues)


def _gone(*statuses: str) -> str | None:
    for gone in GONE:
        if gone in statuses:
            return gone
    return None


def can_run(ad_set: AdSet) -> bool:
    """True when no status set by a person prevents the ad set's delivery."""
    account = ad_set.account
    if has_hard_issue(ad_set.campaign) or not account.has_payment or account.account_status not in {1, 9}:
        return False
    return _of_ad_set(ad_set) == "ACTIVE"
