"""Which call does what: reads of nodes and edges, creates, changes, deletes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_simulator import spec
from graph_simulator.answers import job_fields
from graph_simulator.answers.edges import EDGES
from graph_simulator.answers.interests import search
from graph_simulator.answers.look_ups import LOOK_UPS
from graph_simulator.answers.render import edge, page_of, render, requested_fields
from graph_simulator.answers.reports import insights_page, run_page
from graph_simulator.answers.view import View
from graph_simulator.errors import GraphError, bad_param, unknown_object, unknown_path
from graph_simulator.insights import runs
from graph_simulator.limits.usage import Charge
from graph_simulator.serving import tokens
from graph_simulator.serving.access import caller, check_version, find
from graph_simulator.serving.call import Call
from graph_simulator.spec.check import checked, parsed
from graph_simulator.state.objects import Account
from graph_simulator.state.world import World
from graph_simulator.writes import account_assets, async_jobs, copies, create, update

Handler = Callable[[View, Any, dict[str, Any]], dict[str, Any]]
_APP_CALLS: dict[tuple[str, ...], Callable[[World, dict[str, Any]], dict[str, Any]]] = {
    ("debug_token",): tokens.debug,
    ("oauth", "access_token"): tokens.exchange,
    ("oauth", "revoke"): tokens.revoke,
}
READS: dict[tuple[str, str], Handler] = {
    ("AdAccount", "minimum_budgets"): account_assets.minimum_budgets,
    ("AdAccount", "activities"): lambda view, node, raw: job_fields.activities(node, raw, view),
    ("AdSet", "activities"): lambda view, node, raw: job_fields.activities(node, raw, view),
    ("AdAccount", "campaignsbylabels"): lambda view, node, raw: _by_labels(view, node, "campaigns", raw),
    ("AdAccount", "adsetsbylabels"): lambda view, node, raw: _by_labels(view, node, "adsets", raw),
    ("AdAccount", "adsbylabels"): lambda view, node, raw: _by_labels(view, node, "ads", raw),
    ("AdAccount", "adcreativesbylabels"): lambda view, node, raw: _by_labels(view, node, "adcreatives", raw),
    ("AdAccount", "asyncadrequestsets"): lambda view, node, raw: {
        "data": [job_fields.request_set(each, view) for each in reversed(node.request_sets)]
    },
    ("AdAsyncRequestSet", "requests"): lambda view, node, raw: {
        "data": [_chosen(job_fields.request(each, view), raw) for each in node.requests]
    },
    ("AdReportRun", "insights"): lambda view, node, raw: run_page(node, raw, view),
}
_JOBS: dict[str, Callable[[Any, View], dict[str, Any]]] = {
    "AdReportRun": runs.shown,
    "AdAsyncRequestSet": job_fields.request_set,
    "AdAsyncRequest": job_fields.request,
    "AsyncSession": job_fields.session,
}
CREATES: dict[tuple[str, str], Handler] = {
    ("AdAccount", "campaigns"): create.campaign,
    ("AdAccount", "adsets"): create.ad_set,
    ("AdAccount", "ads"): create.ad,
    ("AdAccount", "adcreatives"): create.creative,
    ("AdAccount", "adlabels"): create.label,
    ("AdAccount", "adspixels"): account_assets.pixel,
    ("AdAccount", "customconversions"): account_assets.conversion,
    ("AdAccount", "async_batch_requests"): async_jobs.request_set,
    ("Campaign", "copies"): copies.copy_node,
    ("AdSet", "copies"): copies.copy_node,
    ("Ad", "copies"): copies.copy_node,
    ("Campaign", "adlabels"): update.add_labels,
    ("AdSet", "adlabels"): update.add_labels,
    ("Ad", "adlabels"): update.add_labels,
    ("AdCreative", "adlabels"): update.add_labels,
    ("AdAccount", "insights"): runs.start,
    ("Campaign", "insights"): runs.start,
    ("AdSet", "insights"): runs.start,
    ("Ad", "insights"): runs.start,
}
UPDATES: dict[str, Handler] = {
    "AdAccount": account_assets.account,
    "Campaign": update.campaign,
    "AdSet": update.ad_set,
    "Ad": update.ad,
    "AdCreative": update.creative,
    "AdLabel": update.label,
}
_NOT_OF_ADS = {"User", "Page", "IGUser", "LeadgenForm"}
DELETABLE = frozenset({"Campaign", "AdSet", "Ad", "AdCreative", "AdLabel", "CustomConversion"})


def answer(world: World, call: Call) -> dict[str, Any]:
    """What one call gets.

    Raises:
        GraphError: whatever it deserves instead.
    """
    check_version(world, call)
    app_call = _APP_CALLS.get(tuple(call.path))
    if app_call is not None:
        return app_call(world, call.params)
    user = caller(world, call)
    view = View(world, world.now(), user.token, f"{call.host}/{call.version}", user, call.version)
    if not call.path:
        return _root(view, call)
    if call.path == ["search"] and call.method == "GET":
        world.charge(charge_of(None, call))
        return search(view, call.params)
    node = find(world, user, call.path[0], call.method.lower())
    world.charge(charge_of(node, call))
    if len(call.path) > 2:
        raise unknown_path("/" + "/".join(call.path[2:]))
    name = call.path[1] if len(call.path) == 2 else None
    if call.method == "GET":
        return _read(view, node, name, call.params)
    return _write(view, node, name, call)


def charge_of(node: Any, call: Call) -> Charge:
    """What a call costs: nothing of an ad account when it is about none, of Insights when it is a report."""
    if node is None or node.node in _NOT_OF_ADS:
        return Charge(None, is_write=False, is_insights=False)
    is_insights = call.path[-1:] == ["insights"] or node.node == "AdReportRun"
    return Charge(node.account, is_write=call.method != "GET", is_insights=is_insights)


def _root(view: View, call: Call) -> dict[str, Any]:
    if call.method == "POST" and "asyncbatch" in call.params:
        return async_jobs.sessions(view, call.params)
    raise GraphError(f"Unsupported {call.method.lower()} request.", type="GraphMethodException")


def _read(view: View, node: Any, name: str | None, raw: dict[str, Any]) -> dict[str, Any]:
    _check_read(view, node, name, raw)
    laws, account = view.world.laws, node.account
    if laws.unsettled or laws.issues or account.is_in_arrears or account.has_failing_ads:
        view.world.record_outcome(account)
    if name is None:
        job = _JOBS.get(node.node)
        return _chosen(job(node, view), raw) if job else render(node, requested_fields(raw), view)
    look_up = LOOK_UPS.get((node.node, name))
    if look_up is not None:
        return look_up(node, raw, view)
    special = READS.get((node.node, name))
    if special is not None:
        return special(view, node, raw)
    if name == "insights":
        return insights_page(node, raw, view)
    if (node.node, name) not in EDGES:
        raise unknown_path(f"/{name}")
    return edge(node, name, raw, requested_fields(raw), view)


def _check_read(view: View, node: Any, name: str | None, raw: dict[str, Any]) -> None:
    """Refuse parameters that the node or edge does not take; lists of children check their own."""
    if name is not None and (node.node, name) not in READS:
        return
    known = spec.edge(node.node, "GET", name) if node.node in spec.nodes() else None
    if known is not None:
        checked(known, raw, lenient=view.world.setup.lenient)


def _chosen(fields: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """The fields requested, of a node that has few; all of them without ``fields``."""
    names = {requested.name for requested in requested_fields(raw)} | {"id"}
    return {name: value for name, value in fields.items() if name in names} if len(names) > 1 else fields


def _by_labels(view: View, account: Account, name: str, raw: dict[str, Any]) -> dict[str, Any]:
    wanted = parsed(raw.get("ad_label_ids") or "[]")
    if not isinstance(wanted, list) or not wanted:
        raise bad_param("Param ad_label_ids must be a non-empty array of label IDs.", "ad_label_ids")
    labels = {str(label) for label in wanted}
    needs_all = raw.get("operator") == "ALL"
    listed: list[Any] = EDGES["AdAccount", name][1](account, view.world)
    found = [node for node in listed if (labels <= {*node.labels} if needs_all else labels & {*node.labels})]
    return page_of(found, f"{account.id}/{name}bylabels", raw, requested_fields(raw), view)


def _write(view: View, node: Any, name: str | None, call: Call) -> dict[str, Any]:
    if name != "insights":
        refuse_disabled(node)
    view.world.record_outcome(node.account)
    if name == "adimages" and isinstance(node, Account):
        if call.method == "DELETE":
            return account_assets.delete_image(view, node, call.params)
        return account_assets.images(view, node, call.params, call.files)
    if call.method == "DELETE":
        if name is not None or node.node not in DELETABLE:
            raise unknown_object(node.id, "delete")
        return update.delete(view, node)
    handler = UPDATES.get(node.node) if name is None else CREATES.get((node.node, name))
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
