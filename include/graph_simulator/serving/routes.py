"""Which call does what: reads of nodes and edges, creates, changes, deletes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_simulator.answers.edges import EDGES
from graph_simulator.answers.render import edge, insights_page, page_of, read_asked, render
from graph_simulator.answers.view import VERSION, View
from graph_simulator.errors import GraphError, bad_param, unknown_object, unknown_path
from graph_simulator.serving.access import caller, check_version, find
from graph_simulator.serving.call import Call
from graph_simulator.spec.check import parsed
from graph_simulator.state.objects import Account
from graph_simulator.state.world import World
from graph_simulator.writes import copies, create, update

Handler = Callable[[View, Any, dict[str, Any]], dict[str, Any]]
_CREATES: dict[tuple[str, str], Handler] = {
    ("AdAccount", "campaigns"): create.campaign,
    ("AdAccount", "adsets"): create.ad_set,
    ("AdAccount", "ads"): create.ad,
    ("AdAccount", "adcreatives"): create.creative,
    ("AdAccount", "adlabels"): create.label,
    ("Campaign", "copies"): copies.copy_node,
    ("AdSet", "copies"): copies.copy_node,
    ("Ad", "copies"): copies.copy_node,
    ("Campaign", "adlabels"): update.add_labels,
    ("AdSet", "adlabels"): update.add_labels,
    ("Ad", "adlabels"): update.add_labels,
    ("AdCreative", "adlabels"): update.add_labels,
}
_UPDATES: dict[str, Handler] = {
    "Campaign": update.campaign,
    "AdSet": update.ad_set,
    "Ad": update.ad,
    "AdCreative": update.creative,
    "AdLabel": update.label,
}
_DELETABLE = {"Campaign", "AdSet", "Ad", "AdCreative", "AdLabel"}
_BY_LABELS = {
    "campaignsbylabels": "campaigns",
    "adsetsbylabels": "adsets",
    "adsbylabels": "ads",
    "adcreativesbylabels": "adcreatives",
}


def answer(world: World, call: Call) -> dict[str, Any]:
    """What one call gets.

    Raises:
        GraphError: whatever it deserves instead.
    """
    check_version(call)
    user = caller(world, call)
    view = View(world, world.now(), user.token, f"{call.host}/{VERSION}", user)
    if not call.path:
        raise GraphError("Unsupported get request.", type="GraphMethodException")
    node = find(world, user, call.path[0], call.method.lower())
    if len(call.path) > 2:
        raise unknown_path("/" + "/".join(call.path[2:]))
    name = call.path[1] if len(call.path) == 2 else None
    if call.method == "GET":
        return _read(view, node, name, call.params)
    return _write(view, node, name, call)


def _read(view: View, node: Any, name: str | None, raw: dict[str, Any]) -> dict[str, Any]:
    if name is None:
        return render(node, read_asked(raw), view)
    if name == "insights":
        return insights_page(node, raw, view)
    if name in _BY_LABELS and isinstance(node, Account):
        return _by_labels(view, node, _BY_LABELS[name], raw)
    if (node.node, name) not in EDGES:
        raise unknown_path(f"/{name}")
    return edge(node, name, raw, read_asked(raw), view)


def _by_labels(view: View, account: Account, name: str, raw: dict[str, Any]) -> dict[str, Any]:
    wanted = parsed(raw.get("ad_label_ids") or "[]")
    if not isinstance(wanted, list) or not wanted:
        raise bad_param("Param ad_label_ids must be a non-empty array of label IDs.", "ad_label_ids")
    labels = {str(label) for label in wanted}
    needs_all = raw.get("operator") == "ALL"
    found = [
        node
        for node in EDGES["AdAccount", name][1](account, view.world)
        if (labels <= set(node.labels) if needs_all else labels & set(node.labels))
    ]
    return page_of(found, f"{account.id}/{name}bylabels", raw, read_asked(raw), view)


def _write(view: View, node: Any, name: str | None, call: Call) -> dict[str, Any]:
    refuse_disabled(node)
    view.world.settle(node.account)
    if call.method == "DELETE":
        if name is not None or node.node not in _DELETABLE:
            raise unknown_object(node.id, "delete")
        return update.delete(view, node)
    handler = _UPDATES.get(node.node) if name is None else _CREATES.get((node.node, name))
    if handler is None:
        raise unknown_object(node.id, "post")
    return handler(view, node, call.params)


def refuse_disabled(node: Any) -> None:
    """Refuse to change anything in a disabled account.

    Raises:
        GraphError: 200 with 1404163.
    """
    if node.account.account_status in {2, 101}:
        raise account_disabled()


def account_disabled() -> GraphError:
    """200/1404163: this account may not advertise."""
    return GraphError(
        "(#200) Permissions error",
        code=200,
        subcode=1404163,
        status=403,
        title="Your ad account is disabled",
        text="You can no longer use this account to advertise.",
    )
