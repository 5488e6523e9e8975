"""One user's conversation with the Graph API: paced, classified, and repeated only where that is safe.

Knows nothing of HTTP or of the SDK: a ``Wire`` carries the calls. What comes back is either a
clean success or a leaf of ``PlatformError``, and no text of it holds a secret.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
import stamina

from orchestrator.errors import PlatformError, ProofRefused, Rejected, Throttled, TooMuchData, Transient
from orchestrator.platforms.base import WriteGuard
from orchestrator.platforms.meta import error_codes, rate_limit
from orchestrator.platforms.meta.time_budget import TimeBudget

READ_ATTEMPTS = 3
SMALLEST_PAGE = 10

Body = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One Graph call. ``what`` names it in messages: ``read insights``."""

    what: str
    path: tuple[str, ...]
    params: dict[str, Any] = field(default_factory=dict)
    method: str = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back, as it came: ``status`` is None and ``problem`` says why when nothing did."""

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    problem: str = ""


class Wire(Protocol):
    """Carries calls to Meta. Never raises for what Meta or the network do."""

    def one(self, call: Call) -> Response:
        """Send one call."""

    def batch(self, calls: Sequence[Call]) -> Response:
        """Send reads in one HTTP request; the body is a list with one slot a call."""

    def change_proof(self) -> bool:
        """Prove the following calls with another app secret; false when Meta refused each of them."""

    def keep_proof(self) -> None:
        """Meta took the proof: other users' calls begin with the same secret."""


class Graph:
    """The one place where calls are paced, classified and repeated."""

    def __init__(
        self,
        wire: Wire,
        limiter: rate_limit.RateLimiter,
        secrets: Iterable[str],
        guard: WriteGuard = nullcontext,
        time_budget: TimeBudget | None = None,
    ) -> None:
        self._time_budget = time_budget
        self._guard = guard
        self._wire = wire
        self._limiter = limiter
        self._secrets = tuple(secret for secret in secrets if secret)

    def read(self, call: Call) -> Body:
        """Read one thing. A passing fault or a short throttle is tried again.

        Raises:
            PlatformError: Any leaf but Unknown.
        """
        return self._with_retries(
            lambda: self._send(call, rate_limit.READ_POINTS, is_write=False), is_write=False
        )

    def read_many(self, calls: Sequence[Call]) -> list[Body | PlatformError]:
        """Read several things in one HTTP request; a slot that failed in passing is read again alone.

        Raises:
            PlatformError: The request as a whole failed. A slot's own error is in its place instead.
        """
        slots = self._with_retries(lambda: self._send_batch(calls), is_write=False)
        return [self._read_again(call, slot) for call, slot in zip(calls, slots, strict=True)]

    def write(self, call: Call) -> Body:
        """Change one thing. Sent again only after a short throttle, which Meta answers before doing anything.

        Raises:
            Unknown: It may or may not have happened.
            PlatformError: Any other leaf but Transient: it did not happen.
        """
        return self._with_retries(
            lambda: self._send(call, rate_limit.WRITE_POINTS, is_write=True), is_write=True
        )

    def nodes(self, call: Call, first: Body | None = None) -> Iterator[Body]:
        """Read an edge to its end, page after page; an empty page in the middle does not end it.

        Args:
            call: The edge. Its ``limit`` is halved when Meta cannot answer so much at once.
            first: Its first page, when that was read already.
        """
        call, page = (call, first) if first is not None else self._page(call)
        seen = defaultdict(int, {"": 1})
        while True:
            nodes = _data(call, page)
            yield from nodes
            after = _after(page)
            if after is None:
                return
            # An empty page may lead back to itself; one with rows would count them twice.
            if seen[after] > (0 if nodes else READ_ATTEMPTS):
                raise Transient(f"{call.what}: Meta's pages turn in a circle. Read it again later.")
            seen[after] += 1
            call, page = self._page(replace(call, params=call.params | ({"after": after} if after else {})))

    def _page(self, call: Call) -> tuple[Call, Body]:
        """One page, and the call as it was granted: with a smaller ``limit`` when need was."""
        try:
            return call, self.read(call)
        except TooMuchData:
            limit = int(call.params.get("limit", 0)) // 2
            if limit < SMALLEST_PAGE:
                raise
        return self._page(replace(call, params={**call.params, "limit": limit}))

    def wait(self, seconds: float) -> None:
        """Wait for Meta to be ready with something.

        Raises:
            Throttled: the user has waited enough in this step.
        """
        self._limiter.wait(seconds, self._time_budget)

    def _acquire(self, points: int) -> None:
        if self._time_budget is not None:
            self._time_budget.check()
        self._limiter.acquire(points, self._time_budget)

    def _send(self, call: Call, points: int, *, is_write: bool) -> Body:
        self._acquire(points)
        with self._guard() if is_write else nullcontext():
            answer = self._wire.one(call)
        return self._success(call, answer, is_write=is_write)

    def _send_batch(self, calls: Sequence[Call]) -> list[Body | PlatformError]:
        self._acquire(rate_limit.READ_POINTS * len(calls))
        whole = Call(what=calls[0].what, path=(), method="POST")
        answer = self._wire.batch(calls)
        slots = answer.body
        if not isinstance(slots, list) or len(slots) != len(calls):
            raise self._error(whole, answer, is_write=False)
        self._limiter.update(answer.headers)
        found = [self._slot(call, slot) for call, slot in zip(calls, slots, strict=True)]
        for slot in found:
            if isinstance(slot, ProofRefused):  # the proof is that of the whole request
                raise slot
        return found

    def _slot(self, call: Call, slot: object) -> Body | PlatformError:
        try:
            return self._success(call, _slot_answer(slot), is_write=False)
        except PlatformError as error:
            return error

    def _read_again(self, call: Call, slot: Body | PlatformError) -> Body | PlatformError:
        if isinstance(slot, PlatformError) and self._may_retry(slot, is_write=False):
            try:
                return self.read(call)
            except PlatformError as error:
                return error
        return slot

    def _success(self, call: Call, answer: Response, *, is_write: bool) -> Body:
        body = answer.body
        is_clean = isinstance(body, dict) and "error" not in body and body.get("success") is not False
        if is_clean and answer.status is not None and 200 <= answer.status < 300:
            self._limiter.update(answer.headers)
            return body  # type: ignore[return-value]  # a dict, as is_clean says
        raise self._error(call, answer, is_write=is_write)

    def _error(self, call: Call, answer: Response, *, is_write: bool) -> PlatformError:
        reported = self._limiter.update(answer.headers)
        graph_error = error_codes.parse(answer.status, answer.body)
        if answer.problem:
            graph_error = replace(graph_error, problem=answer.problem)
        headers_wait_s = max(reported.regain_s, reported.score_reset_s) or self._limiter.block_s
        error = error_codes.error_for(
            error_codes.without(graph_error, self._secrets),
            what=call.what,
            is_write=is_write,
            wait_s=headers_wait_s,
        )
        if isinstance(error, Throttled) and not error_codes.is_object_throttle(graph_error):
            self._limiter.block(error.wait_s)
        return error

    def _with_retries(self, call: Callable[[], T], *, is_write: bool) -> T:
        """Repeat a call where that is safe. A refused proof is: Meta looks at it before doing anything."""
        try:
            return self._attempts(call, is_write=is_write)
        except ProofRefused:
            if not self._wire.change_proof():
                raise
        result = self._with_retries(call, is_write=is_write)
        self._wire.keep_proof()
        return result

    def _attempts(self, call: Callable[[], T], *, is_write: bool) -> T:
        # The pause between attempts is small: a throttle's wait is the limiter's.
        caller = stamina.RetryingCaller(
            attempts=READ_ATTEMPTS, timeout=None, wait_initial=0.2, wait_jitter=0.2
        )
        return caller.on(lambda error: self._may_retry(error, is_write=is_write))(call)

    def _may_retry(self, error: Exception, *, is_write: bool) -> bool:
        if isinstance(error, Throttled):
            return error.wait_s <= self._limiter.short_wait_s
        if is_write:
            return False
        is_new = isinstance(error, Rejected) and error.subcode == error_codes.NOT_FOUND_SUBCODE
        return is_new or isinstance(error, Transient)


def _slot_answer(slot: object) -> Response:
    if not isinstance(slot, Mapping):
        return Response(status=None, problem="Meta left one part of the batch unanswered")
    headers = slot.get("headers")
    headers = headers if isinstance(headers, list) else []
    status = slot.get("code")
    return Response(
        status=status if isinstance(status, int) else None,
        headers={
            str(pair.get("name")): str(pair.get("value")) for pair in headers if isinstance(pair, Mapping)
        },
        body=parsed(slot.get("body")),
    )


def parsed(text: object) -> object:
    """JSON, or what it is. Slots are most of what is read, and msgspec is quick about them."""
    if not isinstance(text, str):
        return text
    # msgspec refuses half a surrogate pair, which a name may hold.
    for decode in (msgspec.json.decode, json.loads):
        try:
            return decode(text)
        except (ValueError, RecursionError):
            continue
    return text


def _data(call: Call, page: Body) -> list[Body]:
    nodes = page.get("data")
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise Transient(f"{call.what}: Meta sent a page without its list. Read it again later.")
    return nodes


def _after(page: Body) -> str | None:
    """Say where the next page starts, ``""`` being the beginning; None after the last.

    Only ``next`` shows whether there is one: cursors are on the last page too.
    """
    paging = page.get("paging") or {}
    following = paging.get("next")
    if not following:
        return None
    cursor = parse_qs(urlsplit(following).query).get("after", [""])[0]
    return cursor or str((paging.get("cursors") or {}).get("after") or "")
