"""Creating campaigns, ad sets, creatives, ads: draft, check, and only then insert."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_simulator.answers.render import check_fields, render, requested_fields
from graph_simulator.answers.view import View
from graph_simulator.delivery import costs, market
from graph_simulator.delivery.review import review
from graph_simulator.errors import GraphError, bad_param, unknown_object
from graph_simulator.rules.ad_sets import check_new_ad_set
from graph_simulator.rules.campaigns import check_new_campaign
from graph_simulator.rules.creatives import MOST_ADS, check_creative, check_new_ad
from graph_simulator.rules.devices import check_automation, widen_devices
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign, Creative, Rates
from graph_simulator.state.world import World
from graph_simulator.writes import params

DRAFT = "0"
_NO_RATES = Rates(1.0, 0.0, 0.0)
_BID_CAP = "LOWEST_COST_WITH_BID_CAP"


def campaign(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X/campaigns``."""
    given = params.typed(view, "AdAccount", "campaigns", raw)
    params.require(given, "name", "objective", "special_ad_categories")
    draft = Campaign(DRAFT, account, "", "", view.now, view.now, status="ACTIVE")
    params.apply(draft, given, params.CAMPAIGN)
    if draft.is_cbo and draft.bid_strategy is None:
        draft.bid_strategy = _BID_CAP  # what Meta was seen to choose; every ad set then needs a bid
    check_new_campaign(draft)
    return finish(view, draft, given, raw, attach_campaign)


def attach_campaign(view: View, draft: Campaign) -> None:
    """Insert a checked campaign."""
    draft.id = view.world.ids.object_id()
    draft.account.campaigns.append(draft)
    view.world.add(draft)
    view.world.log(draft, "create_campaign_group", "CAMPAIGN", {"new_value": draft.status})


def ad_set(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X/adsets``."""
    given = params.typed(view, "AdAccount", "adsets", raw)
    params.require(given, "name", "campaign_id", "optimization_goal", "billing_event", "targeting")
    parent = view.world.objects.get(given["campaign_id"])
    if not isinstance(parent, Campaign) or parent.account is not account:
        raise bad_param(f"Param campaign_id: there is no campaign {given['campaign_id']}", "campaign_id")
    draft = AdSet(DRAFT, parent, "", "", "", {}, view.now, view.now, _NO_RATES, status="ACTIVE")
    params.apply(draft, given, params.AD_SET)
    check_new_ad_set(draft)
    check_automation(draft, view.version, view.now)
    widen_devices(draft, view.version, view.now)
    return finish(view, draft, given, raw, attach_ad_set)


def attach_ad_set(view: View, draft: AdSet) -> None:
    """Insert a checked ad set; it draws its true rates, a copy near its source's when copies differ."""
    draft.id = view.world.ids.object_id()
    draft.last_edit = view.now
    key = (view.world.setup.seed, int(draft.id))
    if draft.rates is _NO_RATES:
        draft.rates = market.draw(draft.account.market, draft.optimization_goal, *key)
    elif view.world.laws.twins:
        draft.rates = costs.twin(draft.rates, *key)
    draft.campaign.ad_sets.append(draft)
    view.world.add(draft)
    view.world.log(draft, "create_ad_set", "AD_SET", {"new_value": draft.status})


def creative(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X/adcreatives``."""
    given = params.typed(view, "AdAccount", "adcreatives", raw)
    draft = draft_creative(account, given)
    check_creative(draft)
    return finish(view, draft, given, raw, attach_creative)


def draft_creative(account: Account, given: dict[str, Any]) -> Creative:
    """A creative that is not yet."""
    stored = {
        key: value for key, value in given.items() if key not in {"name", "adlabels", "execution_options"}
    }
    return Creative(DRAFT, account, str(given.get("name", "")), stored)


def attach_creative(view: View, draft: Creative) -> None:
    """Insert a checked creative."""
    draft.id = view.world.ids.object_id()
    draft.name = draft.name or f"Creative {draft.id}"
    draft.account.creatives.append(draft)
    view.world.add(draft)
    view.world.changes += 1


def ad(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X/ads``; the creative is named by ``creative_id`` or given whole."""
    given = params.typed(view, "AdAccount", "ads", raw)
    params.require(given, "name")
    for name in ("adset_id", "creative"):
        if given.get(name) is None:
            raise GraphError(f"(#194) Missing at least one required parameter: {name}", code=194)
    parent = view.world.objects.get(str(given["adset_id"]))
    if not isinstance(parent, AdSet) or parent.account is not account:
        raise bad_param(f"Param adset_id: there is no ad set {given['adset_id']}", "adset_id")
    shown = creative_for(view, account, given["creative"])
    draft = Ad(DRAFT, parent, "", shown, view.now, view.now, view.now, status="ACTIVE")
    params.apply(draft, given, params.AD)
    live = sum(len(each.ads) for one in account.campaigns for each in one.ad_sets)
    if live >= MOST_ADS:
        raise bad_param(f"An ad account may have at most {MOST_ADS} ads")
    check_new_ad(draft)
    return finish(view, draft, given, raw, attach_ad)


def creative_for(view: View, account: Account, wanted: Any) -> Creative:
    """The creative that an ad names, or a draft of the one it gives whole.

    Raises:
        GraphError: 100 when there is no such creative.
    """
    if not isinstance(wanted, dict):
        raise bad_param("Param creative must be a JSON-encoded object.", "creative")
    number = wanted.get("creative_id") or wanted.get("id")
    if number is None:
        draft = draft_creative(account, wanted)
        check_creative(draft)
        return draft
    found = view.world.objects.get(str(number))
    if not isinstance(found, Creative) or found.account is not account:
        raise bad_param(f"Param creative[creative_id]: there is no creative {number}", "creative")
    return found


def attach_ad(view: View, draft: Ad) -> None:
    """Insert a checked ad: it enters review, and its ad set learns afresh."""
    if draft.creative.id == DRAFT:
        attach_creative(view, draft.creative)
    draft.id = view.world.ids.object_id()
    submit_for_review(view.world, draft)
    draft.ad_set.last_edit = view.now
    draft.ad_set.ads.append(draft)
    view.world.add(draft)
    view.world.log(draft, "create_ad", "AD", {"new_value": draft.status})


def submit_for_review(world: World, ad: Ad) -> None:
    """Send a new ad, or one with another creative, to review."""
    drawn = review(world.setup, ad.id, world.now())
    ad.processed_at, ad.reviewed_at = drawn.processed_at, drawn.reviewed_at
    ad.disapproved, ad.rejected_at, ad.preapproved = drawn.is_rejected, drawn.rejected_at, False


def finish(
    view: View, draft: Any, given: dict[str, Any], raw: dict[str, Any], attach: Callable[[View, Any], None]
) -> dict[str, Any]:
    """The answer of a create: ``{"id": …}``, with the requested ``fields`` besides.

    With ``validate_only`` nothing comes to be and the answer is ``{"success": true}``.
    """
    requested = requested_fields(raw)
    check_fields(draft.node, requested)
    if params.is_only_validated(given):
        return {"success": True}
    if "adlabels" in given:
        draft.labels = params.labels(view, draft.account, given["adlabels"])
    attach(view, draft)
    return render(draft, requested, view)


def label(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X/adlabels``."""
    given = params.typed(view, "AdAccount", "adlabels", raw)
    params.require(given, "name")
    return {"id": params.label_named(view, account, given["name"]).id}


def find_same_account(view: View, account: Account, number: Any, kind: type[Any]) -> Any:
    """The object of this id and kind in the same account.

    Raises:
        GraphError: 100/33.
    """
    found = view.world.objects.get(str(number))
    if not isinstance(found, kind) or found.account is not account:
        raise unknown_object(str(number), "post")
    return found
