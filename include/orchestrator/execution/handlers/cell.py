"""Build one cell: an ad set of an audience that shows a creative in one ad.

On a platform with atomic writes that is one write. Elsewhere ad set, creative and ad are created one by
one, each with the action's key in its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from orchestrator.domain.action_log import ActionRow
from orchestrator.domain.model import Action
from orchestrator.domain.records import AudienceRow, CreativeRow, TemplateRow, UserRows
from orchestrator.domain.remote_ids import RemoteIds
from orchestrator.errors import ConfigError
from orchestrator.execution import remote_writes
from orchestrator.execution.context import ExecutionContext
from orchestrator.execution.handlers.activate import activate, was_touched
from orchestrator.platforms.base import Found
from orchestrator.platforms.specs import AdSetSpec, AdSpec, CreativeSpec


class AdSetSource(NamedTuple):
    """What an ad set is built from."""

    template: TemplateRow
    audience: AudienceRow
    creative: CreativeRow


def cell_of(user: UserRows, action: Action) -> AdSetSource:
    """The cell that ``new:testing:<goal>:<audience>:<creative>`` means, or that of an ad set left half made.

    Raises:
        ConfigError: its template, audience or creative is gone since it was planned.
    """
    for half_made in user.ad_sets:
        if half_made.id == action.adset_id:
            return cell_named(user, half_made.goal_key, half_made.audience, half_made.creative_id)
    for cell in _cells(user):
        named = f"{cell.template.goal_key}:{cell.audience.name}:{cell.creative.id}"
        if action.adset_id == f"new:testing:{named}":
            return cell
    raise ConfigError(f"the template, audience or creative of {action.adset_id} is gone; it is not shown")


def cell_named(user: UserRows, goal_key: str, audience: str, creative_id: str | None) -> AdSetSource:
    """The cell of an ad set of ours.

    Raises:
        ConfigError: its template, audience or creative is gone since it was built.
    """
    for cell in _cells(user):
        if (cell.template.goal_key, cell.audience.name, cell.creative.id) == (
            goal_key,
            audience,
            creative_id,
        ):
            return cell
    raise ConfigError(f"the template, audience or creative of {audience} {creative_id} is gone")


def _cells(user: UserRows) -> Iterator[AdSetSource]:
    for template in user.templates:
        for audience in template.audiences:
            for creative in user.creatives:
                yield AdSetSource(template, audience, creative)


def build_cell(
    context: ExecutionContext, row: ActionRow, cell: AdSetSource, record_id: Callable[[str], None]
) -> dict[str, Any]:
    """Build the ad set whole and PAUSED, or what an earlier try left of it to build.

    Args:
        context: where.
        row: the action; only a test cell has a budget of its own, where ad sets own budgets.
        cell: what it is built from.
        record_id: called with the ad set's id as soon as there is one.

    Returns:
        Details for the log. ``left_paused``: an ad that a person paused meanwhile.
    """
    campaign_id = context.remote_id(row.action.campaign_id) or ""
    details: dict[str, Any] = {}
    ad_set_id = _half_made(context, row)
    if ad_set_id is None:
        found = context.find(row, lambda: context.account.ad_sets_named(campaign_id, row.key))
        details, ad_set_id = context.adopt("ad_set", found)
    if ad_set_id is None:
        ad_set_id = _create(context, row, cell)
    record_id(ad_set_id)
    ids = RemoteIds(campaign_id=campaign_id, adset_id=ad_set_id)
    if context.capabilities.atomic_writes:
        return {**details, **ids.document()}
    ad_id = _ad_in(context, row, ad_set_id, cell)
    if not activate(context, row, "ad", ad_id):
        details["left_paused"] = [ad_id]
    return {**details, **replace(ids, ad_id=ad_id).document()}


def _half_made(context: ExecutionContext, row: ActionRow) -> str | None:
    """The ad set that an earlier action left half made, with the budget of this one; null for a new one."""
    known = context.ad_sets.get(row.action.adset_id or "")
    if row.action.action_type != "create_adset" or known is None:
        return None
    minor = row.action.after_minor or 0
    if known.daily_budget_minor != minor:
        remote_writes.set_daily_budget(context, "ad_set", known.id, minor)
        context.remember(replace(known, daily_budget_minor=minor))
    return known.id


def _create(context: ExecutionContext, row: ActionRow, cell: AdSetSource) -> str:
    owns_budget = row.action.action_type == "create_adset" and "ad_set" in context.capabilities.budget_levels
    spec = AdSetSpec(
        name=f"{cell.audience.name} · {cell.creative.id} [k:{row.key}]",
        campaign_id=context.remote_id(row.action.campaign_id) or "",
        goal_key=row.action.goal_key,
        daily_budget_minor=row.action.after_minor if owns_budget else None,
        targeting=cell.audience.targeting,
    )
    if context.capabilities.atomic_writes:
        return context.atomic.create_whole_ad_set(spec, _creative_spec(context, row, cell.creative))
    return context.account.create_ad_set(spec)


def _ad_in(context: ExecutionContext, row: ActionRow, ad_set_id: str, cell: AdSetSource) -> str:
    _, ad_id = context.adopt("ad", context.find(row, lambda: context.account.ads_named(ad_set_id, row.key)))
    if ad_id is not None:
        return ad_id
    creative_id = _remote_creative(context, row, cell.creative)
    if row.action.adset_id == ad_set_id:
        there = [ad for ad in context.account.ads_of(ad_set_id) if _is_waiting(ad, creative_id)]
        if any(ad.status == "PAUSED" and was_touched(ad) for ad in there):
            raise ConfigError(f"a person paused ad {there[0].id} of the unfinished ad set {ad_set_id}")
        if there:
            return there[0].id
    spec = AdSpec(name=f"{cell.creative.id} [k:{row.key}]", ad_set_id=ad_set_id, creative_id=creative_id)
    return context.account.create_ad(spec)


def _is_waiting(ad: Found, creative_id: str) -> bool:
    """Whether an ad of ours, made before the refusal, shows this creative and was not removed."""
    return "[k:" in ad.name and ad.creative_id == creative_id and ad.status in ("PAUSED", "ACTIVE")


def _remote_creative(context: ExecutionContext, row: ActionRow, creative: CreativeRow) -> str:
    known = context.creatives.get(creative.id) or creative.remote_id
    if known:
        return known
    found = context.find(row, lambda: context.account.creatives_named(row.key))
    spec = _creative_spec(context, row, creative)
    remote_id = found[0].id if found else context.account.create_creative(spec)
    context.store.ad_objects.upsert_creative(context.user.user_id, creative.id, remote_id)
    context.creatives[creative.id] = remote_id
    return remote_id


def _creative_spec(context: ExecutionContext, row: ActionRow, creative: CreativeRow) -> CreativeSpec:
    return CreativeSpec(
        name=f"{creative.id} [k:{row.key}]",
        creative_id=creative.id,
        goal_key=creative.goal_key,
        parts=context.user.parts_of(creative),
    )
