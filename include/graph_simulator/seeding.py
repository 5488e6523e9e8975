"""Loading accounts that already have a past: structure, true rates, delivered history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from graph_simulator.delivery import market
from graph_simulator.delivery.ledger import AdLedger
from graph_simulator.delivery.outcomes import Cell
from graph_simulator.delivery.shares import divide
from graph_simulator.rules.budgets import NO_CAP
from graph_simulator.seed_form import (
    AccountForm,
    AdForm,
    AdSetForm,
    CampaignForm,
    HistoryForm,
    MarketForm,
    RatesForm,
    RowDefaultsForm,
    RowForm,
)
from graph_simulator.snapshot import account_row
from graph_simulator.state import money
from graph_simulator.state.clock import day_of
from graph_simulator.state.objects import (
    Account,
    Ad,
    AdSet,
    Campaign,
    Creative,
    CustomConversion,
    Image,
    Rates,
)
from graph_simulator.state.world import World

_TRAFFIC_EVENT = {"custom_event_type": "PURCHASE"}
_DESTINATIONS = {
    "OFFSITE_CONVERSIONS": "WEBSITE",
    "THRUPLAY": "ON_VIDEO",
    "VISIT_INSTAGRAM_PROFILE": "INSTAGRAM_PROFILE",
    "LEAD_GENERATION": "ON_AD",
}
_BROAD = {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}
_PRIOR_RESULTS = 1.0  # how many results' worth of belief in the market a loaded history starts against


def load(world: World, form: AccountForm) -> dict[str, Any]:
    """Load one account; the ids of everything in it, in the order of the form."""
    account = _account(world, form)
    for image_hash in form.images:
        _image(world, account, image_hash)
    conversions = [_conversion(world, account, name) for name in form.custom_conversions]
    campaigns = [*form.campaigns, *from_rows(form.rows, form.row_defaults, account.currency)]
    made = [_campaign(world, account, each) for each in campaigns]
    account.active_ads = None
    world.changes += 1
    return account_row(account) | {"custom_conversion_ids": conversions, "campaigns": made}


def _account(world: World, form: AccountForm) -> Account:
    given = form.model_dump(exclude_none=True, include=_OPENING)
    account = world.objects.get(form.ad_account_id or "")
    if not isinstance(account, Account):
        number = {"number": form.ad_account_id[4:]} if form.ad_account_id else {}
        account = world.open_account(given | number)
    elif given:
        world.reopen_account(account, given)
    world.settle(account)
    for name in ("account_status", "dsa_beneficiary", "dsa_payor"):
        if getattr(form, name) is not None:
            setattr(account, name, getattr(form, name))
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


def _campaign(world: World, account: Account, form: CampaignForm) -> dict[str, Any]:
    created = _created(world, form, world.now())
    made = Campaign(
        form.id or world.ids.object_id(),
        account,
        form.name,
        form.objective,
        created,
        created,
        form.status,
        daily_budget=form.daily_budget_minor,
        bid_strategy=NO_CAP if form.daily_budget_minor else None,
        budget_sharing=None if form.daily_budget_minor else False,
    )
    account.campaigns.append(made)
    world.add(made)
    return {
        "id": made.id,
        "name": made.name,
        "ad_sets": [_ad_set(world, made, each) for each in form.ad_sets],
    }


def _ad_set(world: World, campaign: Campaign, form: AdSetForm) -> dict[str, Any]:
    account, created = campaign.account, _created(world, form, campaign.created)
    number = form.id or world.ids.object_id()
    made = AdSet(
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
        bid_strategy=None if campaign.is_cbo else NO_CAP,
        promoted_object=form.promoted_object or _promoted(account, form.optimization_goal),
        destination_type=form.destination_type or _DESTINATIONS.get(form.optimization_goal),
        source_id=form.source_adset_id,
        last_edit=created,
    )
    campaign.ad_sets.append(made)
    world.add(made)
    ads = form.ads or [AdForm(name=form.name, status="ACTIVE")]
    rows = [[*(form.history if index == 0 else []), *each.history] for index, each in enumerate(ads)]
    shown = [_ad(world, made, each, history) for each, history in zip(ads, rows, strict=True)]
    return {"id": made.id, "name": made.name, "ads": shown}


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
    likely = _suggested(past, drawn)
    given = form.rates or RatesForm()
    cost = given.cost_per_result_minor
    return Rates(
        given.cpm_minor or likely.cpm_minor,
        given.click_rate or likely.click_rate,
        1 / cost if cost else likely.results_per_minor,
    )


def _suggested(past: Sequence[HistoryForm], drawn: Rates) -> Rates:
    """What a history says about the truth, the market being worth one result of evidence."""
    spend = sum(row.spend_minor for row in past)
    impressions, clicks = sum(row.impressions for row in past), sum(row.clicks for row in past)
    results = sum(row.conversions for row in past)
    if not (spend and impressions):
        return drawn
    prior_spend = _PRIOR_RESULTS / drawn.results_per_minor if drawn.results_per_minor else 0
    per_minor = (results + _PRIOR_RESULTS) / (spend + prior_spend) if prior_spend else results / spend
    click_rate = (clicks + 1) / (impressions + 1 / drawn.click_rate)
    return Rates(spend / impressions * 1000, click_rate, per_minor)


def _ad(world: World, ad_set: AdSet, form: AdForm, history: Sequence[HistoryForm]) -> dict[str, Any]:
    created = _created(world, form, ad_set.created)
    creative = _creative(world, ad_set.account, form)
    made = Ad(
        form.id or world.ids.object_id(), ad_set, form.name, creative, created, created, created, form.status
    )
    if history:
        made.ledger = AdLedger()
        for row in history:
            _book(made.ledger, row, world.now(), ad_set.account.timezone)
    ad_set.ads.append(made)
    world.add(made)
    return {"id": made.id, "name": made.name, "creative_id": creative.id}


def _creative(world: World, account: Account, form: AdForm) -> Creative:
    if form.creative_id is not None:
        found = world.objects.get(form.creative_id)
        if isinstance(found, Creative):
            return found
    link = {"link": "https://example.com", "image_hash": next(iter(account.images))}
    story = form.object_story_spec or {
        "page_id": account.page_id,
        "instagram_user_id": account.instagram_user_id,
        "link_data": link,
    }
    number = form.creative_id or world.ids.object_id()
    made = Creative(number, account, f"{form.name} creative", {"object_story_spec": story})
    account.creatives.append(made)
    world.add(made)
    return made


def _book(ledger: AdLedger, row: HistoryForm, now: int, timezone: str) -> None:
    """Book one history row on its day, or evenly on the days up to yesterday."""
    today = day_of(now, timezone)
    if row.days is None:
        day = row.date.toordinal() if row.date else today - (row.days_ago or 0)
        _add(ledger, day, _cell(row))
        return
    parts = [divide(value, [1.0] * row.days) for value in _figures(row)]
    for index, figures in enumerate(zip(*parts, strict=True)):
        _add(ledger, today - row.days + index, Cell(*figures))


def _figures(row: HistoryForm) -> tuple[int, int, int, int, int]:
    links = row.link_clicks if row.link_clicks is not None else row.clicks * 72 // 100
    return row.spend_minor, row.impressions, row.clicks, links, row.conversions


def _cell(row: HistoryForm) -> Cell:
    return Cell(*_figures(row))


def _add(ledger: AdLedger, day: int, cell: Cell) -> None:
    before = ledger.booked.get(day)
    ledger.booked[day] = cell if before is None else before.plus(cell)


def from_rows(rows: Sequence[RowForm], defaults: RowDefaultsForm, currency: str) -> list[CampaignForm]:
    """The campaigns and ad sets of an export, in the order in which they first appear."""
    tree: dict[str, dict[str, list[AdForm]]] = {}
    for number, row in enumerate(rows, start=1):
        history = HistoryForm(
            days=defaults.days,
            spend_minor=money.minor(row.spend, currency),
            impressions=row.impressions,
            clicks=row.clicks,
            conversions=row.conversions,
        )
        ad = AdForm(name=row.ad or f"Ad {number}", history=[history])
        tree.setdefault(row.campaign, {}).setdefault(row.ad_set, []).append(ad)
    return [_from_tree(name, ad_sets, defaults) for name, ad_sets in tree.items()]


def _from_tree(name: str, ad_sets: dict[str, list[AdForm]], defaults: RowDefaultsForm) -> CampaignForm:
    age = defaults.days * 24.0
    forms = [
        AdSetForm(
            name=each,
            hours_ago=age,
            status=defaults.status,
            optimization_goal=defaults.optimization_goal,
            promoted_object=defaults.promoted_object,
            daily_budget_minor=defaults.daily_budget_minor or _usual_budget(ads),
            ads=ads,
        )
        for each, ads in ad_sets.items()
    ]
    return CampaignForm(
        name=name, hours_ago=age, objective=defaults.objective, status=defaults.status, ad_sets=forms
    )


def _usual_budget(ads: Sequence[AdForm]) -> int:
    """What the ad set spent a day, as its budget; at least a hundred minor units."""
    spend = sum(row.spend_minor for ad in ads for row in ad.history)
    days = max(row.days or 1 for ad in ads for row in ad.history)
    return max(100, -(-spend // days))
