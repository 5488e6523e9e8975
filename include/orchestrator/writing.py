"""Make one decided action true on Meta: a recipe an action type.

Every recipe can be run again after dying on any of its lines. What it creates carries the
action's key in its name and is looked for first when the action may have been begun before;
what it sets is an absolute value; everything is created PAUSED and activated last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from orchestrator.errors import Rejected
from orchestrator.goals import REGISTRY
from orchestrator.meta.client import MetaAccount
from orchestrator.meta.wire import AdSetSpec, AdSpec, CampaignSpec, Found, creative_spec, promoted_object
from orchestrator.model import Action
from orchestrator.rows import ActionRow, AdSetRow, AssetsRow, CampaignRow, CreativeRow, TemplateRow, UserRows
from orchestrator.store import Store

Kind = Literal["campaign", "ad_set", "ad"]


@dataclass(slots=True, kw_only=True)
class Site:
    """Where one user's actions are made: their account, their rows, this run's new ids.

    ``ids`` maps the plan's ``new:...`` ids to Meta's. ``campaigns`` and ``ad_sets`` are our
    rows by Meta's id and follow what is written.
    """

    account: MetaAccount
    store: Store
    user: UserRows
    now: datetime
    ids: dict[str, str] = field(default_factory=dict)
    campaigns: dict[str, CampaignRow] = field(default_factory=dict)
    ad_sets: dict[str, AdSetRow] = field(default_factory=dict)
    creatives: dict[str, str] = field(default_factory=dict)

    def meta_id(self, planned_id: str | None) -> str | None:
        """Meta's id of a planned id; null when it was not created."""
        if planned_id is None or not planned_id.startswith("new:"):
            return planned_id
        return self.ids.get(planned_id)

    def keep(self, row: CampaignRow | AdSetRow) -> None:
        """Remember what we now know of an object of ours."""
        if isinstance(row, CampaignRow):
            self.store.keep_campaigns([row])
            self.campaigns[row.id] = row
        else:
            self.store.keep_ad_sets([row])
            self.ad_sets[row.id] = row


def make(site: Site, row: ActionRow) -> dict[str, Any]:
    """Make one action true.

    An action that is ``intended`` or ``unknown`` may have been begun by a process that died, or its
    answer was lost: what it created is looked for before it is created again.

    Returns:
        Details for the log: Meta's ids, and duplicates that were found and paused.

    Raises:
        MetaError: as the client classified it.
    """
    return _RECIPES[row.action.action_type](site, row)


def _create_campaign(site: Site, row: ActionRow) -> dict[str, Any]:
    action = row.action
    role: Literal["testing", "scaling"] = "testing" if action.after_minor is None else "scaling"
    details, campaign_id = _adopt(
        site, "campaign", site.account.campaigns_named(row.key) if _begun(row) else ()
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


def _create_adset(site: Site, row: ActionRow) -> dict[str, Any]:
    details = _whole_ad_set(site, row)
    _activate_ad_set(site, details["meta_adset_id"])
    return details


def finish_ad_set(site: Site, row: ActionRow) -> dict[str, Any]:
    """Make a half-made ad set of an earlier run whole, and leave it to the rules to resume.

    Paused for ``below_minimum_budget`` is what they resume with its present share and under
    the present guardrail.
    """
    details = _whole_ad_set(site, row)
    kept = site.ad_sets[details["meta_adset_id"]]
    site.account.set_status("ad_set", kept.id, "PAUSED")
    site.keep(replace(kept, status="PAUSED", paused_by="orchestrator", paused_reason="below_minimum_budget"))
    return details


def _whole_ad_set(site: Site, row: ActionRow) -> dict[str, Any]:
    """An ad set with its ad, the ad set still PAUSED."""
    action = row.action
    campaign_id = site.meta_id(action.campaign_id) or ""
    template, audience, creative = cell_of(site.user, action)
    found = site.account.ad_sets_named(campaign_id, row.key) if _begun(row) else ()
    details, ad_set_id = _adopt(site, "ad_set", found)
    if ad_set_id is None:
        ad_set_id = site.account.create_ad_set(
            AdSetSpec(
                name=f"{audience} · {creative.id} [k:{row.key}]",
                campaign_id=campaign_id,
                goal_key=action.goal_key,
                daily_budget_minor=action.after_minor,
                targeting=_targeting(template, audience),
                promoted_object=promoted_object(action.goal_key, site.user.assets),
                dsa=_dsa(site.user.assets),
            )
        )
    site.ids[action.adset_id or ""] = ad_set_id
    site.keep(_new_ad_set(site, row, ad_set_id, campaign_id, cell=(audience, creative.id)))
    ad_id = _ad_in(site, row, ad_set_id, creative)
    site.account.set_status("ad", ad_id, "ACTIVE")
    return {**details, "meta_campaign_id": campaign_id, "meta_adset_id": ad_set_id, "meta_ad_id": ad_id}


def _ad_in(site: Site, row: ActionRow, ad_set_id: str, creative: CreativeRow) -> str:
    _, ad_id = _adopt(site, "ad", site.account.ads_named(ad_set_id, row.key) if _begun(row) else ())
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
    found = site.account.creatives_named(row.key) if _begun(row) else ()
    meta_id = found[0].id if found else _create_creative(site, row, creative)
    site.store.keep_creative(site.user.user_id, creative.id, meta_id)
    site.creatives[creative.id] = meta_id
    return meta_id


def _create_creative(site: Site, row: ActionRow, creative: CreativeRow) -> str:
    name = f"{creative.id} [k:{row.key}]"
    story = next(t.story for t in site.user.templates if t.goal_key == creative.goal_key)
    return site.account.create_creative(creative_spec(name, creative, site.user.assets, story))


def promote(site: Site, row: ActionRow) -> dict[str, Any]:
    """Copy a winner whole and activate the copy.

    It shares its campaign's budget, so it raises nothing; a campaign that was never active stays
    paused.
    """
    details = _whole_copy(site, row)
    _activate_ad_set(site, details["meta_adset_id"])
    return details


def _whole_copy(site: Site, row: ActionRow) -> dict[str, Any]:
    """Copy the winner alone, then its ads one by one: a copy with more than three ads is refused."""
    action = row.action
    campaign_id = site.meta_id(action.campaign_id) or ""
    source_id = action.adset_id or ""
    found = _named(site.account.copies_of(source_id, campaign_id), row.key) if _begun(row) else ()
    details, copy_id = _adopt(site, "ad_set", found)
    if copy_id is None:
        copy_id = site.account.copy_ad_set(source_id, campaign_id, f" [k:{row.key}]")
    source = site.ad_sets[source_id]
    copy = _new_ad_set(site, row, copy_id, campaign_id, cell=(source.audience, source.creative_id))
    site.keep(replace(copy, source_adset_id=source_id, daily_budget_minor=None))
    ad_ids = _copy_ads(site, row, copy_id)
    _verify_copy(site, source_id, copy_id, ad_ids)
    for ad_id in ad_ids:
        site.account.set_status("ad", ad_id, "ACTIVE")
    return {
        **details,
        "meta_campaign_id": campaign_id,
        "meta_adset_id": copy_id,
        "meta_ad_ids": ad_ids,
        "promoted_from_id": source_id,
    }


def _copy_ads(site: Site, row: ActionRow, copy_id: str) -> list[str]:
    source_id = row.action.adset_id or ""
    there = {ad.source_id: ad.id for ad in site.account.ads_of(copy_id)} if _begun(row) else {}
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


def _update_budget(site: Site, row: ActionRow) -> dict[str, Any]:
    action = row.action
    kind, object_id = target(site, action)
    minor = action.after_minor or 0
    site.account.set_daily_budget(kind, object_id, minor)
    site.keep(replace(_kept(site, kind, object_id), daily_budget_minor=minor))
    return {f"meta_{_column(kind)}_id": object_id}


def _pause(site: Site, row: ActionRow) -> dict[str, Any]:
    kind, object_id = target(site, row.action)
    site.account.set_status(kind, object_id, "PAUSED")
    kept = _kept(site, kind, object_id)
    site.keep(replace(kept, status="PAUSED", paused_by="orchestrator", paused_reason=row.action.reason))
    return {f"meta_{_column(kind)}_id": object_id}


def _resume(site: Site, row: ActionRow) -> dict[str, Any]:
    kind, object_id = target(site, row.action)
    site.account.set_status(kind, object_id, "ACTIVE")
    site.keep(_active(_kept(site, kind, object_id), site.now))
    return {f"meta_{_column(kind)}_id": object_id}


_RECIPES: Mapping[str, Callable[[Site, ActionRow], dict[str, Any]]] = {
    "create_campaign": _create_campaign,
    "create_adset": _create_adset,
    "promote_winner": promote,
    "update_budget": _update_budget,
    "pause_adset": _pause,
    "pause_campaign": _pause,
    "resume_adset": _resume,
    "resume_campaign": _resume,
}


def activate_campaign(site: Site, campaign_id: str) -> None:
    """Let a campaign of this run deliver, once everything that was meant to be in it is there."""
    site.account.set_status("campaign", campaign_id, "ACTIVE")
    site.keep(_active(site.campaigns[campaign_id], site.now))


def target(site: Site, action: Action) -> tuple[Literal["campaign", "ad_set"], str]:
    """What an update writes to: the ad set when one is named, else the campaign."""
    if action.adset_id is not None:
        return "ad_set", site.meta_id(action.adset_id) or ""
    return "campaign", site.meta_id(action.campaign_id) or ""


def cell_of(user: UserRows, action: Action) -> tuple[TemplateRow, str, CreativeRow]:
    """The template, audience and creative that ``new:testing:<goal>:<audience>:<creative>`` means."""
    template = next(t for t in user.templates if t.goal_key == action.goal_key)
    return next(
        (template, audience.name, creative)
        for audience in template.audiences
        for creative in user.creatives
        if action.adset_id == f"new:testing:{action.goal_key}:{audience.name}:{creative.id}"
    )


def _dsa(assets: AssetsRow) -> dict[str, str]:
    """Who benefits from and who pays for ads in the EU, as far as the user said."""
    named = {"beneficiary": assets.dsa_beneficiary, "payor": assets.dsa_payor}
    return {role: name for role, name in named.items() if name}


def _targeting(template: TemplateRow, audience: str) -> Mapping[str, Any]:
    return next(a.targeting for a in template.audiences if a.name == audience)


def _new_ad_set(
    site: Site, row: ActionRow, ad_set_id: str, campaign_id: str, *, cell: tuple[str, str | None]
) -> AdSetRow:
    return AdSetRow(
        id=ad_set_id,
        user_id=row.user_id,
        campaign_id=campaign_id,
        goal_key=row.action.goal_key,
        audience=cell[0],
        creative_id=cell[1],
        source_adset_id=None,
        status="PAUSED",
        paused_by="creation",
        paused_reason=None,
        daily_budget_minor=row.action.after_minor,
        created_at=site.now,
        active_since=None,
        removed_at=None,
    )


def _activate_ad_set(site: Site, ad_set_id: str) -> None:
    site.account.set_status("ad_set", ad_set_id, "ACTIVE")
    site.keep(_active(site.ad_sets[ad_set_id], site.now))


def _active(row: CampaignRow | AdSetRow, now: datetime) -> CampaignRow | AdSetRow:
    return replace(row, status="ACTIVE", paused_by=None, paused_reason=None, active_since=now)


def _kept(site: Site, kind: str, object_id: str) -> CampaignRow | AdSetRow:
    return site.campaigns[object_id] if kind == "campaign" else site.ad_sets[object_id]


def _begun(row: ActionRow) -> bool:
    return row.status in ("intended", "unknown")


def _adopt(site: Site, kind: Kind, found: Sequence[Found]) -> tuple[dict[str, Any], str | None]:
    """Keep the oldest of what is found; pause the rest, which must never spend, and report it."""
    if not found:
        return {}, None
    for duplicate in found[1:]:
        site.account.set_status(kind, duplicate.id, "PAUSED")
    details = {"duplicates_paused": [d.id for d in found[1:]]} if found[1:] else {}
    return details, found[0].id


def _named(found: Sequence[Found], key: str) -> tuple[Found, ...]:
    return tuple(f for f in found if f"[k:{key}]" in f.name)


def _column(kind: str) -> str:
    return "campaign" if kind == "campaign" else "adset"
