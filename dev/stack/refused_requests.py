"""What the simulator refused, from its log: requests that were wrong, and builds that were sent again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stack.simulator_control import Request

NOT_AGAIN_FOR = timedelta(hours=72)
"""Less than so long after its refusal nothing is built again of the same parts."""

_BUILDS = frozenset({"campaigns", "adsets", "ads", "adcreatives", "copies"})
_WRONG = frozenset({3, 12, 100, 194, 2500})
"""Codes of requests that are refused whenever they are sent [Meta: Marketing API, error codes]."""
_UNKNOWN_OBJECT = 33
"""The subcode of an object that is not there, or not yet, or not for this token to see."""

Build = tuple[str, str, str, str]
"""Account, path, what was sent but for the action's key in its name, and the test cell that it is part of."""
_KEY = re.compile(r" \[k:([0-9a-f]+)\]$")


@dataclass(slots=True)
class RefusedRequests:
    """Refusals for good over one or many runs, in the order in which they were logged.

    ``wrong``: what was refused by the platform's own rules, no fault and no loss of access among them.
    ``builds``: what was refused to be created or copied, a fault's refusals too, with the last time of it.
    ``repeated``: builds that were sent again so soon that nothing of it could have changed.
    """

    wrong: list[str] = field(default_factory=list)
    builds: dict[Build, datetime] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    _cells: dict[str, str] = field(default_factory=dict)
    """The name of a test's ad set, by the key of the action that creates it, its creative and its ad."""

    def add(self, requests: Iterable[Request]) -> None:
        """Add the requests of one more run."""
        for request in requests:
            if request["fault"] is None and _is_wrong(request):
                self.wrong.append(f"{_text(request)}: {request['answer']['error']['message']}")
            if request["method"] == "POST" and request["path"].rsplit("/", 1)[-1] in _BUILDS:
                self._add_build(request)

    def _add_build(self, request: Request) -> None:
        build, at = self._build(request), datetime.fromisoformat(request["at"])
        refused_at = self.builds.get(build)
        if refused_at is not None and at - refused_at < NOT_AGAIN_FOR:
            self.repeated.append(f"{_text(request)}: refused at {refused_at:%d %H:%M}, sent at {at:%d %H:%M}")
        if _is_for_good(request):
            self.builds[build] = at

    def _build(self, request: Request) -> Build:
        name, path = str(request["params"].get("name", "")), str(request["path"])
        key, plain = _KEY.search(name), _KEY.sub("", name)
        if key and path.endswith("/adsets"):
            self._cells[key[1]] = plain
        sent = {**request["params"], "name": plain}
        cell = self._cells.get(key[1], "") if key else ""
        return str(request["account"]), path, repr(sorted(sent.items())), cell


def _is_wrong(request: Request) -> bool:
    return _is_for_good(request) and request["answer"]["error"].get("error_subcode") != _UNKNOWN_OBJECT


def _is_for_good(request: Request) -> bool:
    """Whether it would be refused again: a rate limit or an unsettled account passes by itself."""
    if (request["status"] or 0) < 400 or not isinstance(request["answer"], dict):
        return False
    error = request["answer"].get("error", {})
    return error.get("code") in _WRONG and not error.get("is_transient")


def _text(request: Request) -> str:
    return f"request {request['id']}: {request['method']} {request['path']} {request['params']}"
