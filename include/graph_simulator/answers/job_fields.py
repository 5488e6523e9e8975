"""How asynchronous work is written: sets, requests, sessions; and an account's audit log."""

from __future__ import annotations

import json
from typing import Any

from graph_simulator.answers.pages import cut, next_url, page_request
from graph_simulator.answers.view import View
from graph_simulator.spec.check import instant
from graph_simulator.state.clock import written
from graph_simulator.state.jobs import AsyncRequest, RequestSet, Session
from graph_simulator.state.objects import Account, Activity, AdSet

_PLAIN = ("event_type", "event_time", "object_id", "object_name", "extra_data")


def request_set(made: RequestSet, view: View) -> dict[str, Any]:
    """A set's fields; looking at it counts as a poll."""
    done = made.progress.poll(view.now) >= 100
    failed = sum(each.failed for each in made.requests)
    count = len(made.requests)
    return {
        "id": made.id,
        "name": made.name,
        "owner_id": made.account.number,
        "is_completed": done,
        "total_count": count,
        "initial_count": 0,
        "in_progress_count": 0 if done else count,
        "success_count": count - failed if done else 0,
        "error_count": failed if done else 0,
        "canceled_count": 0,
        "created_time": view.at(made.progress.started, made.account),
        "updated_time": view.at(view.now, made.account),
    }


def request(made: AsyncRequest, view: View) -> dict[str, Any]:
    """A request's fields: its status, and its result once it is done."""
    done = made.parent.progress.is_done(view.now)
    status = ("ERROR" if made.failed else "SUCCESS") if done else "IN_PROGRESS"
    found = {
        "id": made.id,
        "status": status,
        "type": "ASYNC_ADGROUP_CREATION",
        "input": made.requested,
        "scope_object_id": made.account.id,
        "created_time": view.at(made.parent.progress.started, made.account),
    }
    return found | ({"result": made.answer} if done else {})


def session(made: Session, view: View) -> dict[str, Any]:
    """A session's fields: ``status``, and ``result`` as text once it is done."""
    done = made.progress.poll(view.now) >= 100
    failed = "error" in made.answer
    ended = "COMPLETED_ERROR" if failed else "COMPLETED_SUCCESS"
    found = {
        "id": made.id,
        "name": made.name,
        "method": "POST",
        "status": ended if done else "IN_PROGRESS",
        "start_time": written(made.progress.started, "UTC"),
    }
    return found | ({"result": json.dumps(made.answer, separators=(",", ":"))} if done else {})


def activities(node: Account | AdSet, raw: dict[str, Any], view: View) -> dict[str, Any]:
    """``GET /{id}/activities``: the audit log, newest first, of a stretch of time when requested."""
    since, until = (instant(name, raw[name]) if raw.get(name) else None for name in ("since", "until"))
    wanted = node.id if isinstance(node, AdSet) else raw.get("oid")
    found = [
        each
        for each in reversed(node.account.activities)
        if (since is None or each.at >= since)
        and (until is None or each.at <= until)
        and (wanted is None or each.object_id == wanted)
    ]
    return _page(found, node, raw, view)


def _page(found: list[Activity], node: Account | AdSet, raw: dict[str, Any], view: View) -> dict[str, Any]:
    page = page_request(raw)
    items, cursors, more = cut(found, page, lambda index, item: str(index))
    names = str(raw.get("fields") or ",".join(_PLAIN)).split(",")
    answer: dict[str, Any] = {"data": [_activity(each, node.account, names, view) for each in items]}
    if items:
        answer["paging"] = {"cursors": cursors}
    if more:
        carried = {"access_token": view.token} | raw
        answer["paging"]["next"] = next_url(
            view.base, f"{node.id}/activities", carried, page, cursors["after"]
        )
    return answer


def _activity(each: Activity, account: Account, names: list[str], view: View) -> dict[str, Any]:
    written_row = {
        "actor_id": view.user.id,
        "actor_name": f"User {account.index + 1}",
        "application_id": view.world.app_id,
        "date_time_in_timezone": view.at(each.at, account),
        "event_time": written(each.at, "UTC"),
        "event_type": each.event,
        "extra_data": json.dumps(each.extra, separators=(",", ":"), default=str),
        "object_id": each.object_id,
        "object_name": each.object_name,
        "object_type": each.object_type,
        "translated_event_type": each.event.replace("_", " "),
    }
    if each.by_person:
        del written_row["application_id"]
    return {name.strip(): written_row[name.strip()] for name in names if name.strip() in written_row}
