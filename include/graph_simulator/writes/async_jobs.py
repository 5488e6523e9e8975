"""Asynchronous requests: sets of them in an account, and calls put into an ``asyncbatch``.

What they do is done when they are handed in; only the news of it takes time.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from graph_simulator.answers.view import View
from graph_simulator.errors import GraphError, bad_param, unknown_object, unknown_path
from graph_simulator.spec.check import parsed
from graph_simulator.state.jobs import AsyncRequest, Progress, RequestSet, Session
from graph_simulator.state.objects import Account, Ad, AdSet, Campaign
from graph_simulator.wire import pairs, read_body, split_path
from graph_simulator.writes import create, params
from graph_simulator.writes.copies import MOST_ADS_ASYNC, copy_node

_SECONDS = 20
_MOST = 50
_CREATES = {
    "campaigns": create.campaign,
    "adsets": create.ad_set,
    "ads": create.ad,
    "adcreatives": create.creative,
}


def request_set(view: View, account: Account, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /act_X/async_batch_requests``: at least two requests, their set's id comes back.

    Raises:
        GraphError: 194 for fewer than two, 100 for more than fifty or what is no request, 3 to a new app.
    """
    _refuse_new_app(view)
    given = params.typed(view, "AdAccount", "async_batch_requests", raw)
    params.require(given, "name", "adbatch")
    items = given["adbatch"]
    if len(items) < 2:
        raise GraphError("(#194) Param adbatch has too few elements", code=194)
    _refuse_many(items, "adbatch")
    made = RequestSet(view.world.ids.object_id(), account, given["name"], Progress(view.now, _SECONDS))
    for item in items:
        requested = parsed(item)
        answer = _answer(view, requested)
        made.requests.append(AsyncRequest(view.world.ids.object_id(), made, requested, answer))
    account.request_sets.append(made)
    view.world.add(made)
    for request in made.requests:
        view.world.add(request)
    view.world.changes += 1
    return {"id": made.id}


def sessions(view: View, raw: dict[str, Any]) -> dict[str, Any]:
    """``POST /`` with ``asyncbatch``: a session for each call.

    Raises:
        GraphError: 100 when it is no list of calls, 3 to a new app.
    """
    _refuse_new_app(view)
    items = parsed(raw["asyncbatch"])
    if not isinstance(items, list) or not items:
        raise bad_param("Param asyncbatch must be a non-empty array.", "asyncbatch")
    _refuse_many(items, "asyncbatch")
    made = [_session(view, item) for item in items]
    view.world.changes += 1
    return {"async_sessions": [{"id": each.id, "name": each.name} for each in made]}


def _refuse_new_app(view: View) -> None:
    """An app made since v27 has no asynchronous batch."""
    if view.world.setup.new_app:
        raise GraphError("(#3) Application does not have the capability to make this API call.", code=3)


def _session(view: View, item: Any) -> Session:
    answer = _answer(view, item)
    name = str(item.get("name", "")) if isinstance(item, dict) else ""
    progress = Progress(view.now, _SECONDS)
    made = Session(view.world.ids.object_id(), view.user.account, name, item, answer, progress)
    view.world.add(made)
    return made


def _refuse_many(items: list[Any], name: str) -> None:
    if len(items) > _MOST:
        raise bad_param(f"Param {name} must have at most {_MOST} elements", name)


def _answer(view: View, item: Any) -> dict[str, Any]:
    """What a request comes to; a refusal is an answer too."""
    try:
        return _done(view, item)
    except GraphError as error:
        return error.body(view.world.ids.trace_id())


def _done(view: View, item: Any) -> dict[str, Any]:
    if not isinstance(item, dict) or not isinstance(item.get("relative_url"), str):
        raise bad_param("A request needs a relative_url")
    address = urlsplit("/" + item["relative_url"].lstrip("/"))
    _, path = split_path(address.path)
    body = item.get("body")
    given = pairs(address.query) | (body if isinstance(body, dict) else read_body(str(body or "")))
    node = view.world.objects.get(path[0]) if path else None
    if node is None or node.account not in view.user.accounts:
        raise unknown_object(path[0] if path else "", "post")
    edge = path[1] if len(path) == 2 else ""
    if edge == "copies" and isinstance(node, Campaign | AdSet | Ad):
        return copy_node(view, node, given, MOST_ADS_ASYNC)
    if isinstance(node, Account) and edge in _CREATES:
        return _CREATES[edge](view, node, given)
    raise unknown_path("/" + "/".join(path[1:]))
