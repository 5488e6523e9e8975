"""Nodes and edges as JSON: the fields requested, edges expanded, pages cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_simulator import spec
from graph_simulator.answers.edges import EDGES
from graph_simulator.answers.fields import RequestedField, read_fields
from graph_simulator.answers.filters import Condition, holds, read_filtering
from graph_simulator.answers.look_ups import LOOK_UPS
from graph_simulator.answers.nodes import FIELDS
from graph_simulator.answers.pages import cut, next_url, page_request
from graph_simulator.answers.reports import insights_page
from graph_simulator.answers.view import View
from graph_simulator.errors import bad_param, unknown_field
from graph_simulator.spec.check import checked, parsed
from graph_simulator.state.objects import Node
from graph_simulator.state.status import GONE, effective

_NODES = frozenset(Node.__args__)
_STATUSED = {"Campaign", "AdSet", "Ad"}
_ID_ONLY = (RequestedField("id"),)


def render(node: Any, requested: Sequence[RequestedField], view: View) -> dict[str, Any]:
    """One node with the fields requested, its id always with it.

    Raises:
        GraphError: 100 for a field the node does not have.
    """
    answer: dict[str, Any] = {}
    node = view.world.lateness.read(node, view.now) or node
    for each in requested or _ID_ONLY:
        value = _value(node, each, view)
        if value is not None:
            answer[each.alias or each.name] = value
    answer.setdefault("id", node.id)
    return answer


def check_fields(kind: str, requested: Sequence[RequestedField]) -> None:
    """Refuse fields that a node does not have, before anything is done that they would be read back from.

    Raises:
        GraphError: 100.
    """
    for each in requested:
        known = each.name in FIELDS[kind] or each.name in spec.fields(kind) or each.name == "insights"
        if not known and (kind, each.name) not in EDGES.keys() | LOOK_UPS.keys():
            raise unknown_field(each.name, kind)


def _value(node: Any, requested: RequestedField, view: View) -> Any:
    write_field = FIELDS[node.node].get(requested.name)
    if write_field is not None:
        value = write_field(node, view)
        return value if isinstance(value, str) else _inside(value, requested, view)
    if requested.name in _CREATED_WITH.get(node.node, ()):
        return (node.spec if node.node == "AdCreative" else node.extra or {}).get(requested.name)
    look_up = LOOK_UPS.get((node.node, requested.name))
    if look_up or requested.name == "insights" or (node.node, requested.name) in EDGES:
        params = dict(requested.modifiers)
        if look_up:
            answer = look_up(node, params | _named(requested.inner), view)
        else:
            answer = edge(node, requested.name, params, requested.inner, view)
        return answer if answer["data"] else None
    if requested.name not in spec.fields(node.node):
        raise unknown_field(requested.name, node.node)
    return None


_CREATED_WITH = {kind: spec.fields(kind) for kind in ("AdCreative", "Campaign", "AdSet", "Ad")}


def _inside(value: Any, requested: RequestedField, view: View) -> Any:
    if type(value) in _NODES:
        return render(value, requested.inner, view)
    if requested.inner and isinstance(value, dict):
        wanted = {each.name for each in requested.inner}
        return {key: part for key, part in value.items() if key in wanted}
    return value


def edge(
    node: Any, name: str, params: dict[str, Any], requested: Sequence[RequestedField], view: View
) -> dict[str, Any]:
    """A list of a node's children, or its Insights: ``{"data": […], "paging": …}``.

    Raises:
        GraphError: 100 for parameters the edge does not take, 2500 when there is no such edge.
    """
    if name == "insights":
        return insights_page(node, params | _named(requested), view)
    _, lister = EDGES[node.node, name]
    typed = _checked(node, name, params, view)
    conditions = read_filtering(params.get("filtering"))
    listed = view.world.lateness.read_all(lister(node, view.world), view.now)
    found = [item for item in listed if _is_selected(item, typed, conditions, view)]
    return page_of(found, f"{node.id}/{name}", params, requested, view)


def _named(requested: Sequence[RequestedField]) -> dict[str, Any]:
    return {"fields": [each.name for each in requested]} if requested else {}


def _checked(node: Any, name: str, params: dict[str, Any], view: View) -> dict[str, Any]:
    known = spec.edge(node.node, "GET", name)
    return checked(known, params, lenient=view.world.setup.lenient) if known else {}


def page_of(
    found: Sequence[Any], path: str, params: dict[str, Any], requested: Sequence[RequestedField], view: View
) -> dict[str, Any]:
    """One page of a list of nodes, with cursors, an absolute ``next`` and the summary when requested."""
    page = page_request(params)
    items, cursors, more = cut(found, page, lambda index, item: str(item.id))
    shown = requested or DEFAULTS.get(path.partition("/")[2], ())
    answer: dict[str, Any] = {"data": [render(item, shown, view) for item in items]}
    if items:
        answer["paging"] = {"cursors": cursors}
        if more:
            carried = _carried(params, requested, view)
            answer["paging"]["next"] = next_url(view.base, path, carried, page, cursors["after"])
    if _is_true(params.get("summary")):
        answer["summary"] = {"total_count": len(found)}
    return answer


DEFAULTS = {
    "accounts": read_fields("access_token,category,name,id,tasks"),
    "adaccounts": read_fields("account_id,id"),
    "adimages": read_fields("id,hash"),
    "leadgen_forms": read_fields("id,locale,name,status"),
}
"""Fields of an edge's items without ``fields``; elsewhere it is the id alone."""


def _carried(params: dict[str, Any], requested: Sequence[RequestedField], view: View) -> dict[str, Any]:
    own = {"fields": ",".join(map(_written, requested))} if requested else {}
    return {"access_token": view.token} | own | params


def _written(requested: RequestedField) -> str:
    modifiers = "".join(f".{name}({value})" for name, value in requested.modifiers)
    alias = f".as({requested.alias})" if requested.alias else ""
    return f"{requested.name}{modifiers}{alias}" + (
        f"{{{','.join(map(_written, requested.inner))}}}" if requested.inner else ""
    )


def _is_true(value: Any) -> bool:
    found = parsed(value)
    return bool(found) and found != "false"


def _is_selected(node: Any, typed: dict[str, Any], conditions: list[Condition], view: View) -> bool:
    if node.id in node.account.gone or (node.node == "AdImage" and not _is_named(node, typed)):
        return False
    if not all(holds(each, _filtered_value(node, each, view)) for each in conditions):
        return False
    since = typed.get("updated_since")
    if since is not None and getattr(node, "updated", 0) < since:
        return False
    return node.node not in _STATUSED or _has_status(node, typed, conditions, view)


def _is_named(image: Any, typed: dict[str, Any]) -> bool:
    """Whether an image is one of those wanted by hash or name."""
    hashes, name = typed.get("hashes"), typed.get("name")
    return (hashes is None or image.hash in hashes) and (name is None or image.name == name)


def _has_status(node: Any, typed: dict[str, Any], conditions: list[Condition], view: View) -> bool:
    status = effective(node, view.now)
    wanted = typed.get("effective_status")
    if wanted:
        return status in wanted
    return any(each.field.endswith("effective_status") for each in conditions) or status not in GONE


_LEVELS = {"campaign": "Campaign", "adset": "AdSet", "ad": "Ad"}


def _filtered_value(node: Any, condition: Condition, view: View) -> Any:
    """The value a condition on an edge tests: ``name``, or ``campaign.id`` of the node or its parents."""
    level, _, name = condition.field.rpartition(".")
    about = node
    if level and _LEVELS.get(level) != node.node:
        about = getattr(node, {"campaign": "campaign", "adset": "ad_set"}.get(level, ""), None)
    write_field = FIELDS[about.node].get(name) if about is not None else None
    if write_field is None:
        raise bad_param(
            f"Filtering field '{condition.field}' with operation '{condition.operator.lower()}' "
            "is not supported"
        )
    value = write_field(about, view)
    return value.id if type(value) in _NODES else _as_seconds(name, about, value)


def _as_seconds(name: str, about: Any, value: Any) -> Any:
    if name in {"created_time", "updated_time"}:
        return getattr(about, name.removesuffix("_time"))
    return value


def requested_fields(params: dict[str, Any]) -> tuple[RequestedField, ...]:
    """The fields a call requests."""
    return read_fields(params.get("fields"))
