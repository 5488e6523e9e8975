"""Changing and deleting: a draft with the changes is checked, then the changes are made."""

from __future__ import annotations

from copy import copy
from typing import Any

from graph_simulator.answers.render import check_fields, render, requested_fields
from graph_simulator.answers.view import View
from graph_simulator.delivery.learning_phase import WINDOW_SECONDS, is_significant
from graph_simulator.errors import bad_param, invalid
from graph_simulator.rules.ad_sets import check_ad_set
from graph_simulator.rules.budgets import check_edits, recent_edits
from graph_simulator.rules.campaigns import NO_SPEND_CAP, check_campaign, check_name
from graph_simulator.rules.devices import check_automation, widen_devices
from graph_simulator.rules.goal_creatives import check_fit
from graph_simulator.state.assets import CustomConversion, Label
from graph_simulator.state.objects import Ad, AdSet, Campaign, Creative
from graph_simulator.state.status import GONE
from graph_simulator.writes import params
from graph_simulator.writes.conversion import commit_budgets, convert
from graph_simulator.writes.create import attach_creative, creative_for, submit_for_review

_GONE_CODES = {"Campaign": 1487566, "AdSet": 1487056, "Ad": 1487007}
_BUDGETS = {"daily_budget", "lifetime_budget"}
_LEARNS_AFRESH = {"targeting", "optimization_goal", "bid_strategy", "promoted_object", "bid_amount"}


def _read(view: View, kind: str, raw: dict[str, Any]) -> dict[str, Any]:
    check_fields(kind, requested_fields(raw))
    return params.typed(view, kind, None, raw)


def _refuse_gone(node: Campaign | AdSet | Ad, given: dict[str, Any]) -> None:
    """A deleted object cannot be changed; of an archived one only the name, or it is deleted."""
    changes = {name for name in given if name != "execution_options"}
    if node.status == "DELETED":
        raise invalid(_GONE_CODES[node.node], "Object was deleted", "It was deleted and cannot be edited.")
    if node.status != "ARCHIVED":
        return
    if changes - {"name", "status"} or given.get("status", "DELETED") not in {"DELETED", "ARCHIVED"}:
        text = "It is archived: only its name can be edited, or it can be deleted."
        raise invalid(_GONE_CODES[node.node], "Object is archived", text)


def campaign(view: View, node: Campaign, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /{campaign_id}``."""
    given = _read(view, "Campaign", raw)
    _refuse_gone(node, given)
    _refuse_campaign_changes(node, given)
    draft = copy(node)
    params.apply(draft, given, params.CAMPAIGN)
    if draft.spend_cap == NO_SPEND_CAP:
        draft.spend_cap = None
    budgets = convert(node, draft, given)
    check_campaign(draft)
    if params.is_only_validated(given):
        return {"success": True}
    commit_budgets(budgets, draft, view.now)
    _commit(view, node, draft, given)
    if not given.keys() <= _BUDGETS:
        node.updated = view.now
    return _done(view, node, raw)


def _refuse_campaign_changes(node: Campaign, given: dict[str, Any]) -> None:
    if given.get("objective", node.objective) != node.objective:
        raise bad_param("Param objective cannot be changed", "objective")
    if given.get("is_adset_budget_sharing_enabled") and not node.budget_sharing and node.status == "ACTIVE":
        text = "Ad set budget sharing cannot be turned on for a campaign that is running."
        raise invalid(3858418, "Budget sharing not available", text, "is_adset_budget_sharing_enabled")
    strategy = given.get("bid_strategy", node.bid_strategy)
    if strategy == node.bid_strategy:
        return
    if node.budget_sharing and node.status == "ACTIVE":
        text = "The bid strategy cannot change while ad set budget sharing is on."
        raise invalid(4834006, "Bid strategy cannot change", text, "bid_strategy")
    if node.is_cbo and len(node.ad_sets) > 70:
        text = "The bid strategy of a campaign with more than 70 ad sets cannot change."
        raise invalid(None, "Bid strategy cannot change", text, "bid_strategy")


def ad_set(view: View, node: AdSet, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /{ad_set_id}``."""
    given = _read(view, "AdSet", raw)
    _refuse_gone(node, given)
    _refuse_ad_set_changes(node, given)
    draft = copy(node)
    params.apply(draft, given, params.AD_SET)
    if given.keys() & _BUDGETS and not node.campaign.is_cbo:
        _one_kind_of_budget(draft, given)
    if draft.status not in GONE:
        check_ad_set(draft)
    if "targeting" in given and draft.status not in GONE:
        check_automation(draft, view.version, view.now)
        widen_devices(draft, view.version, view.now)
    edited = draft.daily_budget != node.daily_budget or draft.lifetime_budget != node.lifetime_budget
    if edited:
        check_edits(node, view.now)
    if params.is_only_validated(given):
        return {"success": True}
    _note_edits(view, node, draft, given)
    _commit(view, node, draft, given)
    node.updated = view.now
    return _done(view, node, raw)


def _one_kind_of_budget(draft: AdSet, given: dict[str, Any]) -> None:
    if "daily_budget" in given and "lifetime_budget" not in given:
        draft.lifetime_budget = None
    if "lifetime_budget" in given and "daily_budget" not in given:
        draft.daily_budget = None


def _refuse_ad_set_changes(node: AdSet, given: dict[str, Any]) -> None:
    if given.get("attribution_spec", node.attribution_spec) != node.attribution_spec:
        text = "The attribution window cannot change after the ad set was created."
        raise invalid(1504040, "Attribution window cannot change", text, "attribution_spec")
    was_published = any(ad.ledger for ad in node.ads) or node.status == "ACTIVE"
    if was_published and given.get("promoted_object", node.promoted_object) != node.promoted_object:
        text = "The promoted object cannot change once the ad set was published."
        raise invalid(3260011, "Promoted object cannot change", text, "promoted_object")


def _note_edits(view: View, node: AdSet, draft: AdSet, given: dict[str, Any]) -> None:
    """Count a budget change, and start learning afresh when the edit is significant."""
    old, new = node.daily_budget or node.lifetime_budget, draft.daily_budget or draft.lifetime_budget
    if old != new:
        draft.budget_edits = (*recent_edits(node, view.now), view.now)
    changed = any(getattr(node, name) != getattr(draft, name) for name in _LEARNS_AFRESH)
    rested = draft.status == "ACTIVE" and node.paused_at and view.now - node.paused_at >= WINDOW_SECONDS
    if changed or rested or (old != new and is_significant(old, new or 0)):
        draft.last_edit = view.now
    if "status" in given and draft.status != node.status:
        draft.paused_at = view.now if draft.status == "PAUSED" else None


def ad(view: View, node: Ad, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /{ad_id}``. Another creative is reviewed again and starts learning afresh."""
    given = _read(view, "Ad", raw)
    _refuse_gone(node, given)
    draft = copy(node)
    params.apply(draft, given, params.AD)
    check_name(draft.name)
    if given.get("creative") is not None:
        draft.creative = creative_for(view, node.account, given["creative"])
    if draft.creative is not node.creative:
        check_fit(draft)
    if params.is_only_validated(given):
        return {"success": True}
    if draft.creative is not node.creative:
        if draft.creative.id == "0":
            attach_creative(view, draft.creative)
        submit_for_review(view.world, draft)
        node.ad_set.last_edit = view.now
    _commit(view, node, draft, given)
    node.updated = view.now
    return _done(view, node, raw)


def creative(view: View, node: Creative, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /{creative_id}``: name, status and labels only."""
    given = _read(view, "AdCreative", raw)
    if "name" in given:
        check_name(given["name"])
    if "adlabels" in given:
        node.labels = params.labels(view, node.account, given["adlabels"])
    node.name, node.status = given.get("name", node.name), given.get("status", node.status)
    view.world.changes += 1
    return _done(view, node, raw)


def label(view: View, node: Label, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /{label_id}``: another name."""
    given = _read(view, "AdLabel", raw)
    params.require(given, "name")
    node.name, node.updated = given["name"], view.now
    view.world.changes += 1
    return _done(view, node, raw)


def _commit(view: View, node: Any, draft: Any, given: dict[str, Any]) -> None:
    if "adlabels" in given:
        draft.labels = params.labels(view, node.account, given["adlabels"])
    before = {name: getattr(node, name) for name in node.__slots__}
    for name, old in before.items():
        new = getattr(draft, name)
        if new is not old:
            setattr(node, name, new)
    _log_changes(view, node, before)


_EVENTS = {
    ("Campaign", "status"): "update_campaign_run_status",
    ("Campaign", "name"): "update_campaign_name",
    ("Campaign", "daily_budget"): "update_campaign_budget",
    ("Campaign", "lifetime_budget"): "update_campaign_budget",
    ("AdSet", "status"): "update_ad_set_run_status",
    ("AdSet", "name"): "update_ad_set_name",
    ("AdSet", "daily_budget"): "update_ad_set_budget",
    ("AdSet", "lifetime_budget"): "update_ad_set_budget",
    ("AdSet", "targeting"): "update_ad_set_target_spec",
    ("AdSet", "optimization_goal"): "update_ad_set_optimization_goal",
    ("AdSet", "bid_strategy"): "update_ad_set_bid_strategy",
    ("Ad", "status"): "update_ad_run_status",
    ("Ad", "name"): "update_ad_friendly_name",
    ("Ad", "creative"): "update_ad_creative",
}


def _log_changes(view: View, node: Any, before: dict[str, Any]) -> None:
    view.world.changes += 1
    kind = {"Campaign": "CAMPAIGN", "AdSet": "AD_SET"}.get(node.node, "AD")
    for (owner, name), event in _EVENTS.items():
        if owner == node.node and getattr(node, name) != before[name]:
            extra = {"old_value": _plain(before[name]), "new_value": _plain(getattr(node, name))}
            view.world.log(node, event, kind, extra)


def _plain(value: Any) -> Any:
    return value.id if isinstance(value, Creative) else value


def _done(view: View, node: Any, raw: dict[str, Any]) -> dict[str, Any]:
    requested = requested_fields(raw)
    return {"success": True} | (render(node, requested, view) if requested else {})


def delete(view: View, node: Any) -> dict[str, Any]:
    """``DELETE /{id}``: the object remains with the status DELETED, a label is gone."""
    if isinstance(node, Label):
        node.account.labels.pop(node.id, None)
        del view.world.objects[node.id]
        view.world.changes += 1
        return {"success": True}
    if isinstance(node, Campaign | AdSet | Ad):
        _refuse_gone(node, {"status": "DELETED"})
        before = {name: getattr(node, name) for name in node.__slots__}
        node.status, node.updated = "DELETED", view.now
        _log_changes(view, node, before)
        return {"success": True}
    if isinstance(node, CustomConversion):
        node.archived = True
    else:
        node.status = "DELETED"
    view.world.changes += 1
    return {"success": True}


def add_labels(view: View, node: Any, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /{id}/adlabels``: labels are added to those it has."""
    given = params.typed(view, node.node, "adlabels", raw)
    params.require(given, "adlabels")
    found = params.labels(view, node.account, given["adlabels"])
    node.labels = tuple(dict.fromkeys([*node.labels, *found]))
    view.world.changes += 1
    return {"success": True}
