"""The handler that promotes: a winner once more in a scaling campaign, as a copy or built anew.

A synchronous copy may have three ads at most, so the ad set is copied alone and its ads one by
one, each with the action's key in its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.errors import CannotDeliver, Rejected
from orchestrator.execution.context import ExecutionContext, may_have_been_sent, new_ad_set
from orchestrator.execution.handlers.activate import activate
from orchestrator.execution.handlers.cell import build_cell, cell_named
from orchestrator.platforms.base import Found, RemoteAdSet


def promote(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    """Copy the winner or, on a platform without copies, build its cell anew; still PAUSED."""
    return copy_ad_set(context, row) if context.capabilities.copies else rebuild_ad_set(context, row)


def rebuild_ad_set(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    """Build an ad set of the winner's audience and creative. It has no budget: its campaign owns one."""
    source = context.ad_sets[row.action.adset_id or ""]
    cell = cell_named(context.user, source.goal_key, source.audience, source.creative_id)
    details = build_cell(context, row, cell, partial(_record_copy, context, row))
    return {**details, "promoted_from_id": source.id}


def copy_ad_set(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    """Copy the winner alone, then its ads one by one: a copy with more than three ads is refused.

    Only ads that are ACTIVE and not rejected are copied: what a person paused stays away. The copy is still
    PAUSED. It shares its campaign's budget, so activating it raises nothing; a campaign that was never active
    stays paused.

    Raises:
        CannotDeliver: the winner has no such ad.
    """
    action = row.action
    campaign_id = context.remote_id(action.campaign_id) or ""
    source_id = action.adset_id or ""
    ads = _deliverable_ads(context, source_id)
    source = context.account.ad_set(source_id)
    found = context.find(row, lambda: copies_made(context, row, campaign_id))
    details, copy_id = context.adopt("ad_set", found)
    if copy_id is None:
        copy_id = _half_made(context, row, campaign_id)
    if copy_id is None:
        copy_id = context.copying.copy_ad_set(source, campaign_id, f" [k:{row.key}]")
    _record_copy(context, row, copy_id)
    ad_ids = _copy_ads(context, row, copy_id, ads)
    _verify_copy(source, context.account.ad_set(copy_id), ad_ids)
    left = [ad_id for ad_id in ad_ids if not activate(context, row, "ad", ad_id)]
    return {
        **details,
        **({"left_paused": left} if left else {}),
        **RemoteIds(campaign_id=campaign_id, adset_id=copy_id, ad_ids=ad_ids).document(),
        "promoted_from_id": source_id,
    }


def _record_copy(context: ExecutionContext, row: ActionRow, copy_id: str) -> None:
    context.copies.add(copy_id)
    if copy_id in context.ad_sets:
        return
    campaign_id = context.remote_id(row.action.campaign_id) or ""
    source_id = row.action.adset_id or ""
    source = context.ad_sets[source_id]
    copy = new_ad_set(context, row, copy_id, campaign_id, cell=(source.audience, source.creative_id))
    context.remember(replace(copy, source_adset_id=source_id, daily_budget_minor=None))


def _deliverable_ads(context: ExecutionContext, source_id: str) -> list[Found]:
    """The ads that a copy carries.

    Raises:
        CannotDeliver: there is none.
    """
    ads = [ad for ad in context.account.ads_of(source_id) if ad.status == "ACTIVE" and not ad.is_rejected]
    if not ads:
        raise CannotDeliver(
            f"none of the ads of ad set {source_id} is active and not rejected; it is not copied: look at "
            "its ads in Ads Manager"
        )
    return ads


def _half_made(context: ExecutionContext, row: ActionRow, campaign_id: str) -> str | None:
    """The copy of the winner that a refused promotion left in the campaign without an ad.

    Or with the ads that this very action made in it before its process died.
    """
    for each in context.ad_sets.values():
        is_copy = (each.source_adset_id, each.campaign_id) == (row.action.adset_id, campaign_id)
        is_half_made = each.status == "PAUSED" and each.paused_by == "creation"
        if not is_copy or not (is_half_made or may_have_been_sent(row)):
            continue
        ads = context.account.ads_of(each.id)
        if all(f"[k:{row.key}]" in ad.name for ad in ads) and (ads or is_half_made):
            return each.id
    return None


def _copy_ads(context: ExecutionContext, row: ActionRow, copy_id: str, ads: Sequence[Found]) -> list[str]:
    """Copy the ads that the copy has not; the ids of the copies."""
    there = {ad.source_id: ad.id for ad in context.account.ads_of(copy_id)} if may_have_been_sent(row) else {}
    return [there.get(ad.id) or context.copying.copy_ad(ad, copy_id, f" [k:{row.key}]") for ad in ads]


def _verify_copy(source: RemoteAdSet, copy: RemoteAdSet, ad_ids: Sequence[str]) -> None:
    if source.optimization_goal != copy.optimization_goal:
        raise Rejected(
            f"the copy {copy.id} of ad set {source.id} is not like it ({len(ad_ids)} ads, optimization goal "
            f"{copy.optimization_goal} for {source.optimization_goal}); it stays paused: look at it in "
            "Ads Manager"
        )


def copies_made(context: ExecutionContext, row: ActionRow, campaign_id: str) -> tuple[Found, ...]:
    """The copies that this very action made, oldest first; a person may have made others."""
    if not context.capabilities.copies:
        return tuple(context.account.ad_sets_named(campaign_id, row.key))
    found = context.copying.copies_of(row.action.adset_id or "", campaign_id)
    return tuple(f for f in found if f"[k:{row.key}]" in f.name)
