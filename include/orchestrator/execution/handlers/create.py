"""Recipes that create: a campaign, or an ad set with its creative and ad.

What is created carries the action's key in its name and is PAUSED: whoever asked for it activates it last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import Action
from orchestrator.domain.records import (
    ActionRow,
    AssetsRow,
    CampaignRow,
    CreativeRow,
    TemplateRow,
    UserRows,
)
from orchestrator.errors import ConfigError
from orchestrator.execution.context import Site, new_ad_set
from orchestrator.execution.handlers.activate import activate, how_it_stands
from orchestrator.platforms.meta.wire import (
    AdSetSpec,
    AdSpec,
    CampaignSpec,
    creative_spec,
    promoted_object,
)


def create_campaign(site: Site, row: ActionRow) -> dict[str, Any]:
    """Create a testing campaign (ABO) or a scaling one (CBO)."""
    action = row.action
    role: Literal["testing", "scaling"] = "testing" if action.after_minor is None else "scaling"
    details, campaign_id = site.adopt(
        "campaign", site.find(row, lambda: site.account.campaigns_named(row.key))
    )
    if campaign_id is None:
        name = f"{REGISTRY[action.goal_key].title} · {role} [k:{row.key}]"
        campaign_id = site.account.create_campaign(
            CampaignSpec(name=name, goal_key=action.goal_key, daily_budget_minor=action.after_minor)
        )
    site.ids[action.campaign_id or ""] = campaign_id
    site.keep(
        CampaignRow(
            id=campaign_id,
            user_id=row.user_id,
            goal_key=action.goal_key,
            role=role,
            status="PAUSED",
            paused_by="creation",
            paused_reason=None,
            daily_budget_minor=action.after_minor,
            created_at=site.now,
            active_since=None,
            removed_at=None,
        )
    )
    return {**details, "meta_campaign_id": campaign_id}


def finish_ad_set(site: Site, row: ActionRow) -> dict[str, Any]:
    """Make a half-made ad set of an earlier run whole, and leave it to the rules to resume.

    Paused for ``below_minimum_budget`` is what they resume with its present share and under
    the present guardrail. One that was activated before its answer was lost stays active, and one that a
    person paused since stays paused.
    """
    details = build_ad_set(site, row)
    ad_set_id = details["meta_adset_id"]
    if how_it_stands(site, row, "ad_set", ad_set_id) == "waiting":
        hand_over(site, ad_set_id)
    elif not activate(site, row, "ad_set", ad_set_id):
        details["left_paused"] = [*details.get("left_paused", ()), ad_set_id]
    return details


def hand_over(site: Site, ad_set_id: str) -> None:
    """Leave an ad set that is whole to the rules: they resume what did not fit once it fits."""
    site.keep(
        replace(site.ad_sets[ad_set_id], paused_by="orchestrator", paused_reason="below_minimum_budget")
    )


def build_ad_set(site: Site, row: ActionRow) -> dict[str, Any]:
    """Create a test cell: an ad set with one ad, the ad set still PAUSED."""
    action = row.action
    campaign_id = site.meta_id(action.campaign_id) or ""
    cell = cell_of(site.user, action)
    details, ad_set_id = site.adopt(
        "ad_set", site.find(row, lambda: site.account.ad_sets_named(campaign_id, row.key))
    )
    if ad_set_id is None:
        ad_set_id = site.account.create_ad_set(_spec(site, row, campaign_id, cell))
    _, audience, creative = cell
    site.ids[action.adset_id or ""] = ad_set_id
    if ad_set_id not in site.ad_sets:
        site.keep(new_ad_set(site, row, ad_set_id, campaign_id, cell=(audience, creative.id)))
    ad_id = _ad_in(site, row, ad_set_id, creative)
    if not activate(site, row, "ad", ad_id):
        details["left_paused"] = [ad_id]
    return {**details, "meta_campaign_id": campaign_id, "meta_adset_id": ad_set_id, "meta_ad_id": ad_id}


def _spec(
    site: Site, row: ActionRow, campaign_id: str, cell: tuple[TemplateRow, str, CreativeRow]
) -> AdSetSpec:
    template, audience, creative = cell
    return AdSetSpec(
        name=f"{audience} · {creative.id} [k:{row.key}]",
        campaign_id=campaign_id,
        goal_key=row.action.goal_key,
        daily_budget_minor=row.action.after_minor,
        targeting=_targeting(template, audience),
        promoted_object=promoted_object(row.action.goal_key, site.user.assets),
        dsa=_dsa(site.user.assets),
    )


def _ad_in(site: Site, row: ActionRow, ad_set_id: str, creative: CreativeRow) -> str:
    _, ad_id = site.adopt("ad", site.find(row, lambda: site.account.ads_named(ad_set_id, row.key)))
    if ad_id is not None:
        return ad_id
    spec = AdSpec(
        name=f"{creative.id} [k:{row.key}]",
        ad_set_id=ad_set_id,
        creative_id=_creative_on_meta(site, row, creative),
        pixel_id=site.user.assets.pixel_id,
    )
    return site.account.create_ad(spec)


def _creative_on_meta(site: Site, row: ActionRow, creative: CreativeRow) -> str:
    known = site.creatives.get(creative.id) or creative.meta_creative_id
    if known:
        return known
    found = site.find(row, lambda: site.account.creatives_named(row.key))
    meta_id = found[0].id if found else _create_creative(site, row, creative)
    site.store.keep_creative(site.user.user_id, creative.id, meta_id)
    site.creatives[creative.id] = meta_id
    return meta_id


def _create_creative(site: Site, row: ActionRow, creative: CreativeRow) -> str:
    name = f"{creative.id} [k:{row.key}]"
    story = next((t.story for t in site.user.templates if t.goal_key == creative.goal_key), None)
    return site.account.create_creative(creative_spec(name, creative, site.user.assets, story))


def cell_of(user: UserRows, action: Action) -> tuple[TemplateRow, str, CreativeRow]:
    """The template, audience and creative that ``new:testing:<goal>:<audience>:<creative>`` means.

    Raises:
        ConfigError: one of them is gone since it was planned.
    """
    for template in user.templates:
        for audience in template.audiences:
            for creative in user.creatives:
                if action.adset_id == f"new:testing:{template.goal_key}:{audience.name}:{creative.id}":
                    return template, audience.name, creative
    raise ConfigError(f"the template, audience or creative of {action.adset_id} is gone; it is not shown")


def _dsa(assets: AssetsRow) -> dict[str, str]:
    """Who benefits from and who pays for ads in the EU, as far as the user said."""
    named = {"beneficiary": assets.dsa_beneficiary, "payor": assets.dsa_payor}
    return {role: name for role, name in named.items() if name}


def _targeting(template: TemplateRow, audience: str) -> Mapping[str, Any]:
    return next(a.targeting for a in template.audiences if a.name == audience)
