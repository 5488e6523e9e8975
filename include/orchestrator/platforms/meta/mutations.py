"""What is changed in one ad account: creations (always PAUSED), copies, absolute updates.

Meta has no idempotency key. Each function sends once; an answer without the new object's id is
``Unknown``, to be settled by the key in the object's name before anything is sent again.
"""

from __future__ import annotations

from typing import Any, Literal

from orchestrator.errors import Unknown
from orchestrator.platforms.base import Named, ObjectKind
from orchestrator.platforms.meta.graph import Body, Call, Graph
from orchestrator.platforms.meta.wire.payloads import MAX_NAME, copy_params, fitted

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


def copy_ad_set(graph: Graph, source: Named, campaign_id: str, name_suffix: str) -> str:
    """Copy an ad set without its ads into a campaign; the copy's id."""
    params = copy_params(source.name, name_suffix) | {"campaign_id": campaign_id, "deep_copy": False}
    copy_id = _copy(graph, source, params, "ad set", "copied_adset_id")
    _rename(graph, "ad_set", copy_id, source.name, name_suffix)
    return copy_id


def copy_ad(graph: Graph, source: Named, ad_set_id: str, name_suffix: str) -> str:
    """Copy an ad with its creative into an ad set; the copy's id."""
    params = copy_params(source.name, name_suffix) | {"adset_id": ad_set_id}
    copy_id = _copy(graph, source, params, "ad", "copied_ad_id")
    _rename(graph, "ad", copy_id, source.name, name_suffix)
    return copy_id


def _rename(graph: Graph, kind: ObjectKind, copy_id: str, name: str, suffix: str) -> None:
    """Name a copy by its source's name, cut, where a copy cannot be made with the suffix.

    One whose answer is lost before has no key: it is left PAUSED, and another is made.
    """
    if len(name) + len(suffix) > MAX_NAME:
        update(graph, kind, copy_id, {"name": fitted(name + suffix)})


def update(graph: Graph, kind: ObjectKind, object_id: str, params: dict[str, Any]) -> None:
    """Set absolute values on one object. Anything but ``success: true`` is Unknown."""
    what = f"set {', '.join(f'{name}={value}' for name, value in params.items())} on {kind} {object_id}"
    body = graph.write(Call(what=what, path=(object_id,), params=params, method="POST"))
    if body.get("success") is not True:
        raise _unknown(what, "Meta did not say that it succeeded")


def _copy(graph: Graph, source: Named, params: dict[str, Any], noun: str, field: str) -> str:
    what = f"copy {noun} {source.id}"
    return _id(
        graph.write(Call(what=what, path=(source.id, "copies"), params=params, method="POST")), field, what
    )


def _id(body: Body, field: str, what: str) -> str:
    value = body.get(field)
    if not isinstance(value, str | int) or not str(value).isdecimal():
        raise _unknown(what, "Meta's answer has no id of the new object")
    return str(value)


def _unknown(what: str, problem: str) -> Unknown:
    return Unknown(f"{what}: {problem}. It may have happened; it is read back before anything is repeated.")
