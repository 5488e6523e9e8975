"""Handlers that create: a campaign, or a test cell in it.

What is created carries the action's key in its name and is PAUSED: the caller activates it last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from orchestrator.domain import reasons
from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.records import CampaignRow
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.execution.context import ExecutionContext, new_ad_set
from orchestrator.execution.handlers.activate import activate, delivery_of
from orchestrator.execution.handlers.cell import build_cell, cell_of
from orchestrator.platforms.specs import CampaignSpec
from orchestrator.snapshot import object_names


def create_campaign(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    """Create a learning campaign, whose ad sets have budgets, or a scaling one, which has its own."""
    action = row.action
    role: Literal["testing", "scaling"] = "testing" if action.after_minor is None else "scaling"
    details, campaign_id = context.adopt(
        "campaign", context.find(row, lambda: context.account.campaigns_named(row.key))
    )
    if campaign_id is None:
        campaign_id = context.account.create_campaign(
            CampaignSpec(
                name=object_names.campaign_name(action.goal_key, role, row.key),
                goal_key=action.goal_key,
                daily_budget_minor=action.after_minor,
            )
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
            platform=context.user.assets.platform,
        )
    )
    return {**details, **RemoteIds(campaign_id=campaign_id).document()}


def finish_ad_set(context: ExecutionContext, row: ActionRow) -> dict[str, Any]:
    """Make a half-made ad set of an earlier run whole, and leave it to the rules to resume.

    Paused for ``below_minimum_budget`` is what they resume with its present share and under
    the present guardrail. One that was activated before its answer was lost stays active, and one that a
    person paused since stays paused.
    """
    details = build_ad_set(context, row)
    ad_set_id = RemoteIds.of(details).adset_id or ""
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
    cell = cell_of(context.user, row.action)

    def record_id(ad_set_id: str) -> None:
        context.ids[row.action.adset_id or ""] = ad_set_id
        if ad_set_id not in context.ad_sets:
            campaign_id = context.remote_id(row.action.campaign_id) or ""
            names = (cell.audience.name, cell.creative.id)
            context.remember(new_ad_set(context, row, ad_set_id, campaign_id, cell=names))

    return build_cell(context, row, cell, record_id)
