"""The limit of requests that prove no identity, by address."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ads_orchestrator_airflow.api.problems import Problem, response

IPV6_PREFIX = 64
"""IPv6 is counted by network of this length: one subscriber has all of its addresses."""


class AnonymousMiddleware:
    """Counts requests that prove no identity; above the limit the answer is a 429.

    A good token is never counted, however many strangers share its address. So a request with a token is
    counted when its answer begins, by which time ``auth`` has set ``subject`` or has not; one without a
    token before anything is done for it. Errors of ours, 5xx, are not counted.

    Args:
        app: the wrapped app.
        count: counts one request and returns response headers; raises a Problem above the limit.
    """

    def __init__(self, app: ASGIApp, count: Callable[[Scope], dict[str, str]]) -> None:
        self._app = app
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "authorization" in Headers(scope=scope):
            await self._app(scope, receive, self._counted_later(scope, receive, send))
            return
        problem = self._counted(scope)
        await (self._app if problem is None else _answer(scope, problem))(scope, receive, send)

    def _counted_later(self, scope: Scope, receive: Receive, send: Send) -> Send:
        refused = False

        async def counted_send(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] < 500:
                problem = None if "subject" in scope["state"] else self._counted(scope)
                if problem is not None:
                    refused = True
                    await _answer(scope, problem)(scope, receive, send)
            if not refused:
                await send(message)

        return counted_send

    def _counted(self, scope: Scope) -> Problem | None:
        try:
            scope["state"]["headers"].update(self._count(scope))
        except Problem as problem:
            return problem
        return None


def _answer(scope: Scope, problem: Problem) -> ASGIApp:
    return response(scope["state"]["request_id"], problem)


def client_address(scope: Scope, proxy_depth: int) -> str:
    """Return the address that a request is counted under: IPv4, or an IPv6 network.

    Each proxy appends to ``X-Forwarded-For`` the address that it was called from. Only the entry of the
    outermost of ``proxy_depth`` own proxies is trusted; what stands before it may be made up.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    forwarded = [
        entry.strip() for line in Headers(scope=scope).getlist("x-forwarded-for") for entry in line.split(",")
    ]
    trusted = forwarded[-proxy_depth] if 0 < proxy_depth <= len(forwarded) else peer
    return _network(trusted) or _network(peer) or "unknown"


def _network(address: str) -> str | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), IPV6_PREFIX), strict=False))
