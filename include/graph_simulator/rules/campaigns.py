"""What a campaign must be."""

from __future__ import annotations

from graph_simulator.errors import bad_param, invalid
from graph_simulator.rules.budgets import check_campaign_budget
from graph_simulator.rules.goals import ODAX
from graph_simulator.state import money
from graph_simulator.state.objects import Campaign

MOST_CAMPAIGNS = 5000
NO_SPEND_CAP = 922_337_203_685_478
_CATEGORIES = (
    "HOUSING",
    "EMPLOYMENT",
    "FINANCIAL_PRODUCTS_SERVICES",
    "ISSUES_ELECTIONS_POLITICS",
    "ONLINE_GAMBLING_AND_GAMING",
)
_LONGEST_NAME = 400


def check_name(name: str) -> None:
    """Refuse an empty or too long name.

    Raises:
        GraphError: 100.
    """
    if not name.strip():
        raise bad_param("Param name must be non-empty", "name")
    if len(name) > _LONGEST_NAME:
        raise bad_param(f"Param name must be no longer than {_LONGEST_NAME} characters", "name")


def check_new_campaign(campaign: Campaign) -> None:
    """Refuse a campaign that may not be created.

    Raises:
        GraphError: 100, for budget sharing with 4834011, 4834002 or 4834005, for a bid 1885737.
    """
    if campaign.objective not in ODAX:
        raise bad_param(f"Param objective must be one of {{{', '.join(ODAX)}}}", "objective")
    check_new_status(campaign.status)
    live = sum(1 for each in campaign.account.campaigns if each.status != "DELETED")
    if live >= MOST_CAMPAIGNS:
        raise bad_param(f"An ad account may have at most {MOST_CAMPAIGNS} campaigns")
    check_campaign(campaign)


def check_new_status(status: str) -> None:
    """Refuse to create anything archived or deleted.

    Raises:
        GraphError: 100.
    """
    if status not in {"ACTIVE", "PAUSED"}:
        raise bad_param("Param status must be one of {ACTIVE, PAUSED}", "status")


def check_campaign(campaign: Campaign) -> None:
    """Refuse what no campaign may be, new or changed.

    Raises:
        GraphError: 100.
    """
    check_name(campaign.name)
    _check_categories(campaign)
    _check_sharing(campaign)
    if campaign.daily_budget is not None and campaign.lifetime_budget is not None:
        raise bad_param("Only one of daily_budget and lifetime_budget may be set", "lifetime_budget")
    if campaign.lifetime_budget is not None and campaign.stop is None:
        raise bad_param("A lifetime budget needs stop_time", "stop_time")
    check_campaign_budget(campaign)
    _check_cap(campaign)


def _check_categories(campaign: Campaign) -> None:
    special = [each for each in campaign.special_ad_categories if each != "NONE"]
    for each in special:
        if each not in _CATEGORIES:
            raise bad_param(
                f"Param special_ad_categories must be one of {{NONE, {', '.join(_CATEGORIES)}}}",
                "special_ad_categories",
            )
    if special and not campaign.special_ad_category_country:
        raise bad_param(
            "The parameter special_ad_category_country is required.", "special_ad_category_country"
        )


def _check_sharing(campaign: Campaign) -> None:
    shares = campaign.budget_sharing
    if campaign.is_cbo:
        if shares:
            text = "Ad set budget sharing is only for campaigns without a campaign budget."
            raise invalid(4834002, "Budget sharing not available", text, "is_adset_budget_sharing_enabled")
        return
    if shares is None:
        text = (
            "You must specify True or False in is_adset_budget_sharing_enabled field if you are not using "
            "campaign budget. If True, ad sets may share up to 20% of their budget."
        )
        raise invalid(4834011, "Must specify True or False", text, "is_adset_budget_sharing_enabled")
    if shares and campaign.bid_strategy is None:
        text = "Ad set budget sharing needs a bid strategy on the campaign."
        raise invalid(4834005, "Bid strategy required", text, "bid_strategy")
    if not shares and campaign.bid_strategy is not None:
        text = "A bid strategy belongs to the level that has the budget, and this campaign has none."
        raise invalid(1885737, "Campaign without budget", text, "bid_strategy")


def _check_cap(campaign: Campaign) -> None:
    least = round(money.from_cents(10000, campaign.account.currency))
    if campaign.spend_cap is not None and campaign.spend_cap < least:
        text = f"The spending limit must be at least {money.person(least, campaign.account.currency)}."
        raise invalid(2446307, "Spending limit is too low", text, "spend_cap")
