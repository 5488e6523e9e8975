"""Loading accounts that already have a past: structure, true rates, delivered history."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from graph_simulator.delivery import market
from graph_simulator.delivery.ledger import AdLedger
from graph_simulator.rules.budgets import NO_CAP
from graph_simulator.seed_form import (
    AccountForm,
    AdForm,
    AdSetForm,
    CampaignForm,
    HistoryForm,
    MarketForm,
    RatesForm,
)
from graph_simulator.seed_history import book, from_rows, suggested
from graph_simulator.snapshot import account_row
from graph_simulator.state.assets import CustomAudience, CustomConversion, Image, LeadForm
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign, Creative, Rates
from graph_simulator.state.world import World
from graph_simulator.writes.create import submit_for_review

_LINK = "https://example.com"
_TRAFFIC_EVENT = {"custom_event_type": "PURCHASE"}
_DESTINATIONS = {
    "OFFSITE_CONVERSIONS": "WEBSITE",
    "THRUPLAY": "ON_VIDEO",
    "VISIT_INSTAGRAM_PROFILE": "INSTAGRAM_PROFILE",
    "LEAD_GENERATION": "ON_AD",
}
_BROAD = {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}


def load(world: World, form: AccountForm) -> dict[str, Any]:
    """Load one account; the ids of everything in it, in the order of the form."""
    account = _account(world, form)
    for image_hash in form.images:
        _image(world, account, image_hash)
    for name in form.lead_forms:
        _keep(world, account.lead_forms, LeadForm(world.ids.object_id(), account, name, world.now()))
    audiences = [
        _keep(world, account.audiences, CustomAudience(world.ids.object_id(), account, name, world.now()))
        for name in form.custom_audiences
    ]
    conversions = [_conversion(world, account, name) for name in form.custom_conversions]
    campaigns = [*form.campaigns, *from_rows(form.rows, form.row_defaults, account.currency)]
    made = [_campaign(world, account, each) for each in campaigns]
    account.active_ads = None
    world.changes += 1
    return account_row(account) | {
        "custom_conversion_ids": conversions,
        "custom_audience_ids": audiences,
        "lead_form_ids": [each.id for each in account.lead_forms],
        "campaigns": made,
    }


def _keep(world: World, place: list[Any], node: Any) -> str:
    """Insert an asset; its id."""
    place.append(node)
    world.add(node)
    return str(node.id)


def _account(world: World, form: AccountForm) -> Account:
    given = form.model_dump(exclude_none=True, include=_OPENING)
    account = world.objects.get(form.ad_account_id or "")
    if not isinstance(account, Account):
        number = {"number": form.ad_account_id[4:]} if form.ad_account_id else {}
        account = world.open_account(given | number)
    elif given:
        world.reopen_account(account, given)
    world.record_outcome(account)
    for name in ("account_status", "has_payment", "dsa_beneficiary", "dsa_payor"):
        if getattr(form, name) is not None:
            setattr(account, name, getattr(form, name))
    if form.spend_cap_minor is not None:
        account.spend_cap = form.spend_cap_minor
    if form.dead is not None:
        world.users[account.token].dead = form.dead
    if form.market is not None:
        account.market = _market(account, form.market)
    return account


_OPENING = {
    "name",
    "currency",
    "timezone",
    "access_token",
    "page_id",
    "pixel_id",
    "instagram_user_id",
    "video_id",
}


def _market(account: Account, form: MarketForm) -> Any:
    given = form.model_dump(exclude_none=True, exclude={"cost_per_result_minor"})
    changed = replace(account.market, **given)
    if form.cost_per_result_minor is None:
        return changed
    per_click = changed.cpm_minor / (1000 * changed.click_rate * form.cost_per_result_minor)
    return replace(changed, results_per_click=per_click)


def _image(world: World, account: Account, image_hash: str) -> None:
    image = Image(f"{account.number}:{image_hash}", account, "image.png", image_hash, 1080, 1080, world.now())
    account.images[image_hash] = image
    world.add(image)


def _conversion(world: World, account: Account, name: str) -> str:
    number = world.ids.object_id()
    made = CustomConversion(number, account, name, account.pixel_id, "OTHER", "{}", world.now())
    account.conversions.append(made)
    world.add(made)
    return number


def _created(world: World, form: CampaignForm | AdSetForm | AdForm, default: int) -> int:
    if form.created is not None:
        return int(form.created.timestamp())
    return default if form.hours_ago is None else world.now() - int(form.hours_ago * 3600)


def _end(form: CampaignForm | AdSetForm) -> int | None:
    return int(form.end.timestamp()) if form.end else None


def _campaign(world: World, account: Account, form: CampaignForm) -> dict[str, Any]:
    created = _created(world, form, world.now())
    is_cbo = bool(form.daily_budget_minor or form.lifetime_budget_minor)
    made = Campaign(
        form.id or world.ids.object_id(),
        account,
        form.name,
        form.objective,
        created,
        created,
        form.status,
        daily_budget=form.daily_budget_minor,
        lifetime_budget=form.lifetime_budget_minor,
        stop=_end(form),
        bid_strategy=NO_CAP if is_cbo else None,
        budget_sharing=None if is_cbo else False,
    )
    account.campaigns.append(made)
    world.add(made)
    return {
        "id": made.id,
        "name": made.name,
        "ad_sets": [_ad_set(world, made, each) for each in form.ad_sets],
    }


def _ad_set(world: World, campaign: Campaign, form: AdSetForm) -> dict[str, Any]:
    made = _made_ad_set(world, campaign, form)
    campaign.ad_sets.append(made)
    world.add(made)
    # Not checked again: its name would be copied, and there are as many as ad sets.
    ads = form.ads or [AdForm.model_construct(name=form.name)]
    rows = [[*(form.history if index == 0 else []), *each.history] for index, each in enumerate(ads)]
    shown = [_ad(world, made, each, history) for each, history in zip(ads, rows, strict=True)]
    return {"id": made.id, "name": made.name, "ads": shown}


def _made_ad_set(world: World, campaign: Campaign, form: AdSetForm) -> AdSet:
    account, created = campaign.account, _created(world, form, campaign.created)
    number = form.id or world.ids.object_id()
    return AdSet(
        number,
        campaign,
        form.name,
        form.optimization_goal,
        form.billing_event,
        form.targeting or _BROAD,
        created,
        created,
        _rates(account, form, number, world.setup.seed),
        form.status,
        daily_budget=form.daily_budget_minor,
        lifetime_budget=form.lifetime_budget_minor,
        end=_end(form),
        bid_strategy=None if campaign.is_cbo else NO_CAP,
        promoted_object=form.promoted_object or _promoted(account, form.optimization_goal),
        destination_type=form.destination_type or _DESTINATIONS.get(form.optimization_goal),
        source_id=form.source_adset_id,
        last_edit=created,
    )


def _promoted(account: Account, goal: str) -> dict[str, Any] | None:
    if goal == "OFFSITE_CONVERSIONS":
        return {"pixel_id": account.pixel_id, **_TRAFFIC_EVENT}
    if goal in {"LEAD_GENERATION", "VISIT_INSTAGRAM_PROFILE", "PROFILE_VISIT", "QUALITY_LEAD"}:
        return {"page_id": account.page_id}
    return None


def _rates(account: Account, form: AdSetForm, number: str, seed: int) -> Rates:
    """The true rates: as given, else as the history suggests, else drawn from the market."""
    drawn = market.draw(account.market, form.optimization_goal, seed, int(number))
    past = [*form.history, *(row for ad in form.ads for row in ad.history)]
    likely = suggested(past, drawn)
    given = form.rates or RatesForm()
    cost = given.cost_per_result_minor
    return Rates(
        given.cpm_minor or likely.cpm_minor,
        given.click_rate or likely.click_rate,
        1 / cost if cost else likely.results_per_minor,
    )


def _ad(world: World, ad_set: AdSet, form: AdForm, history: Sequence[HistoryForm]) -> dict[str, Any]:
    created = _created(world, form, ad_set.created)
    creative = _creative(world, ad_set.account, form, ad_set.optimization_goal)
    made = Ad(
        form.id or world.ids.object_id(), ad_set, form.name, creative, created, created, created, form.status
    )
    if form.review == "PENDING":
        submit_for_review(world, made)
    made.disapproved = form.review == "DISAPPROVED"
    if history:
        made.ledger = AdLedger()
        for row in history:
            book(made.ledger, row, world.now(), ad_set.account.timezone)
    ad_set.ads.append(made)
    world.add(made)
    return {"id": made.id, "name": made.name, "creative_id": creative.id}


def _creative(world: World, account: Account, form: AdForm, goal: str) -> Creative:
    if form.creative_id is not None:
        found = world.objects.get(form.creative_id)
        if isinstance(found, Creative):
            return found
    spec = (
        {"object_story_spec": form.object_story_spec} if form.object_story_spec else _fitting(account, goal)
    )
    name = sys.intern(f"{form.name} creative")  # thousands of accounts use the same few
    made = Creative(form.creative_id or world.ids.object_id(), account, name, spec)
    account.creatives.append(made)
    world.add(made)
    return made


def _fitting(account: Account, goal: str) -> dict[str, Any]:
    """What an account's creatives show for a goal when nothing is said."""
    image_hash = next(iter(account.images), None)
    speakers = (account.page_id, account.instagram_user_id)
    if goal == "THRUPLAY":
        return _spec(speakers, image_hash, account.video_id, None)
    is_for_leads = goal in {"LEAD_GENERATION", "QUALITY_LEAD"}
    return _spec(speakers, image_hash, None, account.lead_forms[0].id if is_for_leads else None)


@lru_cache(maxsize=64)
def _spec(
    speakers: tuple[str, str], image_hash: str | None, video_id: str | None, form_id: str | None
) -> dict[str, Any]:
    """One object for all that are alike, for a creative is never changed."""
    value = {"link": _LINK} | ({"lead_gen_form_id": form_id} if form_id else {})
    button = {"type": "SIGN_UP" if form_id else "LEARN_MORE", "value": value}
    shown = {"image_hash": image_hash, "call_to_action": button}
    part = (
        {"video_data": {"video_id": video_id, **shown}}
        if video_id
        else {"link_data": {"link": _LINK, **shown}}
    )
    page_id, instagram_user_id = speakers
    return {"object_story_spec": {"page_id": page_id, "instagram_user_id": instagram_user_id, **part}}
