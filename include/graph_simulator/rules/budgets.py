"""Budgets and bids: on one level only, never below the minimum, four changes an hour."""

from __future__ import annotations

from graph_simulator.errors import GraphError, bad_param, invalid
from graph_simulator.state import money
from graph_simulator.state.clock import HOUR
from graph_simulator.state.objects import AdSet, Campaign

NO_CAP = "LOWEST_COST_WITHOUT_CAP"
_KINDS = {"IMPRESSIONS": "imp", "THRUPLAY": "video_views"}
_EDITS_AN_HOUR = 4


def minimum_of(ad_set: AdSet) -> int:
    """The least daily budget of an ad set, minor units: by billing event, or by its bid."""
    least = money.minimum(_KINDS.get(ad_set.billing_event, "high_freq"), ad_set.account.currency)
    if ad_set.bid_amount is None:
        return least
    return max(least, ad_set.bid_amount * (1 if ad_set.billing_event == "IMPRESSIONS" else 5))


def too_low(least: int, currency: str) -> GraphError:
    """100/1885272."""
    text = f"Your ad set budget must be more than {money.person(least, currency)}."
    return invalid(1885272, "Budget is too low", text, "daily_budget")


def check_ad_set_budget(ad_set: AdSet) -> None:
    """Refuse a budget on the wrong level, none at all, or one that is too low.

    Raises:
        GraphError: 100 with 1885621, 1885272, or no subcode when there is no budget.
    """
    if ad_set.campaign.is_cbo:
        if ad_set.daily_budget is not None or ad_set.lifetime_budget is not None:
            text = "You can only set an ad set budget or a campaign budget."
            raise invalid(1885621, "Cannot set budget on both levels", text, "daily_budget")
        return
    if ad_set.daily_budget is None and ad_set.lifetime_budget is None:
        raise bad_param("An ad set needs daily_budget or lifetime_budget", "daily_budget")
    if ad_set.daily_budget is not None and ad_set.lifetime_budget is not None:
        raise bad_param("Only one of daily_budget and lifetime_budget may be set", "lifetime_budget")
    _check_amounts(ad_set)


def _check_amounts(ad_set: AdSet) -> None:
    least, currency = minimum_of(ad_set), ad_set.account.currency
    if ad_set.daily_budget is not None:
        if ad_set.daily_budget < least:
            raise too_low(least, currency)
        if ad_set.end and ad_set.end - (ad_set.start or ad_set.created) < 24 * HOUR:
            raise bad_param("An ad set with a daily budget must run for more than 24 hours", "end_time")
        return
    if not ad_set.end:
        raise bad_param("An ad set with a lifetime budget needs end_time", "end_time")
    days = max(1, -(-(ad_set.end - (ad_set.start or ad_set.created)) // (24 * HOUR)))
    if (ad_set.lifetime_budget or 0) < least * days:
        raise too_low(least * days, currency)


def check_campaign_budget(campaign: Campaign) -> None:
    """Refuse a campaign budget that is too low, also for the number of active ad sets.

    Raises:
        GraphError: 100 with 1885272, or 2238055 when there are too many ad sets for it.
    """
    if campaign.daily_budget is None:
        return
    least, currency = money.minimum("imp", campaign.account.currency), campaign.account.currency
    if campaign.daily_budget < least:
        raise too_low(least, currency)
    needed = _needed(campaign)
    if campaign.daily_budget < needed:
        text = f"The campaign budget must be at least {money.person(needed, currency)}."
        raise invalid(2238055, "Campaign budget is too low", text, "daily_budget")


def _needed(campaign: Campaign, *, with_one: AdSet | None = None) -> int:
    active = [
        item for item in campaign.ad_sets if item.status == "ACTIVE" and item.id != getattr(with_one, "id", 0)
    ]
    return sum(minimum_of(item) for item in [*active, *([with_one] if with_one else [])])


def check_room(ad_set: AdSet) -> None:
    """Refuse one more active ad set when the campaign's budget cannot feed them all.

    Raises:
        GraphError: 100 with 2446149.
    """
    campaign = ad_set.campaign
    if ad_set.status != "ACTIVE" or campaign.daily_budget is None:
        return
    needed = _needed(campaign, with_one=ad_set)
    if campaign.daily_budget < needed:
        text = f"Your campaign needs a budget of at least {money.person(needed, campaign.account.currency)}."
        raise invalid(2446149, "Campaign budget is too low for its ad sets", text, "daily_budget")


def check_bid(ad_set: AdSet) -> None:
    """Refuse a missing strategy, a cap without its amount, an amount without a cap.

    Raises:
        GraphError: 100 with 2490487 or 1815857.
    """
    strategy = ad_set.campaign.bid_strategy if ad_set.campaign.is_cbo else ad_set.bid_strategy
    if strategy is None:
        text = "Set bid_strategy on the level that has the budget."
        raise invalid(2490487, "Bid strategy required", text, "bid_strategy")
    if strategy != NO_CAP and ad_set.bid_amount is None and strategy != "LOWEST_COST_WITH_MIN_ROAS":
        text = f"The bid strategy {strategy} needs bid_amount."
        raise invalid(1815857, "Bid amount required", text, "bid_amount")
    if strategy == NO_CAP and ad_set.bid_amount is not None:
        raise bad_param(f"bid_amount must not be set with {NO_CAP}", "bid_amount")


def check_edits(ad_set: AdSet, now: int) -> None:
    """Refuse a fifth change of an ad set's budget within an hour; the block lasts an hour.

    Raises:
        GraphError: 613 with 1487632.
    """
    if len(recent_edits(ad_set, now)) >= _EDITS_AN_HOUR:
        raise GraphError(
            "(#613) Calls to this api have exceeded the rate limit.",
            code=613,
            subcode=1487632,
            title="Too many budget changes",
            text="You can only change your ad set budget 4 times per hour. Please wait before you try again.",
            transient=False,
        )


def recent_edits(ad_set: AdSet, now: int) -> tuple[int, ...]:
    """The budget changes of the last hour."""
    return tuple(at for at in ad_set.budget_edits if at > now - HOUR)
