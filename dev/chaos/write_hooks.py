"""Where a worker is killed: on one of four sides of the n-th write of a user, or after its n-th record."""

from __future__ import annotations

import functools
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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

WriteSide = Literal["before the send", "before the answer", "before the release", "before the commit"]
Side = WriteSide | Literal["after the record"]
WRITE_SIDES: tuple[WriteSide, ...] = get_args(WriteSide)
RECORD_SIDES: tuple[Side, ...] = ("after the record",)
SIDES: tuple[Side, ...] = (*WRITE_SIDES, *RECORD_SIDES)
RELEASE = "end_write"
RECORD = "record_outcome"
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

    ``number`` counts a user's HTTP writes in one step from 1, or the outcomes of its actions. ``before the
    release``: the answer is there, and nothing was committed since. ``before the commit``: the claim on the
    user was given back, and the outcome of the write is not recorded. ``after the record``: an action's
    outcome is committed, and the next action is not begun.
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
        self._records: Counter[str] = Counter()
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
            return self._recording(method)(*args, **kwargs) if name == RECORD else method(*args, **kwargs)

        return held

    def _recording(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def held(*args: Any, **kwargs: Any) -> Any:
            answer = method(*args, **kwargs)
            if self._counted(self._records, self._here.token, RECORD_SIDES) is not None:
                self._hold(self._here.token)
            return answer

        return held

    def _due(self, request: requests.PreparedRequest) -> tuple[str, Point | None]:
        """Count a write; its user's token and the point, when this is the one."""
        token = self._here.token = token_of(request)  # of the user that this thread works for
        if request.method != "POST" or _ROOT.fullmatch(urlsplit(request.url or "").path):
            return "", None
        return token, self._counted(self._writes, token, WRITE_SIDES)

    def _counted(self, counts: Counter[str], token: str, sides: Sequence[Side]) -> Point | None:
        """Count one of a user's; the point, when this is the one."""
        with self._lock:
            counts[token] += 1
            point = self._points.get(token)
            is_here = point is not None and point.side in sides and point.number == counts[token]
            return point if is_here else None

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
