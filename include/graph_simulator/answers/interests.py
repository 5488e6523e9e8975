"""Whether interests can be targeted: the edge of the ad account, and the search."""

from __future__ import annotations

from typing import Any

from graph_simulator import spec
from graph_simulator.answers.fields import RequestedField, read_fields
from graph_simulator.answers.pages import cut, page_request
from graph_simulator.answers.view import View
from graph_simulator.errors import bad_param, missing, unknown_field
from graph_simulator.spec import Edge
from graph_simulator.spec.check import checked
from graph_simulator.state.ids import is_interest
from graph_simulator.state.objects import Account

_NODE = "AdAccountTargetingUnified"
_KINDS = (
    "adcountry",
    "adeducationmajor",
    "adeducationschool",
    "adgeolocation",
    "adgeolocationmeta",
    "adinterest",
    "adinterestsuggestion",
    "adinterestvalid",
    "adlocale",
    "adradiussuggestion",
    "adTargetingCategory",
    "adworkemployer",
    "adworkposition",
    "adzipcode",
)
_SEARCH = Edge(
    "Search",
    {"type": "type", "interest_list": "list<string>", "interest_fbid_list": "list<string>", "q": "string"},
    {"type": list(_KINDS)},
)


def targeting_validation(account: Account, params: dict[str, Any], view: View) -> dict[str, Any]:
    """``GET /act_X/targetingvalidation``: the interests that Meta knows, each with whether it is ``valid``.

    Raises:
        GraphError: 100 for parameters that the edge does not take, and for names.
    """
    known = spec.edge("AdAccount", "GET", "targetingvalidation")
    typed = checked(known, params, lenient=view.world.setup.lenient) if known else {}
    if typed.get("name_list"):
        raise bad_param("Param name_list is not simulated, only ids", "name_list")
    listed = [each for each in typed.get("targeting_list", ()) if isinstance(each, dict)]
    of_type = [str(each.get("id")) for each in listed if each.get("type") == "interests"]
    wanted = [*(str(number) for number in typed.get("id_list", ())), *of_type]
    found = [number for number in dict.fromkeys(wanted) if is_interest(number)]
    items, cursors, _ = cut(found, page_request(params), lambda index, item: item)
    shown = [_shown(_interest(number, view), read_fields(params.get("fields"))) for number in items]
    return {"data": shown} | ({"paging": {"cursors": cursors}} if items else {})


def search(view: View, params: dict[str, Any]) -> dict[str, Any]:
    """``GET /search?type=adinterestvalid``: each interest with whether it is ``valid``; ids are numbers.

    Raises:
        GraphError: 100 for another type, and without ``interest_fbid_list``.
    """
    typed = checked(_SEARCH, params, lenient=view.world.setup.lenient)
    kind = typed.get("type")
    if kind is None:
        raise missing("type")
    if kind != "adinterestvalid" or typed.get("interest_list"):
        raise bad_param("Param type: only adinterestvalid by ids is simulated", "type")
    if not typed.get("interest_fbid_list"):
        raise missing("interest_fbid_list")
    found = [_interest(number, view) for number in typed["interest_fbid_list"]]
    return {"data": [each | {"id": int(each["id"])} if each["valid"] else each for each in found]}


def _interest(number: str, view: View) -> dict[str, Any]:
    if not is_interest(number) or number in view.world.retired:
        return {"id": number, "valid": False}
    return {
        "id": number,
        "name": f"Interest {number}",
        "type": "interests",
        "audience_size_lower_bound": 500_000,
        "audience_size_upper_bound": 600_000,
        "path": ["Interests", f"Interest {number}"],
        "valid": True,
    }


def _shown(interest: dict[str, Any], requested: tuple[RequestedField, ...]) -> dict[str, Any]:
    names = {each.name for each in requested}
    unknown = sorted(names - spec.fields(_NODE))
    if unknown:
        raise unknown_field(unknown[0], _NODE)
    return {name: value for name, value in interest.items() if not names or name in names | {"id"}}
