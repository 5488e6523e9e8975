"""Recipes that create: a campaign, or an ad set with its creative and ad.

What is created carries the action's key in its name and is PAUSED: whoever asked for it activates it last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.goals import REGISTRY
from orchestrator.domain.model import Action
from orchestrator.domain.records import CampaignRow, CreativeRow, TemplateRow, UserRows
from orchestrator.errors import ConfigError
from orchestrator.execution.context import ExecutionContext, new_ad_set
from orchestrator.execution.handlers.activate import activate, delivery_of
from orchestrator.platforms.specs import AdSetSpec, AdSpec, CampaignSpec, CreativeSpec


def create_campaign(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    """Create a testing campaign (ABO) or a scaling one (CBO)."""
    action = row.action
    role: Literal["testing", "scaling"] = "testing" if action.after_minor is None else "scaling"
    details, campaign_id = context.adopt(
        "campaign", context.find(row, lambda: context.account.campaigns_named(row.key))
    )
    if campaign_id is None:
        name = f"{REGISTRY[action.goal_key].title} · {role} [k:{row.key}]"
        campaign_id = context.account.create_campaign(
            CampaignSpec(name=name, goal_key=action.goal_key, daily_budget_minor=action.after_minor)
        )
    context.ids[action.campaign_id or ""] = campaign_id
    context.remember(
        CampaignRow(
            id=campaign_id,
            user_id=row.user_id,
            goal_key=action.goal_key,
            role=role,
            status="PAUSED",
            paused_by="creation",
            paused_reason=None,
            daily_budget_minor=action.after_minor,
            created_at=context.now,
            active_since=None,
            removed_at=None,
        )
    )
    return {**details, "meta_campaign_id": campaign_id}


def finish_ad_set(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    """Make a half-made ad set of an earlier run whole, and leave it to the rules to resume.

    Paused for ``below_minimum_budget`` is what they resume with its present share and under
    the present guardrail. One that was activated before its answer was lost stays active, and one that a
    person paused since stays paused.
    """
    details = build_ad_set(context, row)
    ad_set_id = details["meta_adset_id"]
    if delivery_of(context, row, "ad_set", ad_set_id) == "waiting":
        leave_to_rules(context, ad_set_id)
    elif not activate(context, row, "ad_set", ad_set_id):
        details["left_paused"] = [*details.get("left_paused", ()), ad_set_id]
    return details


def leave_to_rules(context: ExecutionContext, ad_set_id: str) -> None:
    """Leave an ad set that is whole to the rules: they resume what did not fit once it fits."""
    context.remember(
        replace(
            context.ad_sets[ad_set_id],
            paused_by="orchestrator",
            paused_reason=reasons.BELOW_MINIMUM_BUDGET.code,
        )
    )


def build_ad_set(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    """Create a test cell: an ad set with one ad, the ad set still PAUSED."""
    action = row.action
    campaign_id = context.meta_id(action.campaign_id) or ""
    cell = cell_of(context.user, action)
    details, ad_set_id = context.adopt(
        "ad_set", context.find(row, lambda: context.account.ad_sets_named(campaign_id, row.key))
    )
    if ad_set_id is None:
        ad_set_id = context.account.create_ad_set(_spec(row, campaign_id, cell))
    _, audience, creative = cell
    context.ids[action.adset_id or ""] = ad_set_id
    if ad_set_id not in context.ad_sets:
        context.remember(new_ad_set(context, row, ad_set_id, campaign_id, cell=(audience, creative.id)))
    ad_id = _ad_in(context, row, ad_set_id, creative)
    if not activate(context, row, "ad", ad_id):
        details["left_paused"] = [ad_id]
    return {**details, "meta_campaign_id": campaign_id, "meta_adset_id": ad_set_id, "meta_ad_id": ad_id}


def _spec(row: ActionRow, campaign_id: str, cell: tuple[TemplateRow, str, CreativeRow]) -> AdSetSpec:
    template, audience, creative = cell
    return AdSetSpec(
        name=f"{audience} · {creative.id} [k:{row.key}]",
        campaign_id=campaign_id,
        goal_key=row.action.goal_key,
        daily_budget_minor=row.action.after_minor,
        targeting=_targeting(template, audience),
    )


def _ad_in(context: ExecutionContext, row: ActionRow, ad_set_id: str, creative: CreativeRow) -> str:
    _, ad_id = context.adopt("ad", context.find(row, lambda: context.account.ads_named(ad_set_id, row.key)))
    if ad_id is not None:
        return ad_id
    spec = AdSpec(
        name=f"{creative.id} [k:{row.key}]",
        ad_set_id=ad_set_id,
        creative_id=_creative_on_meta(context, row, creative),
    )
    return context.account.create_ad(spec)


def _creative_on_meta(context: ExecutionContext, row: ActionRow, creative: CreativeRow) -> str:
    known = context.creatives.get(creative.id) or creative.meta_creative_id
    if known:
        return known
    found = context.find(row, lambda: context.account.creatives_named(row.key))
    meta_id = found[0].id if found else _create_creative(context, row, creative)
    context.store.ad_objects.upsert_creative(context.user.user_id, creative.id, meta_id)
    context.creatives[creative.id] = meta_id
    return meta_id


def _create_creative(context: ExecutionContext, row: ActionRow, creative: CreativeRow) -> str:
    name = f"{creative.id} [k:{row.key}]"
    story = next((t.story for t in context.user.templates if t.goal_key == creative.goal_key), None)
    return context.account.create_creative(
        CreativeSpec(
            name=name,
            creative_id=creative.id,
            goal_key=creative.goal_key,
            parts={**(story or {}), **creative.spec},
        )
    )


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


def _targeting(template: TemplateRow, audience: str) -> Mapping[str, Any]:
    return next(a.targeting for a in template.audiences if a.name == audience)
