"""Scaling campaigns that a run left in creation or being revived, and what the rules make of them. Pure.

Both are PAUSED with an ad set that may already be ACTIVE in them. To the rules such a campaign is one that
was paused for want of a budget, which allocation resumes with a budget that fits; without anything ACTIVE in
it one that ran dry, which the next winner revives. (A learning campaign in creation is resumed as it is.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orchestrator.domain import reasons
from orchestrator.domain.records import AdSetRow, CampaignRow


def as_planned(campaigns: Iterable[CampaignRow], ad_sets: Iterable[AdSetRow]) -> tuple[CampaignRow, ...]:
    """Campaigns as the rules work with them; those that are not unfinished stay as they are."""
    running = _running(ad_sets)
    return tuple(_planned(c, running) if _is_unfinished(c) else c for c in campaigns)


def without_ended_revivals(
    campaigns: Iterable[CampaignRow], ad_sets: Iterable[AdSetRow]
) -> tuple[CampaignRow, ...]:
    """Campaigns as they are to be stored: a revival is over where nothing in it is ACTIVE any more."""
    running = _running(ad_sets)
    return tuple(
        replace(c, paused_reason=reasons.NO_ACTIVE_ADSET.code)
        if _is_being_revived(c) and c.id not in running
        else c
        for c in campaigns
    )


def _planned(campaign: CampaignRow, running: frozenset[str]) -> CampaignRow:
    reason = reasons.BELOW_MINIMUM_BUDGET if campaign.id in running else reasons.NO_ACTIVE_ADSET
    return replace(campaign, paused_by="orchestrator", paused_reason=reason.code)


def _is_unfinished(campaign: CampaignRow) -> bool:
    is_paused_scaling = campaign.role == "scaling" and campaign.status == "PAUSED"
    return is_paused_scaling and (campaign.paused_by == "creation" or _is_being_revived(campaign))


def _is_being_revived(campaign: CampaignRow) -> bool:
    return campaign.status == "PAUSED" and campaign.paused_reason == reasons.REVIVING.code


def _running(ad_sets: Iterable[AdSetRow]) -> frozenset[str]:
    """The campaigns with an ad set of ours that is ACTIVE."""
    return frozenset(a.campaign_id for a in ad_sets if a.status == "ACTIVE")
