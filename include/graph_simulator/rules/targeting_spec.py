"""Checks of a targeting spec: locations, ages, Advantage+ audience, the EU's transparency fields."""

from __future__ import annotations

import re
from typing import Any

from graph_simulator import spec
from graph_simulator.errors import bad_param, invalid
from graph_simulator.rules.special_categories import check_special_categories
from graph_simulator.state.ids import is_interest
from graph_simulator.state.objects import AdSet

_EU = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
    }
)
_EU_GROUPS = {"europe", "eea", "worldwide"}
_PLACES = ("cities", "regions", "zips", "custom_locations", "places")
_NUMBER = re.compile(r"[0-9]+")
_GONE_POSITIONS = {"explore", "explore_home"}


def check_targeting(ad_set: AdSet) -> None:
    """Refuse a targeting that Meta refuses.

    Raises:
        GraphError: 100 with 1870227, 1870188, 1870189, 1487079, 1487756, 2490392, 3858079 or 3858081.
    """
    targeting = ad_set.targeting
    _check_shape(targeting)
    _check_advantage(targeting)
    _check_interests(ad_set)
    _check_audiences(ad_set)
    _check_places(targeting["geo_locations"])
    if _GONE_POSITIONS & set(targeting.get("instagram_positions") or ()):
        text = "Instagram Explore placements are no longer available."
        raise invalid(2490392, "Invalid placement", text, "targeting")
    check_special_categories(ad_set)
    if _reaches_eu(targeting["geo_locations"]):
        _check_transparency(ad_set)


def _check_shape(targeting: dict[str, Any]) -> None:
    if not isinstance(targeting, dict):
        raise bad_param("Param targeting must be a JSON-encoded object.", "targeting")
    unknown = sorted(targeting.keys() - spec.fields("Targeting"))
    if unknown:
        raise bad_param(f"Invalid parameter: targeting spec field {unknown[0]} is not valid", "targeting")
    places = targeting.get("geo_locations")
    if not isinstance(places, dict) or not any(places.get(key) for key in places if key != "location_types"):
        text = "Your audience must include at least one location."
        raise invalid(1885364, "Missing location", text, "targeting")
    for name in ("age_min", "age_max"):
        age = targeting.get(name)
        if age is not None and not (isinstance(age, int) and 13 <= age <= 65):
            raise bad_param(f"Param targeting[{name}] must be between 13 and 65", "targeting")


def _check_advantage(targeting: dict[str, Any]) -> None:
    given = targeting.get("targeting_automation")
    automation = given if isinstance(given, dict) else {}
    choice = automation.get("advantage_audience")
    if choice not in {0, 1}:
        text = (
            "To create your ad set, you need to enable or disable the Advantage audience feature. "
            "Set advantage_audience to 1 or 0 in targeting_automation."
        )
        raise invalid(1870227, "Advantage audience flag required", text, "targeting")
    if automation.get("device", 0) not in {0, 1}:
        raise bad_param("Param targeting[targeting_automation][device] must be 0 or 1", "targeting")
    if choice == 0:
        return
    if targeting.get("age_min", 18) > 25:
        text = "With Advantage+ audience the minimum age may be at most 25."
        raise invalid(1870188, "Minimum age is too high", text, "targeting")
    if targeting.get("age_max", 65) != 65:
        text = "With Advantage+ audience the maximum age must be 65."
        raise invalid(1870189, "Maximum age is too low", text, "targeting")


def _check_interests(ad_set: AdSet) -> None:
    account = ad_set.account
    for number in _named(ad_set.targeting, "interests"):
        is_known = is_interest(number) if account.checks_assets else _NUMBER.fullmatch(number)
        if not is_known or number in account.retired:
            text = f"An interest in your targeting is not valid: {number}"
            raise invalid(1487079, "Invalid interest", text, "targeting")


def _check_audiences(ad_set: AdSet) -> None:
    account = ad_set.account
    if not account.checks_assets:
        return
    known = {each.id for each in account.audiences} - account.gone
    for number in (
        *_named(ad_set.targeting, "custom_audiences"),
        *_named(ad_set.targeting, "excluded_custom_audiences"),
    ):
        if number not in known:
            text = f"Custom audience {number} was deleted or is not shared with this ad account."
            raise invalid(None, "Custom audience isn't available", text, "targeting")


def _named(targeting: dict[str, Any], kind: str) -> list[str]:
    """The ids of one kind in a targeting, within its flexible parts too."""
    parts = [targeting, *(item for item in targeting.get("flexible_spec") or () if isinstance(item, dict))]
    items = [item for each in parts for item in each.get(kind) or ()]
    return [str(item.get("id", "")) if isinstance(item, dict) else str(item) for item in items]


def _check_places(places: dict[str, Any]) -> None:
    countries = set(places.get("countries") or ())
    known = set(spec.enum("Campaign", "SpecialAdCategoryCountry"))
    unknown = sorted(str(country) for country in countries if country not in known)
    if unknown:
        raise bad_param(f"Invalid country code: {unknown[0]}", "targeting")
    inner = (place for kind in _PLACES for place in places.get(kind) or () if isinstance(place, dict))
    if any(place.get("country") in countries for place in inner):
        text = "Some of your locations overlap. Remove the country or the place inside it."
        raise invalid(1487756, "Locations overlap", text, "targeting")


def _reaches_eu(places: dict[str, Any]) -> bool:
    inner = {
        place.get("country")
        for kind in _PLACES
        for place in places.get(kind) or ()
        if isinstance(place, dict)
    }
    countries = set(places.get("countries") or ()) | inner
    return bool(countries & _EU) or bool(_EU_GROUPS & set(places.get("country_groups") or ()))


def _check_transparency(ad_set: AdSet) -> None:
    if not (ad_set.dsa_payor or ad_set.account.dsa_payor):
        text = "Tell who pays for the ad: dsa_payor is required for ads shown in the European Union."
        raise invalid(3858079, "Payor is missing", text, "dsa_payor")
    if not (ad_set.dsa_beneficiary or ad_set.account.dsa_beneficiary):
        text = (
            "Tell who benefits from the ad: dsa_beneficiary is required for ads shown in the European Union."
        )
        raise invalid(3858081, "Beneficiary is missing", text, "dsa_beneficiary")
