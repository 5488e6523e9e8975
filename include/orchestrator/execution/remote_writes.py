"""Budgets and statuses as the platform takes them.

Where ad sets own budgets, each write is one call. Where only campaigns do, the budget of a learning
campaign follows its ad sets: it is their sum, lowered before one is paused and raised after one is
activated, so that dying in between spends less, never more.
"""

from __future__ import annotations

from dataclasses import replace

from orchestrator.domain.records import AdSetRow
from orchestrator.execution.context import ExecutionContext
from orchestrator.platforms.base import BudgetLevel, ObjectKind, SettableStatus
from orchestrator.snapshot import shared_budgets


def set_daily_budget(context: ExecutionContext, level: BudgetLevel, object_id: str, minor: int) -> None:
    """Set a daily budget; of an ad set that can own none, its campaign's to the new sum."""
    if level in context.capabilities.budget_levels:
        context.account.set_daily_budget(level, object_id, minor)
    else:
        follow(context, replace(context.ad_sets[object_id], daily_budget_minor=minor))


def set_status(context: ExecutionContext, kind: ObjectKind, object_id: str, status: SettableStatus) -> None:
    """Set a status; the budget of the campaign follows where its ad sets own none."""
    ad_set = context.ad_sets.get(object_id) if kind == "ad_set" else None
    if ad_set is not None and status == "PAUSED":
        follow(context, replace(ad_set, status=status))
    context.account.set_status(kind, object_id, status)
    if ad_set is not None and status == "ACTIVE":
        follow(context, replace(ad_set, status=status))


def follow(context: ExecutionContext, changed: AdSetRow) -> None:
    """Set a learning campaign's budget to the sum of its ad sets, one of them changed.

    Nothing where ad sets own budgets. A sum of 0 is not written: nothing in the campaign delivers.
    """
    if "ad_set" in context.capabilities.budget_levels:
        return
    if context.campaigns[changed.campaign_id].role != "testing":
        return
    ad_sets = {**context.ad_sets, changed.id: changed}
    minor = shared_budgets.sum_minor(changed.campaign_id, ad_sets.values())
    if minor:
        context.account.set_daily_budget("campaign", changed.campaign_id, minor)
