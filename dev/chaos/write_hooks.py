"""Where a worker is killed: at the n-th write of a user, on one of four sides of it."""

from __future__ import annotations

import functools
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from orchestrator.store.action_log import ActionLog
from orchestrator.store.ad_objects import AdObjects
from orchestrator.store.insight_days import InsightDays
from orchestrator.store.kill_switch import KillSwitch
from orchestrator.store.leases import LeaseRepository
from orchestrator.store.runs import RunRepository
from orchestrator.store.snapshots import SnapshotRepository
from orchestrator.store.users import UserRepository

Side = Literal["before the send", "before the answer", "before the release", "before the commit"]
SIDES: tuple[Side, ...] = get_args(Side)
RELEASE = "end_write"
REPOSITORIES = (
    ActionLog,
    AdObjects,
    InsightDays,
    KillSwitch,
    LeaseRepository,
    RunRepository,
    SnapshotRepository,
    UserRepository,
)

_TOKEN = re.compile(r"access_token=([^&]+)")
_ROOT = re.compile(r"/v\d+\.\d+/?")


@dataclass(frozen=True, slots=True)
class Point:
    """One kill point.

    ``number`` counts a user's HTTP writes in one step from 1. ``before the release``: the answer is
    there, and nothing was committed since. ``before the commit``: the claim on the user was given
    back, and the outcome of the write is not recorded.
    """

    number: int
    side: Side


class Holder:
    """Hold each user's thread at its point, until the parent kills the process or releases it.

    Lives in the worker alone, beneath the product: on the HTTP adapter of ``requests`` and
    on the methods of the store's repositories, each of which is one transaction.
    """

    def __init__(self, points: Mapping[str, Point], notify: Callable[[str], None]) -> None:
        self._points = points
        self._notify = notify
        self._writes: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._here = threading.local()
        self._free = threading.Event()

    def release(self) -> None:
        """Release the held threads."""
        self._free.set()

    def install(self) -> None:
        """Patch every way out of the process."""
        HTTPAdapter.send = self._sending(HTTPAdapter.send)  # type: ignore[method-assign]
        for repository in REPOSITORIES:
            for name, method in list(vars(repository).items()):
                if callable(method) and not name.startswith("_"):
                    setattr(repository, name, self._storing(name, method))

    def _sending(self, send: Callable[..., requests.Response]) -> Callable[..., requests.Response]:
        @functools.wraps(send)
        def held(adapter: HTTPAdapter, request: requests.PreparedRequest, **how: Any) -> requests.Response:
            token, point = self._due(request)
            if point is None:
                return send(adapter, request, **how)
            if point.side == "before the send":
                self._hold(token)
            answer = send(adapter, request, **how)
            if point.side == "before the answer":
                self._hold(token)
            elif point.side != "before the send":
                self._here.due = (token, point.side)
            return answer

        return held

    def _storing(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def held(*args: Any, **kwargs: Any) -> Any:
            token, side = getattr(self._here, "due", None) or (None, None)
            if token and (side == "before the release" or name != RELEASE):
                self._hold(token)
            return method(*args, **kwargs)

        return held

    def _due(self, request: requests.PreparedRequest) -> tuple[str, Point | None]:
        """Count a write; its user's token and the point, when this is the one."""
        if request.method != "POST" or _ROOT.fullmatch(urlsplit(request.url or "").path):
            return "", None
        token = token_of(request)
        with self._lock:
            self._writes[token] += 1
            point = self._points.get(token)
            return token, point if point and point.number == self._writes[token] else None

    def _hold(self, token: str) -> None:
        self._here.due = None
        self._notify(token)
        self._free.wait()


def token_of(request: requests.PreparedRequest) -> str:
    """Whose request it is."""
    body = request.body or b""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    found = _TOKEN.search(f"{request.url}&{text}")
    return unquote(found.group(1)) if found else ""
