"""The recipe that promotes: copy a winner into a scaling campaign, with its ads.

A synchronous copy may have three ads at most, so the ad set is copied alone and its ads one by
one, each with the action's key in its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orchestrator.domain.records import ActionRow
from orchestrator.errors import Rejected
from orchestrator.execution.context import Site, new_ad_set, was_begun
from orchestrator.execution.handlers.activate import activate
from orchestrator.platforms.meta.wire import Found


def copy_ad_set(site: Site, row: ActionRow) -> dict[str, Any]:
    """Copy the winner alone, then its ads one by one: a copy with more than three ads is refused.

    The copy is still PAUSED. It shares its campaign's budget, so activating it raises nothing; a
    campaign that was never active stays paused.
    """
    action = row.action
    campaign_id = site.meta_id(action.campaign_id) or ""
    source_id = action.adset_id or ""
    found = site.find(row, lambda: copies_made(site, row, campaign_id))
    details, copy_id = site.adopt("ad_set", found)
    if copy_id is None:
        copy_id = site.account.copy_ad_set(source_id, campaign_id, f" [k:{row.key}]")
    site.copies.add(copy_id)
    _keep_copy(site, row, copy_id, campaign_id)
    ad_ids = _copy_ads(site, row, copy_id)
    _verify_copy(site, source_id, copy_id, ad_ids)
    left = [ad_id for ad_id in ad_ids if not activate(site, row, "ad", ad_id)]
    return {
        **details,
        **({"left_paused": left} if left else {}),
        "meta_campaign_id": campaign_id,
        "meta_adset_id": copy_id,
        "meta_ad_ids": ad_ids,
        "promoted_from_id": source_id,
    }


def _keep_copy(site: Site, row: ActionRow, copy_id: str, campaign_id: str) -> None:
    if copy_id in site.ad_sets:
        return
    source_id = row.action.adset_id or ""
    source = site.ad_sets[source_id]
    copy = new_ad_set(site, row, copy_id, campaign_id, cell=(source.audience, source.creative_id))
    site.keep(replace(copy, source_adset_id=source_id, daily_budget_minor=None))


def _copy_ads(site: Site, row: ActionRow, copy_id: str) -> list[str]:
    source_id = row.action.adset_id or ""
    there = {ad.source_id: ad.id for ad in site.account.ads_of(copy_id)} if was_begun(row) else {}
    return [
        there.get(ad.id) or site.account.copy_ad(ad.id, copy_id, f" [k:{row.key}]")
        for ad in site.account.ads_of(source_id)
        if ad.status not in ("DELETED", "ARCHIVED")
    ]


def _verify_copy(site: Site, source_id: str, copy_id: str, ad_ids: Sequence[str]) -> None:
    source, copy = site.account.ad_set(source_id), site.account.ad_set(copy_id)
    if source.optimization_goal != copy.optimization_goal or not ad_ids:
        raise Rejected(
            f"the copy {copy_id} of ad set {source_id} is not like it ({len(ad_ids)} ads, optimization goal "
            f"{copy.optimization_goal} for {source.optimization_goal}); it stays paused: look at it in "
            "Ads Manager"
        )


def copies_made(site: Site, row: ActionRow, campaign_id: str) -> tuple[Found, ...]:
    """The copies that this very action made, oldest first; a person may have made others."""
    found = site.account.copies_of(row.action.adset_id or "", campaign_id)
    return tuple(f for f in found if f"[k:{row.key}]" in f.name)
