"""Graph batches: up to 50 calls in one request, with names and references between them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from graph_simulator.errors import GraphError, bad_param
from graph_simulator.serving.call import Call, read_target
from graph_simulator.spec.check import parsed
from graph_simulator.wire import encode, pairs, read_body

MOST_CALLS = 50
_REFERENCE = re.compile(r"\{result=([A-Za-z0-9_.\-]+):\$((?:\.[A-Za-z0-9_]+|\[\d+\]|\.\*|\[\*\])*)\}")
_CREDENTIALS = ("access_token", "appsecret_proof")
_STEP = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")
# One answer of a batch: HTTP status, headers, body; None when the slot is empty.
Slot = tuple[int, dict[str, str], bytes] | None
AnswerCall = Callable[[Call], Slot]


def read_batch(call: Call) -> list[dict[str, Any]]:
    """The calls of a batch.

    Raises:
        GraphError: 100 when there are too many, none, or one is no call.
    """
    items = parsed(call.params["batch"])
    if not isinstance(items, list) or not items:
        raise bad_param("Param batch must be a non-empty array.", "batch")
    if len(items) > MOST_CALLS:
        raise GraphError(f"Too many requests in batch message. Maximum batch size is {MOST_CALLS}")
    for index, item in enumerate(items):
        if not isinstance(item, dict) or not isinstance(item.get("relative_url"), str):
            raise bad_param(f"Param batch[{index}] must have a method and a relative_url", "batch")
    return items


class Batch:
    """One batch under way: answers so far, by position and by name."""

    def __init__(self, call: Call, items: list[dict[str, Any]]) -> None:
        self._call = call
        self._items = items
        self._bodies: dict[str, Any] = {}
        self._failed: set[str] = set()

    def run(self, answer: AnswerCall) -> list[Any]:
        """Make all calls in order; what each slot holds."""
        answered = [self._one(item, answer) for item in self._items]
        return [self._slot(item, slot) for item, slot in zip(self._items, answered, strict=True)]

    def _one(self, item: dict[str, Any], answer: AnswerCall) -> Slot:
        parents = self._parents(item)
        if parents & self._failed:
            self._note(item, None)
            error = GraphError("(#960) Request aborted. It depends on a request that failed.", code=960)
            return 400, {}, json.dumps(error.body("")).encode()
        slot = answer(self._sub_call(item))
        self._note(item, slot)
        return slot

    def _parents(self, item: dict[str, Any]) -> set[str]:
        named = {match.group(1) for match in _REFERENCE.finditer(encode(item).replace("\\", ""))}
        wanted = item.get("depends_on")
        return named | ({str(wanted)} if wanted else set())

    def _note(self, item: dict[str, Any], slot: Slot) -> None:
        name = item.get("name")
        if not isinstance(name, str):
            return
        if slot is None or slot[0] >= 400:
            self._failed.add(name)
            return
        self._bodies[name] = parsed(slot[2].decode("utf-8", "replace"))

    def _sub_call(self, item: dict[str, Any]) -> Call:
        method = str(item.get("method", "GET")).upper()
        call = read_target(method, "/" + self._filled(item["relative_url"]).lstrip("/"), self._call.host)
        call.version, call.in_batch = self._call.version, True
        body = item.get("body")
        if isinstance(body, dict):
            call.params |= {
                name: self._filled(value) if isinstance(value, str) else value for name, value in body.items()
            }
        elif isinstance(body, str) and body:
            filled = self._filled(body)
            call.params |= read_body(filled) if filled.lstrip().startswith("{") else pairs(filled)
        if "access_token" not in call.params:
            own = {name: self._call.params[name] for name in _CREDENTIALS if name in self._call.params}
            call.params |= own
        return call

    def _filled(self, text: str) -> str:
        return _REFERENCE.sub(lambda match: self._look_up(match.group(1), match.group(2)), text)

    def _look_up(self, name: str, path: str) -> str:
        value = self._bodies.get(name)
        for key, index in _STEP.findall(path):
            if key and isinstance(value, dict):
                value = value.get(key)
            elif index and isinstance(value, list) and int(index) < len(value):
                value = value[int(index)]
            else:
                return ""
        return value if isinstance(value, str) else json.dumps(value)

    def _slot(self, item: dict[str, Any], slot: Slot) -> dict[str, Any] | None:
        if slot is None:
            return None
        status, headers, body = slot
        name = item.get("name")
        has_dependents = name is not None and any(name in self._parents(each) for each in self._items)
        omitted = parsed(item.get("omit_response_on_success", has_dependents))
        if omitted and omitted != "false" and status < 400 and has_dependents:
            return None
        return {
            "code": status,
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "body": body.decode(),
        }
