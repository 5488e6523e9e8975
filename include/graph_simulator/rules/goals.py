"""Which goal goes with which objective, billing event, destination and promoted object."""

from __future__ import annotations

from typing import Any

from graph_simulator import spec
from graph_simulator.errors import GraphError, invalid
from graph_simulator.state.objects import Account, AdSet

ODAX = (
    "OUTCOME_APP_PROMOTION",
    "OUTCOME_AWARENESS",
    "OUTCOME_ENGAGEMENT",
    "OUTCOME_LEADS",
    "OUTCOME_SALES",
    "OUTCOME_TRAFFIC",
)
GOALS: dict[str, tuple[str, ...]] = {
    "OUTCOME_AWARENESS": ("REACH", "IMPRESSIONS", "AD_RECALL_LIFT", "THRUPLAY"),
    "OUTCOME_TRAFFIC": (
        "LINK_CLICKS",
        "LANDING_PAGE_VIEWS",
        "OFFSITE_CONVERSIONS",
        "IMPRESSIONS",
        "POST_ENGAGEMENT",
        "REACH",
        "CONVERSATIONS",
        "THRUPLAY",
        "VISIT_INSTAGRAM_PROFILE",
        "PROFILE_VISIT",
        "QUALITY_CALL",
        "REMINDERS_SET",
    ),
    "OUTCOME_ENGAGEMENT": (
        "THRUPLAY",
        "POST_ENGAGEMENT",
        "EVENT_RESPONSES",
        "PAGE_LIKES",
        "IMPRESSIONS",
        "REACH",
        "LINK_CLICKS",
        "CONVERSATIONS",
        "OFFSITE_CONVERSIONS",
        "LANDING_PAGE_VIEWS",
        "QUALITY_CALL",
    ),
    "OUTCOME_LEADS": (
        "OFFSITE_CONVERSIONS",
        "LEAD_GENERATION",
        "QUALITY_LEAD",
        "LANDING_PAGE_VIEWS",
        "LINK_CLICKS",
        "IMPRESSIONS",
        "REACH",
        "VALUE",
        "CONVERSATIONS",
        "QUALITY_CALL",
    ),
    "OUTCOME_SALES": (
        "OFFSITE_CONVERSIONS",
        "VALUE",
        "LANDING_PAGE_VIEWS",
        "IMPRESSIONS",
        "POST_ENGAGEMENT",
        "REACH",
        "LINK_CLICKS",
        "CONVERSATIONS",
    ),
    "OUTCOME_APP_PROMOTION": (
        "APP_INSTALLS",
        "OFFSITE_CONVERSIONS",
        "VALUE",
        "LINK_CLICKS",
        "APP_INSTALLS_AND_OFFSITE_CONVERSIONS",
    ),
}
_BILLING = {"LINK_CLICKS": ("IMPRESSIONS", "LINK_CLICKS"), "THRUPLAY": ("IMPRESSIONS", "THRUPLAY")}
_DESTINATIONS: dict[str, tuple[str, ...]] = {
    "OFFSITE_CONVERSIONS": (
        "WEBSITE",
        "APP",
        "MESSENGER",
        "WHATSAPP",
        "SHOP_AUTOMATIC",
        "APPLINKS_AUTOMATIC",
    ),
    "THRUPLAY": ("ON_VIDEO", "ON_POST", "FACEBOOK_PAGE"),
    "VISIT_INSTAGRAM_PROFILE": ("INSTAGRAM_PROFILE", "INSTAGRAM_PROFILE_AND_FACEBOOK_PAGE"),
    "PROFILE_VISIT": ("INSTAGRAM_PROFILE", "INSTAGRAM_PROFILE_AND_FACEBOOK_PAGE"),
    "LEAD_GENERATION": ("ON_AD", "MESSENGER", "INSTAGRAM_DIRECT", "WHATSAPP"),
    "QUALITY_LEAD": ("ON_AD",),
    "LANDING_PAGE_VIEWS": ("WEBSITE",),
    "LINK_CLICKS": ("WEBSITE", "APP", "MESSENGER", "WHATSAPP", "FACEBOOK_PAGE", "ON_PAGE"),
    "PAGE_LIKES": ("ON_PAGE",),
    "EVENT_RESPONSES": ("ON_EVENT",),
}
_NEEDS_DESTINATION = {"VISIT_INSTAGRAM_PROFILE": "INSTAGRAM_PROFILE", "PROFILE_VISIT": "INSTAGRAM_PROFILE"}
_NEEDS_PAGE = {"LEAD_GENERATION", "QUALITY_LEAD", "VISIT_INSTAGRAM_PROFILE", "PROFILE_VISIT", "PAGE_LIKES"}
_NEEDS_TERMS = {"LEAD_GENERATION", "QUALITY_LEAD"}
_LEAD_EVENTS = {
    "LEAD",
    "COMPLETE_REGISTRATION",
    "CONTACT",
    "FIND_LOCATION",
    "SCHEDULE",
    "START_TRIAL",
    "SUBMIT_APPLICATION",
    "SUBSCRIBE",
    "OTHER",
}


def check_goal(ad_set: AdSet) -> None:
    """Refuse a goal, billing event, destination or promoted object that does not fit.

    Raises:
        GraphError: 100 with 2490408, 2446509, 1885014 or 1815089.
    """
    goal, objective = ad_set.optimization_goal, ad_set.campaign.objective
    if objective in GOALS and goal not in GOALS[objective]:
        raise _mismatch(
            f"The goal {goal} is not available with the objective {objective}.", "optimization_goal"
        )
    if ad_set.billing_event not in _BILLING.get(goal, ("IMPRESSIONS",)):
        text = f"The billing event {ad_set.billing_event} is not available with the goal {goal}."
        raise GraphError(
            "Invalid parameter", title="Invalid billing event", text=text, blame=("billing_event",)
        )
    _check_destination(ad_set)
    _check_promoted(ad_set)


def _mismatch(text: str, blame: str) -> GraphError:
    return invalid(2490408, "Performance goal isn't available", text, blame)


def _check_destination(ad_set: AdSet) -> None:
    goal, destination = ad_set.optimization_goal, ad_set.destination_type
    if destination is None and goal in _NEEDS_DESTINATION:
        text = f"The goal {goal} needs the destination {_NEEDS_DESTINATION[goal]}."
        raise invalid(2446509, "Invalid destination type", text, "destination_type")
    allowed = _DESTINATIONS.get(goal)
    if destination is not None and allowed and destination not in allowed:
        text = f"The goal {goal} is not available with the destination {destination}."
        raise _mismatch(text, "optimization_goal")


def _refused(text: str) -> GraphError:
    return invalid(1885014, "Invalid promoted object", text, "promoted_object")


def _check_promoted(ad_set: AdSet) -> None:
    promoted = ad_set.promoted_object or {}
    if not isinstance(promoted, dict):
        raise _refused("The promoted object must be an object.")
    unknown = sorted(promoted.keys() - spec.fields("AdPromotedObject"))
    if unknown:
        raise _refused(f"{unknown[0]} is not a field of a promoted object.")
    goal, account = ad_set.optimization_goal, ad_set.account
    awareness = ad_set.campaign.objective == "OUTCOME_AWARENESS"
    if "page_id" in promoted or goal in _NEEDS_PAGE or awareness:
        _check_page(promoted, account)
    if goal in {"OFFSITE_CONVERSIONS", "VALUE"}:
        _check_conversion(promoted, ad_set)
    if goal in _NEEDS_TERMS and not account.has_lead_terms:
        text = "Accept the Lead Generation Terms for this Page before you create ads for leads."
        raise invalid(1815089, "Lead Generation Terms not accepted", text, "promoted_object")


def _check_page(promoted: dict[str, Any], account: Account) -> None:
    if not account.has(promoted.get("page_id"), account.page_id):
        raise _refused("The promoted object needs the page_id of a Page you can advertise for.")


def _check_conversion(promoted: dict[str, Any], ad_set: AdSet) -> None:
    if "application_id" in promoted:
        return
    if "custom_conversion_id" in promoted:
        _check_custom_conversion(promoted, ad_set.account)
        return
    event = promoted.get("custom_event_type")
    if "pixel_id" not in promoted or event is None:
        raise _refused("Website conversions need pixel_id with custom_event_type, or custom_conversion_id.")
    _check_pixel(promoted, ad_set.account)
    if event not in spec.enum("AdPromotedObject", "CustomEventType"):
        raise _refused(f"{event} is not a custom_event_type.")
    if event == "OTHER" and not promoted.get("custom_event_str"):
        raise _refused("custom_event_type OTHER needs custom_event_str.")
    if ad_set.campaign.objective == "OUTCOME_LEADS" and event not in _LEAD_EVENTS:
        raise _refused(f"{event} is not available with the objective OUTCOME_LEADS.")


def _check_custom_conversion(promoted: dict[str, Any], account: Account) -> None:
    if promoted.keys() & {"custom_event_type", "custom_event_str"}:
        raise _refused("A custom conversion has no custom_event_type.")
    if "pixel_id" in promoted:
        _check_pixel(promoted, account)
    wanted = promoted["custom_conversion_id"]
    if not any(account.has(wanted, each.id) and not each.archived for each in account.conversions):
        raise _refused("There is no such custom conversion in this ad account.")


def _check_pixel(promoted: dict[str, Any], account: Account) -> None:
    if not any(account.has(promoted["pixel_id"], pixel.id) for pixel in account.pixels):
        raise _refused("There is no such pixel in this ad account.")
