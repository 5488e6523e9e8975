"""A person's past as the orchestrator would have written it down: campaign and ad set rows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.personas import PastAdSet, PastCampaign, Persona
from orchestrator.domain.records import AdSetRow, CampaignRow


@dataclass(frozen=True, slots=True)
class MetaIds:
    """Meta's ids of one person's past, by the names in the cast."""

    campaigns: Mapping[str, str]
    ad_sets: Mapping[str, str]


def numbered(person: Persona, number: int) -> MetaIds:
    """Ids of 17 digits for a person's past; ``number`` is the person's own, 0 to 999."""
    first = 23_850_000_000_000_000 + number * 10_000_000
    names = [ad_set.name for campaign in person.campaigns for ad_set in campaign.ad_sets]
    return MetaIds(
        campaigns={c.name: str(first + 1 + n) for n, c in enumerate(person.campaigns)},
        ad_sets={name: str(first + 1_001 + n) for n, name in enumerate(names)},
    )


def campaign_rows(person: Persona, ids: MetaIds, now: datetime) -> list[CampaignRow]:
    """The campaigns, all ACTIVE as far as the orchestrator knows."""
    return [
        CampaignRow(
            id=ids.campaigns[campaign.name],
            user_id=person.user_id,
            goal_key=campaign.goal_key,
            role=campaign.role,
            status="ACTIVE",
            paused_by=None,
            paused_reason=None,
            daily_budget_minor=campaign.daily_budget_minor,
            created_at=_ago(now, campaign.age_days),
            active_since=_ago(now, campaign.age_days),
            removed_at=None,
        )
        for campaign in person.campaigns
    ]


def ad_set_rows(person: Persona, ids: MetaIds, now: datetime) -> list[AdSetRow]:
    """The ad sets, all ACTIVE as far as the orchestrator knows."""
    return [
        _ad_set_row(person, campaign, ad_set, ids, now)
        for campaign in person.campaigns
        for ad_set in campaign.ad_sets
    ]


def _ad_set_row(
    person: Persona, campaign: PastCampaign, ad_set: PastAdSet, ids: MetaIds, now: datetime
) -> AdSetRow:
    return AdSetRow(
        id=ids.ad_sets[ad_set.name],
        user_id=person.user_id,
        campaign_id=ids.campaigns[campaign.name],
        goal_key=campaign.goal_key,
        audience=ad_set.audience,
        creative_id=str(person.creative_id(ad_set.creative)) if ad_set.creative else None,
        source_adset_id=ids.ad_sets[ad_set.copy_of] if ad_set.copy_of else None,
        status="ACTIVE",
        paused_by=None,
        paused_reason=None,
        daily_budget_minor=ad_set.daily_budget_minor,
        created_at=_ago(now, ad_set.age_days),
        active_since=_ago(now, ad_set.age_days),
        removed_at=None,
    )


def _ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)
