"""What is changed in one ad account: creations (always PAUSED), copies, absolute updates.

Meta has no idempotency key. Each function sends once; an answer without the new object's id is
``Unknown``, to be settled by the key in the object's name before anything is sent again.
"""

from __future__ import annotations

from typing import Any, Literal

from orchestrator.errors import Unknown
from orchestrator.platforms.base import ObjectKind
from orchestrator.platforms.meta.graph import Body, Call, Graph
from orchestrator.platforms.meta.wire.payloads import copy_params

Edge = Literal["campaigns", "adsets", "adcreatives", "ads"]

_NOUNS: dict[Edge, str] = {
    "campaigns": "campaign",
    "adsets": "ad set",
    "adcreatives": "creative",
    "ads": "ad",
}


def create(graph: Graph, account_id: str, edge: Edge, params: dict[str, Any]) -> str:
    """Create on an edge of the ad account; the new object's id."""
    what = f"create {_NOUNS[edge]} {params['name']!r}"
    return _id(
        graph.write(Call(what=what, path=(account_id, edge), params=params, method="POST")), "id", what
    )


def copy_ad_set(graph: Graph, source_id: str, campaign_id: str, name_suffix: str) -> str:
    """Copy an ad set without its ads into a campaign; the copy's id."""
    what = f"copy ad set {source_id}"
    params = copy_params(name_suffix) | {"campaign_id": campaign_id, "deep_copy": False}
    return _copy(graph, source_id, params, what, "copied_adset_id")


def copy_ad(graph: Graph, ad_id: str, ad_set_id: str, name_suffix: str) -> str:
    """Copy an ad with its creative into an ad set; the copy's id."""
    what = f"copy ad {ad_id}"
    return _copy(graph, ad_id, copy_params(name_suffix) | {"adset_id": ad_set_id}, what, "copied_ad_id")


def update(graph: Graph, kind: ObjectKind, object_id: str, params: dict[str, Any]) -> None:
    """Set absolute values on one object. Anything but ``success: true`` is Unknown."""
    what = f"set {', '.join(f'{name}={value}' for name, value in params.items())} on {kind} {object_id}"
    body = graph.write(Call(what=what, path=(object_id,), params=params, method="POST"))
    if body.get("success") is not True:
        raise _unknown(what, "Meta did not say that it succeeded")


def _copy(graph: Graph, source_id: str, params: dict[str, Any], what: str, field: str) -> str:
    return _id(
        graph.write(Call(what=what, path=(source_id, "copies"), params=params, method="POST")), field, what
    )


def _id(body: Body, field: str, what: str) -> str:
    value = body.get(field)
    if not isinstance(value, str | int) or not str(value).isdecimal():
        raise _unknown(what, "Meta's answer has no id of the new object")
    return str(value)


def _unknown(what: str, problem: str) -> Unknown:
    return Unknown(f"{what}: {problem}. It may have happened; it is read back before anything is repeated.")
