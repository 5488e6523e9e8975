"""What every request passes on its way in and every answer on its way out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ads_orchestrator_airflow.api.problems import NO_JSON, OTHER_SITE, TOO_LARGE, Problem, answer, bug

MAX_BODY_BYTES = 64 * 1024
READING = frozenset({"GET", "HEAD", "OPTIONS"})
ON_EVERY_ANSWER = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
SHOWN = ("ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id")


class RequestMiddleware:
    """Gives a request its number, refuses other sites and large bodies, sets the answers' headers.

    Args:
        app: what is behind.
        origins: front ends on other hosts that browsers may call from.
    """

    def __init__(self, app: ASGIApp, origins: Callable[[], tuple[str, ...]]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request in and its answer out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        state = scope.setdefault("state", {})
        state |= {"request_id": request_id, "headers": {}}
        origins = self._origins()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**ON_EVERY_ANSWER, **state["headers"], "X-Request-Id": request_id})
            await send(message)

        try:
            _refuse_other_sites(scope, origins)
        except Problem as problem:
            await answer(request_id, problem)(scope, receive, told)
            return
        await _with_cors(self._with_bounds, origins)(scope, receive, told)

    async def _with_bounds(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            receive = await _bounded(scope, receive)
        except ClientDisconnect:
            return  # half a body is nobody's wish: left out, it would ask for all goals
        except Problem as problem:
            await answer(scope["state"]["request_id"], problem)(scope, receive, send)
            return
        await self._unless_a_bug(scope, receive, send)

    async def _unless_a_bug(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A fault of ours is an answer like others: with our headers, and to be read from elsewhere."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if begun:
                raise
            request_id = scope["state"]["request_id"]
            await answer(request_id, bug(request_id, error))(scope, receive, send)


def _with_cors(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=("GET", "POST", "PATCH"),
        allow_headers=("Authorization", "Content-Type", "Idempotency-Key", "If-Match"),
        expose_headers=SHOWN,
    )


def _refuse_other_sites(scope: Scope, origins: tuple[str, ...]) -> None:
    """A page elsewhere may not make a browser change something here."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if scope["method"] in READING or origin in origins:
        return
    site = headers.get("sec-fetch-site", "same-origin")
    own_host = origin is None or origin.partition("://")[2] == headers.get("host")
    if own_host and site in {"same-origin", "none"}:
        return
    raise Problem(
        OTHER_SITE,
        "This request comes from a page of another site. The people who run the service can allow it.",
    )


async def _bounded(scope: Scope, receive: Receive) -> Receive:
    """The same body, read already, not too large, and said to be JSON."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise Problem(
                TOO_LARGE,
                f"A request may have at most {MAX_BODY_BYTES // 1024} KiB.",
                headers={"Connection": "close"},
            )
    if body and not _is_json(Headers(scope=scope).get("content-type", "")):
        raise Problem(NO_JSON, "Send the body as JSON, with Content-Type: application/json.")
    read = False

    async def again() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
