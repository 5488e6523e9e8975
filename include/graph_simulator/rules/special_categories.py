"""Special ad categories: no audience for housing, employment and finance may leave people out."""

from __future__ import annotations

from graph_simulator.errors import GraphError, invalid
from graph_simulator.state.objects import AdSet

_RESTRICTED = {"HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES"}
_ALL_AGES = (18, 65)


def check_special_categories(ad_set: AdSet) -> None:
    """Refuse a targeting that leaves people out where the campaign's special ad category forbids it.

    Raises:
        GraphError: 100.
    """
    campaign = ad_set.campaign
    _check_countries(ad_set)
    if not _RESTRICTED & {*campaign.special_ad_categories}:
        return
    targeting = ad_set.targeting
    if (targeting.get("age_min", 18), targeting.get("age_max", 65)) != _ALL_AGES:
        raise _refused("The audience must include all ages from 18 to 65+.")
    if len(set(targeting.get("genders") or (1, 2))) == 1 and targeting.get("genders") != [0]:
        raise _refused("The audience must include all genders.")
    if targeting["geo_locations"].get("zips"):
        raise _refused("Postal codes cannot be chosen.")
    if targeting.get("exclusions") or targeting.get("excluded_geo_locations"):
        raise _refused("Nobody can be excluded.")


def _check_countries(ad_set: AdSet) -> None:
    """An ad of any special category runs in the countries that the campaign names."""
    campaign = ad_set.campaign
    named = {*campaign.special_ad_category_country}
    if not named or not {*campaign.special_ad_categories} - {"NONE"}:
        return
    others = sorted(set(ad_set.targeting["geo_locations"].get("countries") or ()) - named)
    if others:
        raise _refused(f"The campaign's special ad category is not declared for {others[0]}.")


def _refused(text: str) -> GraphError:
    return invalid(None, "Targeting isn't available for this special ad category", text, "targeting")
